"""Places and the reserve list. Everything here runs with the participation locked, so that nobody overtakes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max

from accounts.models import User
from organisations.models import Participation, Place
from participants import emails
from participants.models import Enrolment, Nomination, NominationState
from participants.selectors import is_open
from participants.services.errors import RefusedError
from privacy.services import record


def lock(participation: Participation) -> Participation:
    """The participation, held until the transaction ends: who comes second waits."""
    rows = Participation.objects.select_for_update(of=("self",)).select_related("cohort__format", "organisation")
    return rows.get(pk=participation.pk)


def lock_nomination(nomination: Nomination) -> Nomination:
    """The nomination as it is now, with its participation locked before it."""
    Participation.objects.select_for_update().only("pk").get(pk=nomination.participation_id)
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related("participation__organisation", "cohort__format", "nominated_by").get(pk=nomination.pk)


def check_open(participation: Participation) -> None:
    if participation.withdrawn_at or not is_open(participation.cohort):
        raise RefusedError(f"Nominations for {participation.cohort} have closed. Please ask the programme team.")


def to_reserve(nomination: Nomination) -> Nomination:
    """Put a nomination at the end of the reserve list, from which places are filled."""
    last = nomination.participation.nominations.aggregate(last=Max("reserve_position"))["last"] or 0
    nomination.state, nomination.reserve_position = NominationState.RESERVE, last + 1
    nomination.save()
    return nomination


def fill_places(*, participation: Participation, by: User | None) -> list[Nomination]:
    """Give the free places to the reserve list in the coordinator's order, and invite those people."""
    return [_invite(nomination, place, by) for nomination, place in _offers(participation)]


def holds_place(enrolment: Enrolment) -> bool:
    """Whether somebody uses an agreed place, which is free once they leave."""
    return enrolment.nomination is not None and enrolment.nomination.state == NominationState.ACCEPTED


def place_goes_to(enrolment: Enrolment) -> list[Nomination]:
    """Those of the reserve list who are invited as soon as somebody leaves. Changes nothing.

    As a rule nobody or one person; more where places were free already.
    """
    nomination = enrolment.nomination
    if nomination is None or not holds_place(enrolment):
        return []
    freed = [nomination.place] if nomination.place else []
    return [waits for waits, _ in _offers(nomination.participation, freed)]


def _offers(participation: Participation, freed: Sequence[Place] = ()) -> list[tuple[Nomination, Place]]:
    """Who of the reserve list would get which place: one that is free, or will have been `freed`."""
    if participation.withdrawn_at or not is_open(participation.cohort):
        return []
    waiting = participation.nominations.filter(state=NominationState.RESERVE)
    lists = _by_role(waiting.order_by("reserve_position", "created_at"))
    found = [*participation.places.free().filter(role__in=lists), *freed] if lists else []
    free = _by_role(sorted(found, key=lambda place: place.number))
    return [
        (nomination, place)
        for role in participation.cohort.format.roles
        for place, nomination in zip(free.get(role, []), lists.get(role, []), strict=False)
    ]


def tell_if_waiting(nomination: Nomination) -> None:
    """Write to somebody whom no place was free for: they are owed word of it all the same."""
    if nomination.state == NominationState.RESERVE:
        emails.tell_reserve(nomination)


def _by_role(rows: Iterable[Any]) -> dict[str, list[Any]]:
    lists = defaultdict(list)
    for row in rows:
        lists[row.role].append(row)
    return lists


def _invite(nomination: Nomination, place: Place, by: User | None) -> Nomination:
    nomination.state, nomination.place, nomination.reserve_position = NominationState.INVITED, place, 0
    nomination.save()
    record(by=by, verb="nomination.invited", about=nomination, role=nomination.role)
    emails.invite(nomination)
    return nomination


def release(nomination: Nomination, state: str) -> None:
    """End a nomination in `state`; a place that it held becomes free."""
    nomination.state, nomination.place, nomination.reserve_position = state, None, 0
    nomination.save()
