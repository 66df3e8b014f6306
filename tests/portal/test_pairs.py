"""A pair’s space speaks of two people: no page of it says circle, members or everyone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Circle, Membership, Poll, PollDate, Session
from circles.services import agenda
from cohorts import reference
from cohorts.models import Format
from participants.models import Enrolment
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, SessionFactory

WRONG = re.compile(r"\b(circles?|mentees|mentors|members?|everyone|everybody|anyone)\b", re.IGNORECASE)
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def pair(key: str, roles: tuple[str, str]) -> tuple[Circle, list[Enrolment]]:
    """A pair with a session that was, one to come, and dates proposed for it."""
    cohort = CohortFactory(format=Format.objects.get(key=key), launch=dt.date(2026, 10, 1), published_at=clock.now())
    made = Circle.objects.create(cohort=cohort, number=1, capacity=1)
    people = []
    for seat, (role, side) in enumerate(zip(roles, ("lead", "member"), strict=True)):
        people.append(EnrolmentFactory(cohort=cohort, role=role, side=side))
        MembershipFactory(circle=made, enrolment=people[-1], seat=seat, created_at=clock.now() - dt.timedelta(days=60))
    for number, days in ((1, -3), (2, 10), (3, 40)):
        SessionFactory(circle=made, number=number, starts_at=clock.now() + dt.timedelta(days=days))
    poll = Poll.objects.create(
        circle=made, session=made.sessions.get(number=2), closes_at=clock.now() + dt.timedelta(days=4)
    )
    PollDate.objects.create(poll=poll, starts_at=clock.now() + dt.timedelta(days=12))
    agenda.add_item(circle=made, text="A goal", enrolment=people[0])
    return made, people


def pages(made: Circle, *, leads: bool) -> list[str]:
    was, coming = made.sessions.get(number=1), made.sessions.get(number=2)
    of_pair = ["circle", "notices", "circle_plan", "my_dates"]
    of_coming = ["session", "session_plan"]
    if leads:
        of_pair += ["add_session", "propose_dates", "meeting_link", "ask_help"]
        of_coming += ["move_session", "cancel_session"]
    return [
        reverse("portal:home"),
        *(reverse(f"portal:{name}", args=[made.pk]) for name in of_pair),
        *(reverse(f"portal:{name}", args=[coming.pk]) for name in of_coming),
        *(reverse(f"portal:{name}", args=[was.pk]) for name in ("session", "session_notes", "reflection")),
        reverse("portal:poll", args=[made.polls.get().pk]),
    ]


@pytest.mark.parametrize(("key", "roles"), [("reverse", ("mentor", "mentee")), ("reciprocal", ("partner", "partner"))])
def test_no_page_of_a_pair_speaks_of_many(
    client: Client, move_clock: Callable, key: str, roles: tuple[str, str]
) -> None:
    move_clock(dt.date(2026, 10, 20))
    reference.load()
    made, people = pair(key, roles)
    for seat, person in enumerate(people):
        client.force_login(person.user)
        for url in pages(made, leads=seat == Membership.LEAD_SEAT):
            response = client.get(url)
            assert response.status_code == 200, url
            words = TAG.sub(" ", MAIN.search(response.content.decode())[0])
            found = WRONG.search(words)
            assert not found, f"{url}: {words[max(found.start() - 60, 0) : found.end() + 30]}"


def test_the_other_is_called_what_they_are(client: Client, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 10, 20))
    reference.load()
    made, (junior, senior) = pair("reverse", ("mentor", "mentee"))
    board = reverse("portal:notices", args=[made.pk])
    client.force_login(junior.user)
    assert "Your mentee gets each notice" in client.get(board).content.decode()
    session = Session.objects.get(number=2)
    assert "What your mentee has said" in client.get(reverse("portal:session", args=[session.pk])).content.decode()
    client.force_login(senior.user)
    assert "Your mentor gets each notice" in client.get(board).content.decode()
