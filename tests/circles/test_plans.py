"""The plan of a session: the cohort's, copied when circles are published, and then the circle's own."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Session
from circles.services import sessions
from cohorts.services import default_session_plans
from outbox import kinds
from outbox.models import Message
from outbox.rendering import render
from tests.circles.circle import Published, published


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    default_session_plans(made.circle.cohort)
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


def test_each_session_has_a_copy_of_its_own(ours: Published, first: Session) -> None:
    assert first.aim == "Get to know each other, and agree how you work together"
    assert ours.circle.sessions.exclude(preparation="").count() == 6
    ours.circle.cohort.session_plans.filter(number=1).update(aim="Another")
    first.refresh_from_db()
    assert first.aim.startswith("Get to know")


def test_what_staff_have_set_stays(ours: Published) -> None:
    ours.circle.cohort.session_plans.exclude(number=1).delete()
    assert len(default_session_plans(ours.circle.cohort)) == 1


def test_a_member_changes_it_and_nobody_is_told(client: Client, ours: Published, first: Session) -> None:
    client.force_login(ours.members[0].user)
    data = {"aim": "Our own aim", "prompts": "One\nTwo", "preparation": ""}
    html = client.post(reverse("portal:session_plan", args=[first.pk]), data, follow=True).content.decode()
    assert "Our own aim" in html
    assert "<li>Two</li>" in html
    first.refresh_from_db()
    assert first.sequence == 0
    assert not Message.objects.exists()


def test_a_cancelled_session_has_no_plan_to_change(client: Client, ours: Published, first: Session) -> None:
    sessions.cancel_session(session=first, by=ours.lead.user)
    client.force_login(ours.members[0].user)
    client.post(reverse("portal:session_plan", args=[first.pk]), {"aim": "Late"})
    first.refresh_from_db()
    assert first.aim != "Late"


def test_the_invitation_says_what_to_prepare(ours: Published, first: Session) -> None:
    sessions.invite(session=first, enrolment=ours.members[0])
    kind = kinds.get("circles.session_invited")
    text = render(kind.template, kind.context(Message.objects.get())).text
    assert "To prepare: Think of one thing about your work" in text
