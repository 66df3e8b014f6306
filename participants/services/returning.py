"""Somebody who was withdrawn comes back: which agreed place they get again, and taking part as before."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from organisations.models import Place
from participants import emails
from participants.models import Enrolment, EnrolmentState, Nomination, NominationState
from participants.services import places
from participants.services.enrolment import change_state
from participants.services.errors import RefusedError
from privacy.models import AuditEvent
from privacy.services import record

UNDONE = "The withdrawal was undone."


@dataclass(frozen=True)
class PlaceBack:
    """Which agreed place somebody gets back: a free one, or one that is offered to another who has not answered.

    `why_not` says why there is none, in words for the team; an enrolment without a nomination needs no place.
    """

    place: Place | None = None
    offered_to: Nomination | None = None
    why_not: str = ""


def place_back(enrolment: Enrolment, since: dt.datetime) -> PlaceBack:
    """Changes nothing. `since` is when they were withdrawn: only an offer made after it can be taken back."""
    nomination = enrolment.nomination
    if nomination is None or nomination.state != NominationState.WITHDRAWN:
        return PlaceBack()
    part = nomination.participation
    if part.withdrawn_at:
        return PlaceBack(why_not=f"{part.organisation} does not take part in {part.cohort} any more.")
    if part.cohort.nominations.live().filter(email__iexact=nomination.email).exists():
        return PlaceBack(why_not=f"{enrolment.user} has been put forward anew since.")
    if free := part.places.free().filter(role=nomination.role).order_by("number").first():
        return PlaceBack(place=free)
    after = list(_invited_after(nomination, since))
    open_offer = next((one for one in after if one.state == NominationState.INVITED), None)
    if open_offer:
        return PlaceBack(place=open_offer.place, offered_to=open_offer)
    return PlaceBack(why_not=_taken(nomination, after))


def _invited_after(nomination: Nomination, since: dt.datetime) -> list[Nomination]:
    """Those who were offered a place of the same kind since then, the last first."""
    offers = AuditEvent.objects.filter(verb="nomination.invited", at__gte=since).values("object_id")
    others = nomination.participation.nominations.filter(role=nomination.role, pk__in=offers).exclude(pk=nomination.pk)
    return list(others.select_related("place").order_by("-created_at"))


def _taken(nomination: Nomination, after: list[Nomination]) -> str:
    organisation = nomination.participation.organisation
    accepted = next((one for one in after if one.state == NominationState.ACCEPTED), None)
    if accepted:
        return f"{accepted.full_name}, from the reserve list of {organisation}, has accepted the place since."
    return f"Every {nomination.get_role_display().lower()} place of {organisation} is taken by now."


@transaction.atomic
def come_back(*, enrolment: Enrolment, state: str, since: dt.datetime, by: User | None) -> Enrolment:
    """Take part again in the state that somebody had before they were withdrawn, with an agreed place.

    An offer of that place which nobody has answered is taken back, and its person waits again, first in line.
    Raises RefusedError where there is no place. Doing it twice changes nothing.
    """
    if enrolment.nomination:
        places.lock_nomination(enrolment.nomination)
    rows = Enrolment.objects.select_for_update(of=("self",))
    enrolment = rows.select_related("nomination__participation__cohort", "cohort", "user").get(pk=enrolment.pk)
    if enrolment.state != EnrolmentState.WITHDRAWN:
        return enrolment
    back = place_back(enrolment, since)
    if back.why_not:
        raise RefusedError(back.why_not)
    if back.offered_to:
        _take_back(back.offered_to, by)
    if back.place:
        _hold_again(enrolment.nomination, back.place)
    change_state(enrolment, state, by, UNDONE)
    return enrolment


def _take_back(nomination: Nomination, by: User | None) -> None:
    nomination.link_version += 1
    places.release(nomination, NominationState.RESERVE)  # position 0 stands before all others
    record(by=by, verb="nomination.offer_taken_back", about=nomination, role=nomination.role)
    emails.tell_offer_taken_back(nomination)


def _hold_again(nomination: Nomination, place: Place) -> None:
    nomination.state, nomination.place = NominationState.ACCEPTED, place
    nomination.save()
    record(by=None, verb="nomination.holds_again", about=nomination, role=nomination.role)
    emails.tell_takes_part_again(nomination)
