"""Circles side by side, session by session: said in words, with a tone that only supports them."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Attendance, Circle, Session
from cohorts.models import Cohort
from staff import health
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    SessionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(launch=clock.today() - dt.timedelta(days=80), published_at=clock.now(), session_count=6)


def circle_of(cohort: Cohort, members: int = 4) -> Circle:
    circle = CircleFactory(cohort=cohort)
    MembershipFactory(circle=circle, seat=0, enrolment=EnrolmentFactory(cohort=cohort, role="mentor"))
    for seat in range(1, members + 1):
        MembershipFactory(circle=circle, seat=seat)
    return circle


def session(circle: Circle, number: int, days: int, **fields: Any) -> Session:
    return SessionFactory(circle=circle, number=number, starts_at=clock.now() + dt.timedelta(days=days), **fields)


def came(one: Session, members: int, mentor: bool = True) -> None:
    """So many of the members who sit in the circle came, and its mentor did or did not."""
    for seat in one.circle.memberships.all():
        there = mentor if seat.is_lead else seat.seat <= members
        Attendance.objects.create(session=one, enrolment=seat.enrolment, attended=there)


def test_says_of_each_session_what_there_is_to_say(cohort: Cohort) -> None:
    circle = circle_of(cohort)
    came(session(circle, 1, -90), members=3)
    came(session(circle, 2, -60), members=2)
    came(session(circle, 3, -30), members=4, mentor=False)
    session(circle, 4, -1)
    session(circle, 5, 9, state="cancelled")
    [row] = health.of(cohort).rows
    said = [(cell.text, cell.detail.partition(", ")[2], cell.tone) for cell in row.cells]
    assert said == [
        ("3 of 4", "", "good"),
        ("2 of 4", "below quorum", "problem"),
        ("4 of 4", "mentor away", "attention"),
        ("Not recorded", "", "attention"),
        ("Cancelled", "", "neutral"),
        ("No date", "", "neutral"),
    ]


@pytest.mark.parametrize(("yes", "no", "words", "tone"), [
    (3, 0, "enough coming", "good"), (0, 0, "not certain", "info"), (0, 2, "too few", "problem"),
])  # fmt: skip
def test_a_session_to_come_says_what_the_replies_say(cohort: Cohort, yes: int, no: int, words: str, tone: str) -> None:
    circle = circle_of(cohort)
    coming = session(circle, 1, 5)
    for seat in circle.memberships.exclude(seat=0):
        reply = "yes" if seat.seat <= yes else "no" if seat.seat <= yes + no else ""
        Attendance.objects.create(session=coming, enrolment=seat.enrolment, reply=reply)
    cell = health.of(cohort).rows[0].cells[0]
    assert (cell.detail, cell.tone) == (words, tone)


def test_the_sentence_above_counts_what_needs_a_look(cohort: Cohort) -> None:
    came(session(circle_of(cohort), 1, -60), members=1, mentor=False)
    circle_of(cohort)
    CircleFactory(cohort=cohort, closed_at=clock.now())
    assert health.of(cohort).summary == (
        "2 circles: 1 with a session below quorum or heading there, 1 whose mentor stayed away from one, "
        "1 without any session."
    )


def test_costs_the_same_with_one_and_three_circles(client: Client, cohort: Cohort, count_queries: Any) -> None:
    client.force_login(StaffFactory(role="lead"))
    url = reverse("admin:cohort_page", args=[cohort.pk])

    def furnish() -> None:
        circle = circle_of(cohort)
        came(session(circle, 1, -60), members=2)
        session(circle, 2, 9)

    furnish()
    assert "below quorum" in client.get(url).content.decode()
    once = count_queries(lambda: client.get(url))
    furnish()
    furnish()
    assert count_queries(lambda: client.get(url)) == once


def test_whoever_may_not_see_circles_sees_none(client: Client, cohort: Cohort) -> None:
    session(circle_of(cohort), 1, 5)
    client.force_login(StaffFactory(role="analyst"))
    page = client.get(reverse("admin:cohort_page", args=[cohort.pk]))
    assert page.context["health"] is None
