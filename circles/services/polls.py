"""Polls: who leads proposes dates, the circle answers, and the date that is chosen becomes the session's.

What follows from a choice is what moving or adding a session does: the invitation itself tells the decision.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership, Poll, PollAnswer, PollDate, Session
from circles.services.sessions import SessionError, add_session, check_time, confirmed_day, move_session
from outbox.services import Letter, queue_all
from participants.models import Enrolment
from privacy.services import record

OPENED, REMINDER, ENDED = "circles.poll_opened", "circles.poll_reminder", "circles.poll_ended"
# How a poll ends where no invitation tells it; the occurrence of the message that does.
STAYS, TAKEN_BACK, CLOSED = "stays", "taken back", "closed"
FEWEST, MOST = 2, 5
# Who has not answered is reminded once, this long before a poll closes.
BEFORE_CLOSING = dt.timedelta(days=2)


@transaction.atomic
def open_poll(
    *, circle: Circle, session: Session | None, starts: list[dt.datetime], closes_at: dt.datetime, by: User
) -> Poll:
    """Ask everybody in the circle which of two to five dates suit. Raises SessionError where that can't be."""
    circle = Circle.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=circle.pk)
    _check(circle, session, starts, closes_at)
    poll = Poll.objects.create(circle=circle, session=session, asked_by=by, closes_at=closes_at)
    PollDate.objects.bulk_create(PollDate(poll=poll, starts_at=one) for one in starts)
    record(by=by, verb="poll.opened", about=poll, dates=len(starts))
    queue_all(Letter(OPENED, poll, seat.enrolment.user) for seat in _seats(poll) if seat.enrolment.user_id != by.pk)
    return poll


def _check(circle: Circle, session: Session | None, starts: list[dt.datetime], closes_at: dt.datetime) -> None:
    if circle.polls.undecided().exists():
        raise SessionError("Dates have been proposed already. Choose one of them, or take them back, first.")
    if not FEWEST <= len(starts) <= MOST:
        raise SessionError("Propose two to five dates.")
    if len(set(starts)) < len(starts):
        raise SessionError("Propose each date once.")
    for moment in starts:
        trial = _trial(circle, session, moment)
        check_time(trial)
        confirmed_day(trial, session.starts_at if session else None, on_closed_day=False)
    if not clock.now() < closes_at < min(starts):
        raise SessionError("Let people answer until a day that is still to come and before the first of the dates.")


def _trial(circle: Circle, session: Session | None, starts_at: dt.datetime) -> Session:
    """The session as it would be, in memory."""
    usual = session or circle.sessions.planned().last()
    minutes, mode, place = (usual.minutes, usual.mode, usual.place) if usual else (90, Session.Mode.ONLINE, "")
    trial = Session(circle=circle, starts_at=starts_at, minutes=minutes, mode=mode, place=place)
    if session:
        trial.pk = session.pk
    return trial


def _seats(poll: Poll) -> list[Membership]:
    return list(Membership.objects.current().filter(circle=poll.circle_id).select_related("enrolment__user"))


@transaction.atomic
def answer_poll(*, poll: Poll, enrolment: Enrolment, answers: Mapping[UUID, str]) -> None:
    """Say for each date, by its key, whether one can come. Raises SessionError once it is too late."""
    poll = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if not poll.is_open:
        raise SessionError("These dates can’t be answered any more.")
    if not Membership.objects.current().filter(circle=poll.circle_id, enrolment=enrolment).exists():
        raise SessionError("You are not in this circle any more.")
    known = set(poll.dates.values_list("pk", flat=True))
    PollAnswer.objects.bulk_create(
        [PollAnswer(date_id=date, enrolment=enrolment, answer=said) for date, said in answers.items() if date in known],
        update_conflicts=True,
        unique_fields=["date", "enrolment"],
        update_fields=["answer"],
    )
    record(by=enrolment.user, verb="poll.answered", about=poll)


@transaction.atomic
def choose_date(*, date: PollDate, by: User) -> Session:
    """Decide the poll with this date: its session moves there, or a new one is added, and everybody is invited.

    Where the session is at that time already, everybody is told that it stays. Raises SessionError when the poll is
    decided, or the session can't be at that time any more.
    """
    poll = _undecided(date.poll)
    session, told = _carry_out(poll, date.starts_at, by)
    date.chosen = True
    date.save(update_fields=["chosen"])
    _decide(poll, by, "poll.decided")
    if not told:
        _tell(poll, STAYS, by)
    return session


