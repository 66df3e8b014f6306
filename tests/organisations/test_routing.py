"""Who answers, and by when."""

import datetime as dt

import pytest

from organisations.routing import route, working_days_after

TABLE = [
    # member, package, who answers
    (True, True, "inclusion_adviser"),
    (False, True, "inclusion_adviser"),
    (None, True, "inclusion_adviser"),
    (True, False, "relationship_manager"),
    (True, None, "relationship_manager"),
    (False, False, "advisory_team"),
    (False, None, "advisory_team"),
    (None, False, "advisory_team"),
    (None, None, "advisory_team"),
]


@pytest.mark.parametrize(("is_member", "has_package", "expected"), TABLE)
def test_routing(is_member: bool | None, has_package: bool | None, expected: str) -> None:
    assert route(is_member=is_member, has_package=has_package) == expected


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (dt.date(2026, 11, 23), 5, dt.date(2026, 11, 30)),  # Monday to Monday
        (dt.date(2026, 11, 20), 1, dt.date(2026, 11, 23)),  # Friday to Monday
        (dt.date(2026, 11, 21), 1, dt.date(2026, 11, 23)),  # Saturday to Monday
        (dt.date(2026, 11, 23), 0, dt.date(2026, 11, 23)),
    ],
)
def test_weekends_are_no_working_days(day: dt.date, days: int, expected: dt.date) -> None:
    assert working_days_after(day, days) == expected
