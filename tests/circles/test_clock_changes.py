"""Sessions planned across both clock changes of 2026 and 2027, and the hours on those days that can't be."""

import datetime as dt
from collections.abc import Callable

import pytest
from icalendar import Calendar

from accounts.clock import LONDON
from circles.forms import SessionForm
from circles.services import sessions
from cohorts.selectors import closed_days
from outbox.calendar import CalendarPart, build
from tests.circles.circle import Published, published

NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
CHANGES = [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2027, 10, 31)]


def circle_across(move_clock: Callable, day: dt.date) -> Published:
    """A circle whose third month or so has the clock change in it."""
    move_clock(day - dt.timedelta(days=90))
    return published(day - dt.timedelta(days=60), members=1)


@pytest.mark.parametrize(
    "day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2027, 10, 31)]
)
@pytest.mark.django_db
def test_half_past_twelve_stays_so_in_plan_and_calendar(move_clock: Callable, day: dt.date) -> None:
    ours = circle_across(move_clock, day)
    planned = sessions.plan_sessions(circle=ours.circle, by=None)
    before = [one for one in planned if one.starts_at.astimezone(LONDON).date() < day]
    after = [one for one in planned if one.starts_at.astimezone(LONDON).date() > day]
    assert before
    assert after
    offsets = {one.starts_at.astimezone(LONDON).utcoffset() for one in before}
    assert offsets.isdisjoint({after[0].starts_at.astimezone(LONDON).utcoffset()})
    for one in planned:
        part = CalendarPart("REQUEST", f"session-{one.pk}", 0, "Mentoring", one.starts_at, one.ends_at)
        data = build(part, organiser="a@comc.example", attendee="b@comc.example", stamp=NOW)
        entry = Calendar.from_ical(data).walk("VEVENT")[0]
        assert b"DTSTART;TZID=Europe/London:" + f"{entry['DTSTART'].dt:%Y%m%dT}123000".encode() in data
        assert entry["DTSTART"].dt == one.starts_at
        assert entry["DTEND"].dt - entry["DTSTART"].dt == dt.timedelta(minutes=one.minutes)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (dt.date(2026, 3, 29), "go forward"),
        (dt.date(2026, 10, 25), "happens twice"),
        (dt.date(2027, 3, 28), "go forward"),
        (dt.date(2027, 10, 31), "happens twice"),
    ],
)
@pytest.mark.django_db
def test_half_past_one_on_such_a_night_is_refused(move_clock: Callable, day: dt.date, why: str) -> None:
    """By the form that moves a session, with the reason; half past two on that day can be."""
    move_clock(day - dt.timedelta(days=40))
    ours = published(day - dt.timedelta(days=30), members=1)
    closed = closed_days(ours.circle.cohort)

    def sent(time: str) -> SessionForm:
        values = {"day": str(day), "time": time, "minutes": "60", "mode": "online"}
        return SessionForm(values, closed=closed)

    assert why in str(sent("01:30").errors)
    accepted = sent("02:30")
    assert accepted.is_valid(), accepted.errors
    moved = accepted.changes["starts_at"]
    assert moved.astimezone(LONDON).time() == dt.time(2, 30)
