"""Planning, moving and cancelling sessions, asking people to them and taking their replies.

A session's `sequence` is raised by every change that a calendar must know, and by nothing else.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Membership, Poll, Session
from cohorts.calendar import (
    Closed,
    Meeting,
    NoFreeDayError,
    UnclearTimeError,
    meeting_days,
    open_meetings,
    still_expected,
    wall,
)
from cohorts.models import Cohort
from cohorts.reminders import batches
from cohorts.selectors import closed_days
from outbox.models import Message
from outbox.services import Letter, queue, queue_all
from participants.models import Enrolment, Reply
from privacy.services import record, record_each
from ui.dates import uk_date

# Circles planned together.
BATCH = 500
REASON = Session._meta.get_field("moved_because").max_length
INVITED = "circles.session_invited"
CANCELLED = "circles.session_cancelled"
# What who stands in for the mentor is sent when the others are sent this.
IN_PLACE = {INVITED: "circles.stand_in_invited", CANCELLED: "circles.stand_in_cancelled"}
PLAN = ("aim", "prompts", "preparation")


class SessionError(ValueError):
    """Why a session can't be planned, moved, cancelled or answered, in words for the person who tried."""


class ClosedDayError(SessionError):
    """The day is a bank holiday or blocked, and nobody has said that the session is to be on it all the same."""


# --- planning ---------------------------------------------------------------------------------
@transaction.atomic
def plan_sessions(*, circle: Circle, by: User | None) -> list[Session]:
    """All sessions of a circle at its slot, one a month in its week of the month; those it has already if it has any.

    Fewer than the cohort's number are planned where the rest of its months leave no room. Nobody is told here.
    Bank holidays and dates that staff blocked are passed over, see `open_meetings`. Raises SessionError when there
    is no free day for a month, or the clock change makes the slot's time unclear on one of the days.
    """
    circle = Circle.objects.select_for_update(of=("self",)).select_related("cohort", "slot").get(pk=circle.pk)
    planned = list(circle.sessions.all())
    if planned or circle.slot is None:
        return planned
    sessions = Session.objects.bulk_create(pattern(circle))
    record(by=by, verb="circle.sessions_planned", about=circle, sessions=len(sessions))
    return sessions


@transaction.atomic
def plan_all(*, cohort: Cohort, circles: Collection[Circle], by: User | None) -> int:
    """The sessions of many circles of a cohort, each as `plan_sessions` plans them; returns how many are new.

    However many circles there are, it takes the same few queries for each few hundred. Raises SessionError, which names
    the circle, and plans none of them.
    """
    closed, planned = closed_days(cohort), 0
    prefetch_related_objects([cohort], "session_plans")
    for keys in batches([circle.pk for circle in circles], BATCH):
        rows = Circle.objects.select_for_update(of=("self",)).filter(pk__in=keys, sessions=None, slot__isnull=False)
        made = []
        for circle in rows.select_related("slot").order_by("number"):
            circle.cohort = cohort
            made.append((circle, _named_pattern(circle, closed)))
        planned += len(Session.objects.bulk_create([session for _, sessions in made for session in sessions]))
        planning = [(circle, {"sessions": len(sessions)}) for circle, sessions in made]
        record_each(by=by, verb="circle.sessions_planned", about=planning)
    return planned


def _named_pattern(circle: Circle, closed: Closed) -> list[Session]:
    try:
        return pattern(circle, closed)
    except SessionError as error:
        raise SessionError(f"The sessions of {circle} can’t be planned: {error}") from error


def pattern(circle: Circle, closed: Closed | None = None) -> list[Session]:
    """The sessions that a circle would have, from now on; none of them is stored.

    Whoever asks for many circles of a cohort passes its `closed` days, so that they are read once.
    """
    slot = circle.slot
    online = circle.place in {"", "online"}
    plans = plans_of(circle.cohort)
    return [
        Session(
            circle=circle,
            number=number,
            starts_at=clear(meeting.day, slot.start),
            minutes=slot.minutes,
            mode=Session.Mode.ONLINE if online else Session.Mode.IN_PERSON,
            place="" if online else circle.place,
            moved_because=why_moved(meeting),
            **plans.get(number, {}),
        )
        for number, meeting in enumerate(_meetings(circle, closed), start=1)
    ]


def plans_of(cohort: Cohort) -> dict[int, dict[str, str]]:
    """What the cohort's sessions are about, by their number: a copy for a circle to make its own."""
    return {plan.number: {name: getattr(plan, name) for name in PLAN} for plan in cohort.session_plans.all()}


def _meetings(circle: Circle, closed: Closed | None) -> list[Meeting]:
    cohort, first = circle.cohort, _first_day(circle.cohort)
    last = cohort.sessions_until
    regular = meeting_days(circle.slot.weekday, circle.week_of_month, first, last, cohort.session_count)
    try:
        return open_meetings(regular, first, last, closed or closed_days(cohort))
    except NoFreeDayError as error:
        raise SessionError(str(error)) from error


