"""Ticking off what one does to get ready."""

from django.db import transaction

from cohorts.models import OnboardingItem
from participants.models import Enrolment, OnboardingDone


@transaction.atomic
def set_onboarding_done(*, item: OnboardingItem, enrolment: Enrolment, done: bool) -> None:
    """Tick a line off, or take that back. It is the person's own list, and so no matter of the audit trail."""
    if done:
        OnboardingDone.objects.get_or_create(item=item, enrolment=enrolment)
    else:
        OnboardingDone.objects.filter(item=item, enrolment=enrolment).delete()
