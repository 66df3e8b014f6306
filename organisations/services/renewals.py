"""Asking organisations that took part before whether they will again. Nothing is assumed, and nobody is signed up."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort, Role
from organisations.models import Coordinator, Organisation, Participation, RenewalAnswer
from organisations.selectors import RENEWAL, renewal_offer
from organisations.services.interests import register_again
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


@transaction.atomic
def answer_renewal(
    *, participation: Participation, cohort: Cohort, again: bool, places: Mapping[Any, int], note: str, by: User
) -> RenewalAnswer:
    """An organisation's own word on an offer. A yes registers its interest; places are still agreed with the team.

    `places` are those wished for of each role. A no may become a yes; a yes is the team's to undo. Raises
    ValidationError where it was not asked, has said yes already, or the cohort takes nobody in any more.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=participation.organisation_id)
    offer = renewal_offer(participation, cohort)
    if offer is None or not offer.can_answer:
        raise ValidationError(f"{organisation} has said that it takes part in {cohort}, or can’t be asked any more.")
    answer, _ = RenewalAnswer.objects.update_or_create(
        participation=participation, cohort=cohort,
        defaults={"again": again, "note": note.strip(), "answered_by": by, "answered_at": clock.now()},
    )  # fmt: skip
    record(by=by, verb="participation.renewal_answered", about=participation, to=str(cohort.pk), again=again)
    if again:
        partners = places.get(str(Role.PARTNER))
        wished = f"Partners: {partners}\n" if partners is not None else ""
        register_again(
            organisation=organisation, cohort=cohort, mentees=places.get(str(Role.MENTEE)),
            mentors=places.get(str(Role.MENTOR)), message=f"{wished}{answer.note}".strip(), by=by,
        )  # fmt: skip
    return answer
