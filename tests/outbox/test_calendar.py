"""The calendar part, read back by a parser that we did not write."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from outbox.calendar import LONDON, CalendarPart, build

STAMP = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)


def built(**changes: object) -> bytes:
    starts = changes.pop("starts_at", dt.datetime(2026, 10, 28, 12, 30, tzinfo=dt.UTC))
    values = {
        "method": "REQUEST", "uid": "session-1@comc.example", "sequence": 0, "title": "Mentoring – session 2",
        "starts_at": starts, "ends_at": starts + dt.timedelta(minutes=90),
    }  # fmt: skip
    part = CalendarPart(**(values | changes))
    return build(part, organiser="programme@comc.example", attendee="ada@employer.example", stamp=STAMP)


@pytest.mark.parametrize(
    ("utc", "wall"),
    [
        ("2026-10-14T11:30", "20261014T123000"),
        ("2026-10-28T12:30", "20261028T123000"),
        ("2027-03-24T12:30", "20270324T123000"),
        ("2027-03-31T11:30", "20270331T123000"),
    ],
)
def test_times_are_london_wall_times(utc: str, wall: str) -> None:
    moment = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert f"DTSTART;TZID=Europe/London:{wall}".encode() in built(starts_at=moment)


@given(st.integers(0, 10 * 365 * 24))
def test_our_time_zone_says_what_the_worlds_says(hours: int) -> None:
    """The two rules that we send give the same offset as the zone database, hour by hour for ten years."""
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    wall = moment.astimezone(LONDON).replace(tzinfo=None)
    zone = Calendar.from_ical(built()).walk("VTIMEZONE")[0].to_tz()
    ambiguous = wall.replace(tzinfo=LONDON).utcoffset() != wall.replace(tzinfo=LONDON, fold=1).utcoffset()
    if not ambiguous:
        assert wall.replace(tzinfo=zone).utcoffset() == moment.astimezone(LONDON).utcoffset()


def test_a_cancellation_says_so_twice() -> None:
    calendar = Calendar.from_ical(built(method="CANCEL", sequence=4))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 4)


def test_lines_end_and_fold_as_the_standard_says() -> None:
    lines = built(title="Überraschung " * 20, description="a; b, c\nd").split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line for line in lines)
    (event,) = Calendar.from_ical(b"\r\n".join(lines)).walk("VEVENT")
    assert event["summary"] == "Überraschung " * 20
    assert event["description"] == "a; b, c\nd"


def test_nobody_else_is_named() -> None:
    (event,) = Calendar.from_ical(built()).walk("VEVENT")
    assert event["attendee"] == "mailto:ada@employer.example"
    assert event["organizer"] == "mailto:programme@comc.example"
    assert event["class"] == "PRIVATE"
