"""Undoing a withdrawal, for a day: what comes back and what does not, looked at first, then done in one act."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership, Session
from circles.selectors.leavers import UNDO_WITHIN, left_seat, withdrawal_of
from circles.services.changes.effects import GROWN, MEMBER_LEFT, NEW_LEAD, NO_LEAD
from circles.services.changes.plans import ChangeError, StalePlanError
from circles.services.membership import add_to_circle
from cohorts.models import Cohort, OwnOrganisation
from outbox.models import Message, State
from outbox.services import queue
from participants.models import Enrolment, EnrolmentChange, EnrolmentState
from participants.services import PlaceBack, RefusedError, come_back, place_back
from participants.services.enrolment import time_of_leaving
from privacy.services import record

RETURNED = "circles.returned"
STALE = "Something changed while you were looking, so nothing was done and nobody was told. This is how it stands now."


@dataclass(frozen=True)
class Undo:
    """What undoing one withdrawal comes to. `why_not` says why it can't be done any more; blank when it can.

    `circle` is where they sat; they sit there again unless `seat_lost` says why not. `hear` are those of it who are
    told then; who has not been told yet that somebody left is not told at all.
    """

    enrolment: Enrolment
    withdrawal: EnrolmentChange | None
    before: str = EnrolmentState.ENROLLED
    circle: Circle | None = None
    seat_lost: str = ""
    place: PlaceBack = field(default_factory=PlaceBack)
    coming: tuple[Session, ...] = ()
    hear: tuple[User, ...] = ()
    why_not: str = ""
    needs_place: bool = False

    @property
    def until(self) -> dt.datetime | None:
        return self.withdrawal.created_at + UNDO_WITHIN if self.withdrawal else None

    @property
    def sits_again(self) -> bool:
        return self.circle is not None and not self.seat_lost

    @cached_property
    def fingerprint(self) -> str:
        """Another one as soon as anything that it says is different."""
        offer = self.place.offered_to
        ends = [str(one.pk) if one else "" for one in (self.withdrawal, self.circle, self.place.place, offer)]
        coming = [(str(one.pk), one.starts_at.isoformat()) for one in self.coming]
        hear = sorted(str(user.pk) for user in self.hear)
        text = json.dumps([ends, coming, hear, self.before, self.seat_lost, self.why_not])
        return hashlib.sha256(text.encode()).hexdigest()


def plan_undo(enrolment: Enrolment) -> Undo:
    """How things stand. Changes nothing."""
    withdrawal = withdrawal_of(enrolment)
    why_not = _too_late(enrolment, withdrawal)
    if why_not or withdrawal is None:
        return Undo(enrolment, withdrawal, why_not=why_not)
    place = place_back(enrolment, withdrawal.created_at)
    seat = left_seat(enrolment, withdrawal)
    lost = seat_lost(enrolment, seat) if seat else ""
    coming = tuple(seat.circle.sessions.upcoming().order_by("starts_at")) if seat and not lost else ()
    return Undo(
        enrolment, withdrawal, _before(enrolment, withdrawal), seat.circle if seat else None, lost, place, coming,
        hear_of_return(seat) if seat and not lost else (), place.why_not, needs_place=bool(place.why_not),
    )  # fmt: skip


def _too_late(enrolment: Enrolment, withdrawal: EnrolmentChange | None) -> str:
    if enrolment.state != EnrolmentState.WITHDRAWN or withdrawal is None:
        return f"{enrolment.user} has not been withdrawn."
    if enrolment.cohort.closed_at:
        return "This cohort is closed."
    if clock.now() > withdrawal.created_at + UNDO_WITHIN:
        return "More than a day has passed: their seat, their place and their calendar may be others’ by now."
    return "" if enrolment.user.is_active else "Their account is closed."


def _before(enrolment: Enrolment, withdrawal: EnrolmentChange) -> str:
    """What they were before: enrolled, or still enrolling."""
    earlier = enrolment.changes.filter(created_at__lt=withdrawal.created_at).order_by("-created_at").first()
    return earlier.state if earlier else EnrolmentState.ENROLLED


# --- the seat that they had -----------------------------------------------------------------------
def seat_lost(enrolment: Enrolment, seat: Membership) -> str:
    """Why they can't sit in their circle again; blank while they can. PostgreSQL holds the same rules."""
    circle = seat.circle
    if circle.closed_at:
        return f"{circle} has been closed since."
    others = list(circle.memberships.current().select_related("enrolment__user"))
    if seat.is_lead:
        lead = next((one for one in others if one.is_lead), None)
        if lead:
            return f"{lead.enrolment.user} leads {circle} by now."
    elif sum(not one.is_lead for one in others) >= circle.capacity:
        return f"Every seat of {circle} is taken by now."
    return _ruled_out(enrolment, seat, others)


