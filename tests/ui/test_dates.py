import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ui.dates import date_range, uk_date, uk_datetime, uk_time

UTC = dt.UTC


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2026, 10, 28), "Wednesday 28 October 2026"),
        (dt.date(2026, 3, 1), "Sunday 1 March 2026"),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Thursday 2 July 2026"),  # half past midnight, summer time
        (dt.datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "Tuesday 1 December 2026"),
        (dt.datetime(2026, 12, 1, 23, 30), "Tuesday 1 December 2026"),  # noqa: DTZ001 – a naive moment is UK time
    ],
)
def test_a_date_is_written_in_full_for_the_uk_day(value, expected):
    assert uk_date(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.time(12, 30), "12:30pm"),
        (dt.time(12, 0), "midday"),
        (dt.time(0, 0), "midnight"),
        (dt.time(0, 5), "12:05am"),
        (dt.time(9, 0), "9am"),
        (dt.time(13, 0), "1pm"),
        (dt.time(23, 59), "11:59pm"),
        (dt.datetime(2026, 10, 28, 12, 30, tzinfo=UTC), "12:30pm"),
        (dt.datetime(2026, 6, 28, 12, 30, tzinfo=UTC), "1:30pm"),
        (dt.datetime(2026, 10, 28, 8, 0, tzinfo=ZoneInfo("America/New_York")), "midday"),
    ],
)
def test_a_time_is_written_on_the_twelve_hour_clock(value, expected):
    assert uk_time(value) == expected


def test_a_moment_names_its_time_zone():
    moment = dt.datetime(2026, 10, 28, 12, 30, tzinfo=UTC)
    assert uk_datetime(moment) == "Wednesday 28 October 2026, 12:30pm (UK\u00a0time)"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (dt.date(2026, 10, 3), dt.date(2026, 10, 17), "3 to 17 October 2026"),
        (dt.date(2026, 10, 28), dt.date(2026, 11, 3), "28 October to 3 November 2026"),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
        (dt.date(2026, 10, 3), dt.date(2027, 10, 17), "3 October 2026 to 17 October 2027"),
        (dt.date(2026, 10, 3), dt.date(2026, 10, 3), "3 October 2026"),
        (dt.date(2026, 10, 3), None, "3 October 2026"),
    ],
)
def test_a_range_names_once_what_both_ends_share(start, end, expected):
    assert date_range(start, end) == expected
