"""The forecast from replies: pure, and read for many sessions at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from circles.selectors.quorum import Forecast, Verdict, forecast, forecasts, quorum
from circles.services import sessions
from tests.circles.circle import published
from tests.factories import StaffFactory


@pytest.mark.parametrize(
    ("members", "needed"), [(0, 0), (1, 1), (2, 2), (3, 3), (5, 3), (6, 3), (7, 4), (8, 4), (9, 5), (10, 5)]
)
def test_how_many_it_takes(members: int, needed: int) -> None:
    assert quorum(members) == needed


@pytest.mark.parametrize(
    ("yes", "maybe", "no", "silent", "verdict"),
    [
        (4, 0, 4, 0, Verdict.ENOUGH),
        (3, 0, 4, 1, Verdict.UNCERTAIN),
        (3, 1, 3, 1, Verdict.LIKELY),
        (2, 0, 5, 1, Verdict.SHORT),
        (0, 0, 0, 8, Verdict.LIKELY),
        (0, 4, 4, 0, Verdict.UNCERTAIN),
        (0, 0, 1, 0, Verdict.SHORT),
        (1, 0, 0, 0, Verdict.ENOUGH),
    ],
)
def test_the_verdict(yes: int, maybe: int, no: int, silent: int, verdict: Verdict) -> None:
    assert Forecast(yes, maybe, no, silent).verdict == verdict


def test_only_sessions_that_half_have_refused_can_be_short() -> None:
    """So that no others need be read: `perhaps_short` may name one that is not, and must miss none."""
    for members in range(1, 12):
        for no in range(members + 1):
            if Forecast(0, 0, no, members - no).verdict == Verdict.SHORT:
                assert members <= 2 * no + 1


def test_it_is_said_in_words() -> None:
    said = Forecast(yes=5, maybe=2, no=0, silent=2)
    assert said.words == "5 coming, 2 perhaps, 2 have not answered"
    assert said.outlook == "The circle needs 5 to be worth meeting: enough are coming."
    assert Forecast(0, 0, 0, 0).outlook == ""


def test_who_leads_and_who_has_left_are_not_counted(move_clock: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    ours = published(dt.date(2026, 10, 1), members=4)
    session = sessions.plan_sessions(circle=ours.circle, by=None)[0]
    for who in ours.everybody:
        sessions.reply(session=session, enrolment=who, reply="yes")
    ours.members[0].memberships.update(left_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert forecast(session) == Forecast(3, 0, 0, 0)


def test_many_are_read_as_quickly_as_one(django_assert_num_queries: Any, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    ours = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=ours.circle, by=None)
    for amount in (1, 3):
        found = list(ours.circle.sessions.select_related("circle__cohort__format")[:amount])
        with django_assert_num_queries(2):
            assert len(forecasts(found)) == amount


def test_staff_see_the_session_that_too_few_come_to(client: Client, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 10, 8))
    ours = published(dt.date(2026, 10, 1), members=4)
    first, *_ = sessions.plan_sessions(circle=ours.circle, by=None)
    client.force_login(StaffFactory())
    assert "Too few are coming" not in client.get(reverse("admin:index")).content.decode()
    for who in ours.members[:2]:
        sessions.reply(session=first, enrolment=who, reply="no")
    html = client.get(reverse("admin:index")).content.decode()
    assert "Too few are coming to a session" in html
    assert "needs 3" in html
    assert ours.members[0].user.get_full_name() not in html
    page = client.get(first.get_absolute_url()).content.decode()
    assert "that can’t be reached any more" in page