def _ruled_out(enrolment: Enrolment, seat: Membership, others: list[Membership]) -> str:
    opposite = [one.enrolment for one in others if one.is_lead != seat.is_lead]
    rule = enrolment.cohort.format.own_organisation
    same = [one for one in opposite if one.organisation_id == enrolment.organisation_id]
    if rule == OwnOrganisation.FORBIDDEN and same:
        return f"{same[0].user} of their own organisation has come to {seat.circle} since."
    if rule == OwnOrganisation.REQUIRED and len(same) < len(opposite):
        return f"Somebody of another organisation has come to {seat.circle} since."
    people = [one.enrolment_id for one in others]
    apart = enrolment.cohort.kept_apart
    if (
        apart.filter(first=enrolment, second__in=people).exists()
        or apart.filter(second=enrolment, first__in=people).exists()
    ):
        return f"Somebody is in {seat.circle} by now from whom they are kept apart."
    return ""


# --- doing it -------------------------------------------------------------------------------------
def undo_withdrawal(*, enrolment: Enrolment, fingerprint: str, by: User) -> Undo:
    """Bring somebody back as the plan with this fingerprint says; returns it.

    Raises StalePlanError when things have changed since, and ChangeError when it can't be done any more; nothing is
    done then.
    """
    try:
        return _undo(enrolment, fingerprint, by)
    except IntegrityError as error:
        raise StalePlanError(STALE) from error
    except RefusedError as refusal:
        raise ChangeError(str(refusal)) from refusal


@transaction.atomic
def _undo(enrolment: Enrolment, fingerprint: str, by: User) -> Undo:
    lock(enrolment.cohort_id)
    rows = Enrolment.objects.select_related("cohort__format", "user", "organisation", "nomination__participation")
    undo = plan_undo(rows.get(pk=enrolment.pk))
    if undo.fingerprint != fingerprint:
        raise StalePlanError(STALE)
    if undo.why_not or undo.withdrawal is None:
        raise ChangeError(undo.why_not)
    enrolment = come_back(enrolment=undo.enrolment, state=undo.before, since=undo.withdrawal.created_at, by=by)
    if undo.sits_again:
        _sit_again(undo, enrolment, by)
    record(by=by, verb="enrolment.withdrawal_undone", about=enrolment, seated=undo.sits_again)
    queue(kind=RETURNED, about=enrolment, to=enrolment.user, occurrence=time_of_leaving(enrolment))
    return undo


def lock(cohort_pk: object) -> None:
    """Hold a cohort, as every change after publication does: its row, then its circles in their order."""
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort_pk)
    list(Circle.objects.open().select_for_update(of=("self",)).filter(cohort=cohort_pk).order_by("pk").values("pk"))


def _sit_again(undo: Undo, enrolment: Enrolment, by: User) -> None:
    """Their seat, with the sessions to come; those who stay hear of it as of anybody who joins."""
    seat = add_to_circle(enrolment=enrolment, circle=undo.circle, by=by, kind="")
    for user in undo.hear:
        queue(kind=NEW_LEAD if seat.is_lead else GROWN, about=seat, to=user)


def hear_of_return(seat: Membership) -> tuple[User, ...]:
    """Who of a circle is told that somebody is back in the seat that they left.

    Of a lead everybody, of a member whoever has been told that they are fewer, and who leads. To whom it is still to be
    said that they left, neither is.
    """
    others = list(seat.circle.memberships.current().select_related("enrolment__user").order_by("seat"))
    if seat.is_lead:
        unsaid = Message.objects.filter(kind=NO_LEAD, object_id__in=[one.pk for one in others], state=State.WAITING)
        not_told = set(unsaid.values_list("recipient_id", flat=True))
        return tuple(one.enrolment.user for one in others if one.enrolment.user_id not in not_told)
    about = Message.objects.about(seat).filter(kind=MEMBER_LEFT)
    state = dict(about.values_list("recipient_id", "state"))
    hears = {user for user, is_in in state.items() if is_in in {State.SENDING, State.SENT}}
    hears |= {one.enrolment.user_id for one in others if one.is_lead and one.enrolment.user_id not in state}
    return tuple(one.enrolment.user for one in others if one.enrolment.user_id in hears)
