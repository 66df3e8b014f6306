"""Closing a cohort from its page."""

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Attendance, Session
from surveys.models import Snapshot
from tests.factories import StaffFactory
from tests.surveys.people import AFTER, BEFORE, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(move_clock):  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    for _ in range(3):
        seated(cohort)
    return cohort


def url(cohort) -> str:  # type: ignore[no-untyped-def]
    return reverse("admin:close_cohort", args=[cohort.pk])


def test_it_says_what_will_happen_and_changes_nothing(client: Client, cohort, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(AFTER)
    person = cohort.enrolments.filter(role="mentee").first()
    for session in Session.objects.all()[:4]:
        Attendance.objects.create(session=session, enrolment=person, attended=True)
    client.force_login(StaffFactory())
    html = client.get(url(cohort)).content.decode()
    assert "1 certificate will be issued" in html
    assert str(person.user) in html
    assert "3 people who have a seat" in html
    assert "Nobody has recorded who came to 2 of 6 sessions" in html
    assert not Snapshot.objects.exists()


def test_it_closes_and_leads_to_the_released_figures(client: Client, cohort, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(AFTER)
    client.force_login(StaffFactory())
    response = client.post(url(cohort))
    assert response.url == reverse("admin:cohort_impact", args=[cohort.pk])
    cohort.refresh_from_db()
    assert cohort.closed_at is not None
    assert "This cohort is closed" in client.get(url(cohort)).content.decode()


def test_sessions_to_come_keep_it_open(client: Client, cohort) -> None:  # type: ignore[no-untyped-def]
    client.force_login(StaffFactory())
    html = client.get(url(cohort)).content.decode()
    assert "6 sessions are still to come" in html
    assert "release its figures</button>" not in html
    assert "still to come" in client.post(url(cohort), follow=True).content.decode()
    cohort.refresh_from_db()
    assert cohort.closed_at is None


@pytest.mark.parametrize(("role", "status"), [("lead", 200), ("manager", 200), ("analyst", 403), ("read_only", 403)])
def test_who_may_close(client: Client, cohort, role: str, status: int) -> None:  # type: ignore[no-untyped-def]
    client.force_login(StaffFactory(role=role))
    assert client.get(url(cohort)).status_code == status
    if status == 403:
        assert client.post(url(cohort)).status_code == 403
