"""“This and the following”: a session and all that come after it in its circle, moved or cancelled at one go."""

import copy
import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Circle, Session
from circles.selectors.away import away
from circles.selectors.stand_ins import clashes
from circles.services.sessions import (
    SessionError,
    cancel_session,
    check_time,
    clear,
    confirmed_day,
    locked_for_change,
    store_move,
    take,
    why_moved,
)
from cohorts.calendar import Meeting, NoFreeDayError, open_meetings, same_pattern
from cohorts.selectors import closed_days

# What the later ones take over. A link of its own belongs to one session.
PASSED_ON = ("minutes", "mode", "place")


@dataclass(frozen=True)
class Shift:
    """One session and the moment to which it would move; `because` names the closed day that it makes way for.

    `away` is the number of people for whom that day does not work; `clashes` says for which stand-in it would collide
    with another session.
    """

    session: Session
    starts_at: dt.datetime
    because: str = ""
    away: int = 0
    clashes: tuple[str, ...] = ()


def following(session: Session) -> list[Session]:
    """The sessions that are planned after this one, in order."""
    later = session.circle.sessions.planned().filter(starts_at__gt=session.starts_at)
    return list(later.select_related("circle__cohort").order_by("starts_at"))


def shifts(*, session: Session, starts_at: dt.datetime) -> list[Shift]:
    """To where this session and the following would move, if this one began at `starts_at`. Changes nothing.

    The others follow in its pattern (see `same_pattern`) at the same wall time, around bank holidays and blocked
    dates. Raises SessionError when one of them can't be where the pattern puts it.
    """
    later, local = following(session), clock.local(starts_at)
    days = same_pattern([clock.local(one.starts_at).date() for one in (session, *later)], local.date())
    meetings, people = _open(session, days), away(session.circle)
    moved = [Shift(session, starts_at, away=people[local.date()])]
    for one, meeting in zip(later, meetings, strict=True):
        moved.append(Shift(one, clear(meeting.day, local.time()), why_moved(meeting), people[meeting.day]))
    return moved


def with_clashes(moving: list[Shift], minutes: int) -> list[Shift]:
    """The same, and with whom each would collide if it lasted so long."""
    sessions = [shift.session for shift in moving]
    return [replace(one, clashes=tuple(clashes(_as_moved(one, minutes), sessions))) for one in moving]


def _as_moved(shift: Shift, minutes: int) -> Session:
    """The session as it would be, in memory."""
    session = copy.copy(shift.session)
    session.starts_at, session.minutes = shift.starts_at, minutes
    return session


def _open(session: Session, days: list[dt.date]) -> list[Meeting]:
    cohort = session.circle.cohort
    last = cohort.close_until
    if late := next((day for day in days if day > last), None):
        raise SessionError(
            f"The last sessions would be after the programme closes on {last.day} {last:%B %Y}: "
            f"one on {late.day} {late:%B %Y}. Move only this session, or choose an earlier day."
        )
    try:
        return open_meetings(days[1:], days[0] + dt.timedelta(days=1), last, closed_days(cohort))
    except NoFreeDayError as error:
        raise SessionError(str(error)) from error


@transaction.atomic
def move_following(*, session: Session, by: User, on_closed_day: bool = False, **changes: Any) -> list[Session]:
    """Move this session as `move_session` does, and the following with it: see `shifts`. All of them or none.

    `on_closed_day` is about this one alone: the others make way for closed days.

    Raises SessionError when one of them can't be moved; the message says which.
    """
    Circle.objects.select_for_update(of=("self",)).get(pk=session.circle_id)
    session = locked_for_change(session)
    moving = shifts(session=session, starts_at=changes["starts_at"])
    sessions = [shift.session for shift in moving]
    stored = []
    for shift in moving:
        one = locked_for_change(shift.session)
        before = one.starts_at
        passed = changes if one.pk == session.pk else {name: changes[name] for name in PASSED_ON if name in changes}
        changed = take(one, passed | {"starts_at": shift.starts_at})
        _check(one, sessions)
        day = confirmed_day(one, before, on_closed_day and one.pk == session.pk)
        stored.append((one, changed, shift.because, day))
    for one, changed, because, day in stored:
        store_move(one, changed, by, **day)
        _explain(one, changed, because)
    return [one for one, *_ in stored]


def _check(session: Session, moving: list[Session]) -> None:
    try:
        check_time(session, moving)
    except SessionError as error:
        raise SessionError(f"{session}: {error}") from error


def _explain(session: Session, changed: list[str], because: str) -> None:
    if "starts_at" in changed and because:
        session.moved_because = because
        session.save(update_fields=["moved_because"])


@transaction.atomic
def cancel_following(*, session: Session, by: User) -> list[Session]:
    """Call off this session and all that are planned after it. Raises SessionError when this one is over."""
    session = locked_for_change(session)
    return [cancel_session(session=one, by=by) for one in (session, *following(session))]


@dataclass(frozen=True)
class AfterCancelling:
    """What a circle is left with once this session and the following are called off."""

    following: list[Session]
    left: int
    certificate: int

    @property
    def no_certificates(self) -> bool:
        """Whether nobody could come to as many sessions any more as a certificate asks for."""
        return self.left < self.certificate


def after_cancelling(session: Session) -> AfterCancelling:
    """What calling off this session and the following would leave. Changes nothing."""
    later = following(session)
    left = session.circle.sessions.planned().count() - len(later) - 1
    return AfterCancelling(later, left, session.circle.cohort.certificate_sessions)
