"""Erasing a person: what must be settled first, and doing it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from circles.models import Concern
from organisations.models import Coordinator
from participants.models import LIVE, EnrolmentState, Nomination
from privacy import erasure, erasure_requests
from privacy.models import Complaint, Erasure

RUNNING = [EnrolmentState.STARTED, EnrolmentState.ENROLLED]


@dataclass(frozen=True)
class Obstacle:
    """Something that others would notice, and the page on which it is settled."""

    says: str
    url: str
    action: str


def obstacles(user: User) -> list[Obstacle]:
    """What must be settled before somebody can be erased: each has an act that tells whoever it concerns."""
    return list(_obstacles(user))


def _obstacles(user: User) -> Iterator[Obstacle]:
    person = reverse("admin:accounts_user_change", args=[user.pk])
    if user.is_staff or user.is_superuser:
        yield Obstacle("They are a member of the programme team.", person, "End their part in the team")
    for one in user.enrolments.filter(state__in=RUNNING, cohort__closed_at=None).select_related("cohort"):
        page = reverse("admin:enrolment_withdraw", args=[one.pk])
        yield Obstacle(f"They take part in {one.cohort}.", page, "Withdraw them")
    waiting = Nomination.objects.filter(email__iexact=user.email, state__in=LIVE, enrolment=None, erased_at=None)
    for nomination in waiting.filter(cohort__closed_at=None).select_related("cohort"):
        says = f"They have been put forward for {nomination.cohort}."
        yield Obstacle(says, nomination.get_absolute_url(), "See the nomination")
    for one in Coordinator.objects.filter(user=user, ended_at=None).select_related("organisation"):
        says = f"They coordinate {one.organisation}."
        yield Obstacle(says, reverse("admin:end_coordinator", args=[one.pk]), "See what follows, and end their part")
    if Concern.objects.open().filter(enrolment__user=user).exists():
        page = reverse("admin:circles_concern_changelist")
        yield Obstacle("They have raised a concern that is not closed.", page, "Close it first")
    for complaint in Complaint.objects.open().of_person(user):
        yield Obstacle("They wait for the answer to a complaint.", complaint.get_absolute_url(), "Answer it first")


@transaction.atomic
def erase_person(*, user: User, by: User) -> Erasure:
    """Erase somebody. Raises ValidationError where something must be settled first, or it has been done."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if erasure.is_erased(locked):
        raise ValidationError("They have been erased already.")
    if locked.pk == by.pk:
        raise ValidationError("Somebody else of the team erases you.")
    if found := obstacles(locked):
        raise ValidationError([obstacle.says for obstacle in found])
    return erasure_requests.erase_person(user=locked, by=by)