def why_moved(meeting: Meeting) -> str:
    """The closed day that a meeting makes way for, in words: “25 May: Spring bank holiday”; blank for a regular one."""
    if not meeting.because:
        return ""
    return f"{meeting.regular.day} {meeting.regular:%B}: {meeting.because}"[:REASON]


def _first_day(cohort: Cohort) -> dt.date:
    """The sessions' first possible day: not in the past, unless the whole cohort is (one loaded afterwards)."""
    tomorrow = clock.today() + dt.timedelta(days=1)
    return max(cohort.sessions_from, tomorrow) if tomorrow <= cohort.sessions_until else cohort.sessions_from


def clear(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which British clocks show this. Raises SessionError when they never do, or do twice."""
    try:
        return wall(day, time)
    except UnclearTimeError as error:
        raise SessionError(str(error)) from error


# --- asking people ----------------------------------------------------------------------------
@transaction.atomic
def invite(*, session: Session, enrolment: Enrolment) -> None:
    """Ask one person to a session, by a mail with its calendar part; once for each state of the session."""
    if session.state == Session.State.CANCELLED or session.is_past:
        return
    last = _last_told(session, enrolment)
    if last is not None and last.kind == CANCELLED:
        raise_sequence(session)  # their calendar has seen a cancellation: only a higher number brings it back
    queue_all([invitation(session, enrolment)])


def invitation(session: Session, enrolment: Enrolment) -> Letter:
    """What asks one person to a session as it stands."""
    return Letter(INVITED, session, enrolment.user, str(session.sequence))


@transaction.atomic
def uninvite(*, session: Session, enrolment: Enrolment) -> None:
    """Take a session out of the calendar of somebody who leaves; the others hear nothing."""
    last = _last_told(session, enrolment)
    if last is None or last.kind == CANCELLED or session.is_past:
        return
    raise_sequence(session)
    queue(kind=CANCELLED, about=session, to=enrolment.user, occurrence=str(session.sequence))


def _last_told(session: Session, enrolment: Enrolment) -> Message | None:
    told = Message.objects.about(session).filter(recipient=enrolment.user_id, kind__in=[INVITED, CANCELLED])
    return told.order_by("-created_at").first()


def raise_sequence(session: Session) -> None:
    """Give a session its next number."""
    locked = Session.objects.select_for_update().get(pk=session.pk)
    session.sequence = locked.sequence + 1
    session.save(update_fields=["sequence"])


def _members(session: Session) -> list[Enrolment]:
    seats = Membership.objects.current().filter(circle=session.circle_id)
    return [membership.enrolment for membership in seats.select_related("enrolment__user")]


def _tell_everybody(session: Session, kind: str) -> None:
    told = [Letter(kind, session, one.user, str(session.sequence)) for one in _members(session)]
    for one in session.stand_ins.accepted().select_related("enrolment__user"):
        told.append(Letter(IN_PLACE[kind], session, one.enrolment.user, str(session.sequence)))
    queue_all(told)


# --- changing ---------------------------------------------------------------------------------
@transaction.atomic
def add_session(*, circle: Circle, by: User, on_closed_day: bool = False, because: str = "", **changes: Any) -> Session:
    """One more session of a circle, and its invitations. Takes what `move_session` takes, and raises as it does."""
    circle = Circle.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=circle.pk)
    numbers = circle.sessions.values_list("number", flat=True)
    number = max(numbers, default=0) + 1
    plan = plans_of(circle.cohort).get(number, {})
    session = Session(circle=circle, number=number, because=because, **plan | changes)
    check_time(session)
    day = confirmed_day(session, None, on_closed_day)
    session.save()
    record(by=by, verb="session.added", about=session, **day)
    _tell_everybody(session, INVITED)
    return session


@transaction.atomic
def move_session(
    *, session: Session, by: User, on_closed_day: bool = False, because: str = "", **changes: Any
) -> Session:
    """Change when (`starts_at`, `minutes`) or where (`mode`, `place`) a session is, and ask everybody again.

    `because` is why, in words that the invitation says; the next change takes them away.

    Another day that is a bank holiday or blocked is taken only with `on_closed_day`, which the audit trail keeps; else
    ClosedDayError is raised.

    `join_url` may be changed as well: nobody is told, because invitations hold a link of ours that leads to it.
    Raises SessionError when the session is over or cancelled, or the new time can't be.
    """
    session = locked_for_change(session)
    before = session.starts_at
    changed = take(session, changes)
    check_time(session)
    return store_move(session, changed, by, because, **confirmed_day(session, before, on_closed_day))


def take(session: Session, changes: dict[str, Any]) -> list[str]:
    """Give a session new values in memory; returns the names of those that differ."""
    changed = sorted(name for name, value in changes.items() if getattr(session, name) != value)
    if "starts_at" in changed:
        session.moved_from = still_expected(session.starts_at, session.moved_from, clock.now())
    for name in changed:
        setattr(session, name, changes[name])
    return changed


def confirmed_day(session: Session, before: dt.datetime | None, on_closed_day: bool) -> dict[str, bool]:
    """What the audit trail keeps of the day, set on the session too.

    Raises ClosedDayError for another day than before that is closed, unless it is confirmed.
    """
    day = clock.local(session.starts_at).date()
    if before and clock.local(before).date() == day:
        return {}
    why = closed_days(session.circle.cohort)(day)
    session.on_closed_day = bool(why)
    if why and not on_closed_day:
        raise ClosedDayError(f"No session is planned on {uk_date(day)}: {why}. Choose another day, or confirm it.")
    return {"on_closed_day": True} if why else {}


def store_move(session: Session, changed: list[str], by: User | None, because: str = "", **data: Any) -> Session:
    """Keep what `take` has changed of a locked session whose time is checked, and ask everybody again."""
    material = [name for name in changed if name != "join_url"]
    if "starts_at" in changed:
        session.moved_because = ""  # planning explained the day that it chose, and this is another
    if material:
        session.sequence, session.because = session.sequence + 1, because
        session.attendances.update(reply="", replied_at=None)
    session.save()
    if material:
        _tell_everybody(session, INVITED)
    if changed:
        record(
            by=by, verb="session.moved" if material else "session.link_changed", about=session, fields=changed, **data
        )
    return session


@transaction.atomic
def keep_on_closed_day(*, session: Session, by: User) -> None:
    """Say that a session stays on its day, which was blocked after it was planned. Nobody is told: nothing changes."""
    session = locked_for_change(session)
    session.on_closed_day = True
    session.save(update_fields=["on_closed_day"])
    record(by=by, verb="session.kept_on_closed_day", about=session)


@transaction.atomic
def cancel_session(*, session: Session, by: User) -> Session:
    """Call a session off and take it out of everybody's calendar; dates proposed for it are not asked about any more.

    Raises SessionError when it is over already.
    """
    session = locked_for_change(session)
    session.state, session.sequence = Session.State.CANCELLED, session.sequence + 1
    session.save(update_fields=["state", "sequence"])
    record(by=by, verb="session.cancelled", about=session)
    _end_polls(session, by)
    _tell_everybody(session, CANCELLED)
    return session


def _end_polls(session: Session, by: User) -> None:
    """That the session is cancelled everybody is told, so there is no mail about its dates besides."""
    for poll in Poll.objects.undecided().select_for_update().filter(session=session):
        poll.decided_at = clock.now()
        poll.save(update_fields=["decided_at"])
        record(by=by, verb="poll.taken_back", about=poll)


@transaction.atomic
def edit_plan(*, session: Session, by: User, **plan: str) -> Session:
    """Change what a session is about (`aim`, `prompts`, `preparation`): anybody in the circle may. Nobody is told.

    Raises SessionError when it has been cancelled.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if session.state == Session.State.CANCELLED:
        raise SessionError("This session has been cancelled.")
    if changed := take(session, plan):
        session.plan_is_own = True
        session.save(update_fields=[*changed, "plan_is_own"])
        record(by=by, verb="session.plan_changed", about=session, fields=changed)
    return session


@transaction.atomic
def set_meeting_link(*, circle: Circle, join_url: str, by: User) -> Circle:
    """Set the link that all sessions without one of their own lead to. Nobody is told: see `move_session`."""
    circle.join_url = join_url
    circle.save(update_fields=["join_url"])
    record(by=by, verb="circle.link_changed", about=circle)
    return circle


def locked_for_change(session: Session) -> Session:
    """The session as it is now, held until the transaction ends. Raises SessionError when it is over or cancelled."""
    locked = Session.objects.select_for_update(of=("self",)).select_related("circle__cohort").get(pk=session.pk)
    if locked.state == Session.State.CANCELLED:
        raise SessionError("This session has been cancelled.")
    if locked.is_past:
        raise SessionError("This session has already started, so it can’t be changed.")
    return locked


def check_time(session: Session, moving: Collection[Session] = ()) -> None:
    """Raises SessionError when a session can't be at this time. Those that are `moving` too make room for it."""
    if session.starts_at <= clock.now():
        raise SessionError("Choose a time that is still to come.")
    last_day = session.circle.cohort.close_until
    if clock.local(session.starts_at).date() > last_day:
        raise SessionError(f"Choose a day up to {last_day.day} {last_day:%B %Y}, when the programme closes.")
    others = session.circle.sessions.planned().exclude(pk__in=[session.pk, *(one.pk for one in moving)])
    if clash := next((o for o in others if o.starts_at < session.ends_at and session.starts_at < o.ends_at), None):
        raise SessionError(f"Session {clash.number} is at that time already. Choose another.")


# --- replies ----------------------------------------------------------------------------------
@transaction.atomic
def reply(*, session: Session, enrolment: Enrolment, reply: str) -> None:
    """Say whether somebody comes. Raises SessionError when it can't be answered any more."""
    session = locked_for_change(session)
    if not Membership.objects.current().filter(circle=session.circle_id, enrolment=enrolment).exists():
        raise SessionError("You are not in this circle any more.")
    Attendance.objects.bulk_create(
        [Attendance(session=session, enrolment=enrolment, reply=Reply(reply), replied_at=clock.now())],
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["reply", "replied_at"],
    )
    record(by=enrolment.user, verb="session.replied", about=session)