@transaction.atomic
def override(*, poll: Poll, starts_at: dt.datetime, because: str, by: User, on_closed_day: bool = False) -> Session:
    """Decide the poll in the mentor's place with any date, one that was proposed or another.

    The invitation to that date says why; where the session is at that time already, a message does.
    Raises SessionError as `choose_date` does, and without a reason.
    """
    poll = _undecided(poll)
    _explained(poll, because)
    session, told = _carry_out(poll, starts_at, by, on_closed_day)
    poll.dates.filter(starts_at=starts_at).update(chosen=True)
    _decide(poll, by, "poll.overridden")
    if not told:
        _tell(poll, STAYS, by)
    return session


@transaction.atomic
def take_back(*, poll: Poll, by: User, because: str = "") -> None:
    """Decide the poll without a date: the session stays where it is, and everybody else is told.

    Raises SessionError when it is decided.
    """
    poll = _undecided(poll)
    poll.because = because
    _decide(poll, by, "poll.taken_back")
    _tell(poll, TAKEN_BACK, by)


@transaction.atomic
def close_answers(*, poll: Poll, because: str, by: User) -> None:
    """Take no more answers from now on; who leads the circle chooses. Everybody is told.

    Raises SessionError when the poll is decided or closed already, and without a reason.
    """
    poll = _undecided(poll)
    if not poll.is_open:
        raise SessionError("It takes no more answers already.")
    _explained(poll, because)
    poll.closes_at = clock.now()
    poll.save(update_fields=["closes_at", "because"])
    record(by=by, verb="poll.closed", about=poll)
    _tell(poll, CLOSED, by)


def _explained(poll: Poll, because: str) -> None:
    if not because.strip():
        raise SessionError("Say why, in a few words: the circle reads it.")
    poll.because = because.strip()


def _carry_out(poll: Poll, starts_at: dt.datetime, by: User, on_closed_day: bool = False) -> tuple[Session, bool]:
    """The session as it is then, and whether an invitation tells of it."""
    given: dict[str, Any] = {"by": by, "starts_at": starts_at, "on_closed_day": on_closed_day, "because": poll.because}
    if poll.session is not None:
        moved = move_session(session=poll.session, **given)
        return moved, moved.sequence > poll.session.sequence
    trial = _trial(poll.circle, None, starts_at)
    added = add_session(circle=poll.circle, minutes=trial.minutes, mode=trial.mode, place=trial.place, **given)
    return added, True


def _tell(poll: Poll, what: str, by: User) -> None:
    queue_all(
        Letter(ENDED, poll, seat.enrolment.user, what) for seat in _seats(poll) if seat.enrolment.user_id != by.pk
    )


def _undecided(poll: Poll) -> Poll:
    locked = Poll.objects.select_for_update(of=("self",)).select_related("circle__cohort", "session").get(pk=poll.pk)
    if locked.decided_at is not None:
        raise SessionError("This has been decided already.")
    return locked


def _decide(poll: Poll, by: User, verb: str) -> None:
    poll.decided_at = clock.now()
    poll.save(update_fields=["decided_at", "because"])
    record(by=by, verb=verb, about=poll)


@transaction.atomic
def queue_poll_reminders() -> int:
    """Remind, once, who has not answered a poll that closes soon; returns how many. Twice changes nothing."""
    now = clock.now()
    closing = Poll.objects.undecided().filter(closes_at__gt=now, closes_at__lte=now + BEFORE_CLOSING)
    return sum(len(queue_all(_reminders(poll))) for poll in closing)


def _reminders(poll: Poll) -> list[Letter]:
    answered = PollAnswer.objects.filter(date__poll=poll).values_list("enrolment", flat=True)
    silent = Membership.objects.current().filter(circle=poll.circle_id).exclude(enrolment__in=answered)
    people = silent.exclude(enrolment__user=poll.asked_by_id).select_related("enrolment__user")
    return [Letter(REMINDER, poll, seat.enrolment.user) for seat in people]
