"""Meeting days, wall time and working hours."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import workdays
from accounts.clock import LONDON
from cohorts import calendar

UTC = dt.UTC


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (dt.date(2026, 9, 16), dt.datetime(2026, 9, 16, 11, 30, tzinfo=UTC)),
        (dt.date(2026, 10, 14), dt.datetime(2026, 10, 14, 11, 30, tzinfo=UTC)),
        (dt.date(2026, 10, 28), dt.datetime(2026, 10, 28, 12, 30, tzinfo=UTC)),
        (dt.date(2026, 11, 18), dt.datetime(2026, 11, 18, 12, 30, tzinfo=UTC)),
        (dt.date(2027, 1, 20), dt.datetime(2027, 1, 20, 12, 30, tzinfo=UTC)),
        (dt.date(2027, 3, 24), dt.datetime(2027, 3, 24, 12, 30, tzinfo=UTC)),
        (dt.date(2027, 3, 31), dt.datetime(2027, 3, 31, 11, 30, tzinfo=UTC)),
    ],
)
def test_half_past_twelve_stays_half_past_twelve(day: dt.date, utc: dt.datetime) -> None:
    assert calendar.wall(day, dt.time(12, 30)).astimezone(UTC) == utc


def test_a_time_that_the_clock_change_skips_is_refused() -> None:
    with pytest.raises(calendar.UnclearTimeError, match="go forward"):
        calendar.wall(dt.date(2027, 3, 28), dt.time(1, 30))
    assert calendar.wall(dt.date(2027, 3, 28), dt.time(2)).utcoffset() == dt.timedelta(hours=1)


def test_a_time_that_the_clock_change_repeats_is_refused() -> None:
    with pytest.raises(calendar.UnclearTimeError, match="happens twice"):
        calendar.wall(dt.date(2026, 10, 25), dt.time(1, 30))
    assert calendar.wall(dt.date(2026, 10, 25), dt.time(2)).utcoffset() == dt.timedelta()


def test_the_second_tuesday_of_each_month() -> None:
    days = calendar.monthly(1, 2, dt.date(2026, 10, 1), dt.date(2027, 3, 31))
    assert [str(day) for day in days] == [
        "2026-10-13", "2026-11-10", "2026-12-08", "2027-01-12", "2027-02-09", "2027-03-09",
    ]  # fmt: skip


def test_both_ends_of_the_span_belong_to_it() -> None:
    first, last = dt.date(2026, 10, 13), dt.date(2026, 11, 10)
    assert calendar.monthly(1, 2, first, last) == [first, last]


def test_four_weekly_days_where_a_month_is_missing() -> None:
    # The second Tuesdays of this span are five only; every fourth Tuesday gives the sixth.
    first, last = dt.date(2026, 10, 14), dt.date(2027, 3, 31)
    assert len(calendar.monthly(1, 2, first, last)) == 5
    days = calendar.meeting_days(1, 2, first, last, 6)
    assert len(days) == 6
    assert {(later - earlier).days for earlier, later in itertools.pairwise(days)} == {28}


@given(st.integers(0, 6), st.integers(1, 4), st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 400))
def test_meeting_days_are_such_weekdays_in_the_span(weekday: int, week: int, first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    days = calendar.meeting_days(weekday, week, first, last, 6)
    assert days == sorted(set(days))
    assert all(day.weekday() == weekday and first <= day <= last for day in days)
    if length >= 183:
        assert len(days) == 6


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20T08:00", True),  # a Friday
        ("2026-11-20T07:59", False),
        ("2026-11-20T18:00", False),
        ("2026-11-21T12:00", False),
    ],
)
def test_working_hours(moment: str, is_open: bool) -> None:
    assert workdays.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "following", "before"),
    [
        ("2026-11-20T12:00", "2026-11-20T12:00", "2026-11-20T12:00"),
        ("2026-11-20T19:00", "2026-11-23T08:00", "2026-11-20T17:00"),
        ("2026-11-20T06:00", "2026-11-20T08:00", "2026-11-19T17:00"),
        ("2026-11-22T12:00", "2026-11-23T08:00", "2026-11-20T17:00"),
        ("2026-03-29T12:00", "2026-03-30T08:00", "2026-03-27T17:00"),  # the night the clocks go forward
    ],
)
def test_windows_around_a_moment(moment: str, following: str, before: str) -> None:
    assert workdays.next_opening(at(moment)) == at(following)
    assert workdays.last_opening(at(moment)) == at(before)
