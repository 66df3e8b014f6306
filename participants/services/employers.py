"""Somebody changes employer in the middle of a cohort: whose place they use, who sees them, and what is kept of it."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from organisations.models import Organisation, Participation, Place
from participants.life_emails import tell_employer_changed
from participants.models import EmployerChange, Enrolment, EnrolmentState, Nomination, NominationState
from participants.services import employer_requests, places
from participants.services.errors import RefusedError
from privacy.models import Purpose
from privacy.selectors import consents
from privacy.services import record, set_consent

HOW = "changed employer"


@dataclass(frozen=True)
class PlaceAfter:
    """Where somebody's place counts once they work for an organisation.

    It is `place` of the new employer where that takes part in the cohort and has one free; otherwise it stays with who
    agreed it. `part` is what the new employer has in the cohort, if anything.
    """

    part: Participation | None
    place: Place | None
    words: str


def place_after(enrolment: Enrolment, organisation: Organisation) -> PlaceAfter:
    """Changes nothing."""
    part = Participation.objects.filter(
        organisation=organisation, cohort=enrolment.cohort_id, withdrawn_at=None
    ).first()
    nomination = enrolment.nomination
    if nomination is None or nomination.state != NominationState.ACCEPTED:
        return PlaceAfter(part, None, "They use no agreed place, so none is counted anywhere.")
    before = nomination.participation.organisation
    role = nomination.get_role_display().lower()
    if part and part.pk == nomination.participation_id:
        return PlaceAfter(part, None, f"They use the {role} place of {organisation} that they had.")
    if place := part and part.places.free().filter(role=nomination.role).order_by("number").first():
        words = f"They use a free {role} place of {organisation}; the one of {before} is free again."
        return PlaceAfter(part, place, words)
    why = "has no free one" if part else "does not take part in this cohort"
    words = f"Their {role} place goes on counting for {before}, without its coordinator seeing who has it: "
    return PlaceAfter(part, None, f"{words}{organisation} {why}.")


@transaction.atomic
def change_employer(*, enrolment: Enrolment, organisation: Organisation, by: User | None) -> EmployerChange:
    """From now on somebody works for another organisation; they are told what follows from it.

    That their employer may be told of their attendance was said of the former one, so it is taken back. Raises
    RefusedError for who has left, once the cohort is closed, and where they work there already.
    """
    _lock(enrolment, organisation)
    rows = Enrolment.objects.select_for_update(of=("self",))
    enrolment = rows.select_related("nomination__participation__organisation", "cohort", "user", "organisation").get(
        pk=enrolment.pk
    )
    _check(enrolment, organisation)
    after, before = place_after(enrolment, organisation), enrolment.organisation
    enrolment.organisation = organisation
    enrolment.save(update_fields=["organisation"])
    if after.place:
        _use(enrolment.nomination, after, enrolment.user.email, by)
    change = EmployerChange.objects.create(
        enrolment=enrolment, before=before, after=organisation, place_moved=after.place is not None, by=by
    )
    if consents(enrolment.user)[Purpose.SHARE_ATTENDANCE]:
        set_consent(user=enrolment.user, purpose=Purpose.SHARE_ATTENDANCE, given=False, how=HOW)
    employer_requests.settle(enrolment=enrolment, by=by)
    record(by=by, verb="enrolment.employer_changed", about=enrolment, place_moved=change.place_moved)
    tell_employer_changed(change)
    return change


def _lock(enrolment: Enrolment, organisation: Organisation) -> None:
    """Both employers' parts in the order of their keys, then the nomination."""
    parts = Participation.objects.filter(cohort=enrolment.cohort_id, organisation__in=[organisation.pk])
    keys = set(parts.values_list("pk", flat=True))
    if enrolment.nomination:
        keys.add(enrolment.nomination.participation_id)
    list(Participation.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
    if enrolment.nomination:
        list(Nomination.objects.select_for_update().filter(pk=enrolment.nomination_id).values("pk"))


def _check(enrolment: Enrolment, organisation: Organisation) -> None:
    if enrolment.cohort.closed_at or enrolment.state not in {EnrolmentState.STARTED, EnrolmentState.ENROLLED}:
        raise RefusedError(f"{enrolment.user} does not take part in {enrolment.cohort} any more.")
    if enrolment.organisation_id == organisation.pk:
        raise RefusedError(f"{enrolment.user} works for {organisation} already.")


def _use(nomination: Nomination, after: PlaceAfter, email: str, by: User | None) -> None:
    """Take the place of the new employer, whose coordinators then see the nomination, and offer the one before anew."""
    left = nomination.participation
    nomination.participation, nomination.place, nomination.reason = after.part, after.place, ""
    others = nomination.cohort.nominations.live().exclude(pk=nomination.pk)
    if not others.filter(email__iexact=email).exists():
        nomination.email = email.lower()
    nomination.save()
    places.fill_places(participation=left, by=by)
