"""Dates that do not work: one's own list, and for others a number."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from circles.selectors.away import Span, away, clashes, spans
from circles.services import sessions
from participants.models import Enrolment, Unavailability
from tests.circles.circle import Published, published


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    return published(dt.date(2026, 10, 1))


def not_on(who: Enrolment, first: str, last: str = "") -> None:
    days = [dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)]
    Unavailability.objects.create(enrolment=who, starts=days[0], ends=days[1])


def test_days_in_a_row_for_the_same_number_are_one_span(ours: Published) -> None:
    not_on(ours.members[0], "2026-10-12", "2026-10-16")
    not_on(ours.members[1], "2026-10-14")
    assert spans(ours.circle) == [
        Span(dt.date(2026, 10, 12), dt.date(2026, 10, 13), 1),
        Span(dt.date(2026, 10, 14), dt.date(2026, 10, 14), 2),
        Span(dt.date(2026, 10, 15), dt.date(2026, 10, 16), 1),
    ]


def test_one_person_counts_once_a_day_and_only_days_to_come(ours: Published) -> None:
    not_on(ours.members[0], "2026-08-20", "2026-09-02")
    not_on(ours.members[0], "2026-09-02", "2026-09-03")
    assert away(ours.circle) == {dt.date(2026, 9, n): 1 for n in (1, 2, 3)}


def test_who_has_left_is_not_counted(ours: Published) -> None:
    not_on(ours.members[0], "2026-10-12")
    ours.members[0].memberships.update(left_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert spans(ours.circle) == []


def test_sessions_on_such_days_are_found_in_one_query(ours: Published, django_assert_num_queries: Any) -> None:
    planned = sessions.plan_sessions(circle=ours.circle, by=None)
    not_on(ours.members[0], "2026-11-10")
    not_on(ours.lead, "2026-11-09", "2026-11-10")
    for amount in (2, 6):
        with django_assert_num_queries(1):
            assert clashes(planned[:amount]) == [(planned[1], 2)]


class TestOnThePage:
    def address(self, ours: Published) -> str:
        return reverse("portal:my_dates", args=[ours.circle.pk])

    def test_a_member_adds_and_removes_their_own(self, client: Client, ours: Published) -> None:
        not_on(ours.members[1], "2026-12-01")
        me = ours.members[0]
        client.force_login(me.user)
        client.post(self.address(ours), {"starts": "2026-10-12", "ends": "2026-10-16"})
        client.post(self.address(ours), {"starts": "2026-12-24", "ends": ""})
        html = client.get(self.address(ours)).content.decode()
        assert "12 to 16 October 2026" in html
        assert "1 December" not in html
        first = me.unavailabilities.first()
        client.post(self.address(ours), {"remove": str(first.pk)})
        assert list(me.unavailabilities.values_list("starts", flat=True)) == [dt.date(2026, 12, 24)]

    def test_anothers_cannot_be_removed(self, client: Client, ours: Published) -> None:
        not_on(ours.members[1], "2026-12-01")
        client.force_login(ours.members[0].user)
        client.post(self.address(ours), {"remove": str(ours.members[1].unavailabilities.get().pk)})
        assert ours.members[1].unavailabilities.exists()

    def test_days_the_wrong_way_round_are_refused_in_words(self, client: Client, ours: Published) -> None:
        client.force_login(ours.members[0].user)
        html = client.post(self.address(ours), {"starts": "2026-10-16", "ends": "2026-10-12"}).content.decode()
        assert "The last day must be on or after the first day." in html

    def test_who_leads_sees_a_number_and_no_name(self, client: Client, ours: Published) -> None:
        first, *_ = sessions.plan_sessions(circle=ours.circle, by=None)
        not_on(ours.members[0], "2026-10-12", "2026-10-16")
        client.force_login(ours.lead.user)
        for name, what in (("move_session", first), ("add_session", ours.circle)):
            html = client.get(reverse(f"portal:{name}", args=[what.pk])).content.decode()
            assert "12 to 16 October 2026: 1 person" in html
            assert ours.members[0].user.last_name not in html
