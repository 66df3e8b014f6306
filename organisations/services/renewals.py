"""Asking organisations that took part before whether they will again. Nothing is assumed, and nobody is signed up."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort
from organisations.models import Coordinator, Participation
from organisations.selectors import RENEWAL
from outbox.services import Letter, queue_all
from privacy.services import record, record_each


@transaction.atomic
def offer_renewal(*, cohort: Cohort, participations: Iterable[Participation], by: User) -> int:
    """Write to everybody who coordinates one of these organisations, once a cohort; returns to how many.

    `participations` are their parts in earlier cohorts. Raises ValidationError when the cohort takes nobody in any
    more.
    """
    if not Cohort.objects.accepting_interest().filter(pk=cohort.pk).exists():
        raise ValidationError(f"{cohort} takes in no more organisations.")
    parts = {part.organisation_id: part for part in participations}
    acting = Coordinator.objects.filter(organisation__in=parts, ended_at=None).select_related("user")
    letters = [Letter(RENEWAL, parts[one.organisation_id], one.user, str(cohort.pk)) for one in acting]
    sent = queue_all(letters)
    asked = {message.object_id for message in sent}
    offered = [(part, {"to": str(cohort.pk)}) for part in parts.values() if part.pk in asked]
    record_each(by=by, verb="participation.renewal_offered", about=offered)
    record(by=by, verb="cohort.renewals_offered", about=cohort, organisations=len(offered), messages=len(sent))
    return len(sent)
