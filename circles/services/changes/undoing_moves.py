"""Undoing a move from circle to circle, for a day: what is put right is looked at first, then done in one act."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import User
from circles.models import Membership, Session
from circles.selectors.leavers import UNDO_WITHIN
from circles.selectors.movers import MOVE_UNDONE, LastMove, last_move
from circles.selectors.standing import Standing
from circles.services.board import FormationError
from circles.services.changes.beyond import Word, words_beyond
from circles.services.changes.effects import GROWN, MEMBER_LEFT, NEW_LEAD, NO_LEAD, Effects
from circles.services.changes.plans import Change, ChangeError, Move, StalePlanError
from circles.services.changes.undoing import STALE, hear_of_return, lock, seat_lost
from circles.services.membership import add_to_circle, leave_circle
from outbox.models import Message, State
from outbox.services import queue
from participants.models import Enrolment, EnrolmentChange
from privacy.services import record
from ui.dates import uk_date

BACK = "circles.move_undone"


@dataclass(frozen=True)
class MoveUndo:
    """What undoing somebody's last move comes to. `why_not` says why it can't be done any more; blank when it can.

    `hear_back` are those of their circle who are told of it, `hear_gone` those of the circle that they leave again;
    who has not been told of the move yet is not told at all. `words` are what it brings to others besides.
    """

    enrolment: Enrolment
    move: LastMove | None
    coming: tuple[Session, ...] = ()
    leaves: tuple[Session, ...] = ()
    hear_back: tuple[User, ...] = ()
    hear_gone: tuple[User, ...] = ()
    words: tuple[Word, ...] = ()
    why_not: str = ""

    @property
    def until(self) -> dt.datetime | None:
        return self.move.change.created_at + UNDO_WITHIN if self.move else None

    @cached_property
    def fingerprint(self) -> str:
        """Another one as soon as anything that it says is different."""
        move = [str(one.pk) for one in (self.move.change, self.move.before, self.move.after)] if self.move else []
        dates = [(str(one.pk), one.starts_at.isoformat()) for one in (*self.coming, *self.leaves)]
        hear = [sorted(str(user.pk) for user in users) for users in (self.hear_back, self.hear_gone)]
        words = [(word.kind, word.name) for word in self.words]
        return hashlib.sha256(json.dumps([move, dates, hear, words, self.why_not]).encode()).hexdigest()


def plan_undo_move(enrolment: Enrolment, by: User | None = None) -> MoveUndo:
    """How things stand, for `by`, who is not told of what they do themselves. Changes nothing."""
    move = last_move(enrolment)
    why_not = _why_not(enrolment, move)
    if why_not or move is None:
        return MoveUndo(enrolment, move, why_not=why_not)
    return MoveUndo(
        enrolment, move, _coming(move.before), _coming(move.after), hear_of_return(move.before),
        _hear_of_going(move.after), _beyond(move, by),
    )  # fmt: skip


def _coming(seat: Membership) -> tuple[Session, ...]:
    return tuple(seat.circle.sessions.upcoming().order_by("starts_at"))


def _why_not(enrolment: Enrolment, move: LastMove | None) -> str:
    if move is None:
        return f"There is no move from one {enrolment.cohort.format.group_word} to another to undo."
    if enrolment.cohort.closed_at:
        return "This cohort is closed."
    if clock.now() > move.change.created_at + UNDO_WITHIN:
        return "More than a day has passed since the move."
    if not enrolment.user.is_active:
        return "Their account is closed."
    return _met_since(move) or seat_lost(enrolment, move.before)


def _met_since(move: LastMove) -> str:
    """A session that was held meanwhile, there or here: who was asked to it can't be changed afterwards."""
    circles = [move.before.circle_id, move.after.circle_id]
    held = Session.objects.past().filter(circle__in=circles, starts_at__gt=move.change.created_at)
    session = held.select_related("circle__cohort__format").order_by("starts_at").first()
    if session is None:
        return ""
    return f"{session} of {session.circle} has been held since the move, on {uk_date(session.starts_at)}."


def _hear_of_going(seat: Membership) -> tuple[User, ...]:
    """Who hears that somebody leaves again the seat that they had just taken: whoever has heard of their coming.

    Who leads is always told of that, and of a new lead everybody is: so they hear unless that is still to be said.
    """
    others = list(seat.circle.memberships.current().exclude(pk=seat.pk).select_related("enrolment__user"))
    about = Message.objects.about(seat).filter(kind=NEW_LEAD if seat.is_lead else GROWN)
    state = dict(about.values_list("recipient_id", "state"))
    known = {State.SENDING, State.SENT}
    found = []
    for one in sorted(others, key=lambda one: one.seat):
        user = one.enrolment.user
        if state.get(user.pk) in known or (user.pk not in state and (seat.is_lead or one.is_lead)):
            found.append(user)
    return tuple(found)


def _beyond(move: LastMove, by: User | None) -> tuple[Word, ...]:
    """Those whose stand-in is not to be at their circle's session any more, once they are back in it."""
    standing = Standing(move.before.circle.cohort)
    one = move.after.enrolment
    change = Change(moves=(Move(one, standing.circles[str(move.before.circle_id)]),))
    return tuple(words_beyond(Effects(standing, change), by))


# --- doing it -------------------------------------------------------------------------------------
def undo_move(*, enrolment: Enrolment, fingerprint: str, by: User) -> MoveUndo:
    """Put somebody back where they were, as the plan with this fingerprint says; returns it.

    Raises StalePlanError when things have changed since, and ChangeError when it can't be done any more; nothing is
    done then.
    """
    try:
        return _undo(enrolment, fingerprint, by)
    except IntegrityError as error:
        raise StalePlanError(STALE) from error
    except FormationError as refusal:
        raise ChangeError(str(refusal)) from refusal


@transaction.atomic
def _undo(enrolment: Enrolment, fingerprint: str, by: User) -> MoveUndo:
    lock(enrolment.cohort_id)
    rows = Enrolment.objects.select_related("cohort__format", "user", "organisation")
    undo = plan_undo_move(rows.get(pk=enrolment.pk), by)
    if undo.fingerprint != fingerprint:
        raise StalePlanError(STALE)
    if undo.why_not or undo.move is None:
        raise ChangeError(undo.why_not)
    one, circle = undo.enrolment, undo.move.before.circle
    left = leave_circle(enrolment=one, by=by)
    EnrolmentChange.objects.create(enrolment=one, state=one.state, by=by, note=MOVE_UNDONE)
    seat = add_to_circle(enrolment=one, circle=circle, by=by, kind=BACK)
    _tell(undo, seat, left or undo.move.after)
    record(by=by, verb="enrolment.move_undone", about=one)
    return undo


def _tell(undo: MoveUndo, seat: Membership, left: Membership) -> None:
    for user in undo.hear_back:
        queue(kind=NEW_LEAD if seat.is_lead else GROWN, about=seat, to=user)
    own = left.circle.memberships.current().select_related("enrolment") if left.is_lead else ()
    seat_of = {one.enrolment.user_id: one for one in own}
    for user in undo.hear_gone:
        if left.is_lead:
            queue(kind=NO_LEAD, about=seat_of[user.pk], to=user, occurrence=str(left.pk))
        else:
            queue(kind=MEMBER_LEFT, about=left, to=user)
