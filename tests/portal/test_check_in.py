"""The two questions after a session, on a phone and without signing in; the page half-way through a pair."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from circles import links
from circles.models import Session
from participants.models import Enrolment
from privacy.models import AuditEvent
from surveys.models import Response, TeamNote
from tests.factories import StaffFactory, UserFactory
from tests.staff.acting import act
from tests.surveys.people import FIRST_SESSION, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    move_clock(FIRST_SESSION - dt.timedelta(days=1))
    enrolment = seated(cohort_with_sessions())
    move_clock(FIRST_SESSION + dt.timedelta(hours=3))
    return enrolment


@pytest.fixture
def url(person: Enrolment) -> str:
    session = Session.objects.get(circle__cohort=person.cohort, number=1)
    return reverse("portal:check_in_by_link", args=[links.token(session, person)])


def test_it_is_answered_by_the_link_in_the_mail(client: Client, url: str, person: Enrolment) -> None:
    html = client.get(url).content.decode()
    assert "How useful was this session to you?" in html
    assert "confidential" in html
    assert " checked" not in html
    assert not Response.objects.exists()
    assert "Thank you" in client.post(url, {"item-1": "4"}, follow=True).content.decode()
    assert "Very useful" not in client.get(url).content.decode()  # the link takes answers and shows none
    client.post(url, {"item-1": "1"})
    assert Response.objects.count() == 1


def test_a_note_says_whether_it_has_a_name(client: Client, url: str) -> None:
    answer = {"item-1": "none", "note": "Our mentor is ill."}
    html = client.post(url, answer).content.decode()
    assert "Choose whether your note goes with your name" in html
    assert "Our mentor is ill." in html
    client.post(url, {**answer, "signed": "unnamed"})
    assert TeamNote.objects.get().enrolment is None


def test_signed_in_it_waits_on_the_home_page(client: Client, person: Enrolment) -> None:
    client.force_login(person.user)
    session = Session.objects.get(circle__cohort=person.cohort, number=1)
    own = reverse("portal:check_in", args=[session.pk])
    assert own in client.get(reverse("portal:home")).content.decode()
    client.post(own, {"item-1": "5"})
    assert own not in client.get(reverse("portal:home")).content.decode()
    client.force_login(UserFactory())
    assert client.get(own).status_code == 404


def test_staff_read_a_note_leave_a_line_and_settle_it(client: Client, url: str, person: Enrolment) -> None:
    client.post(url, {"item-1": "4", "note": "Please ring me.", "signed": "named"})
    note = TeamNote.objects.get()
    page = reverse("admin:surveys_teamnote_change", args=[note.pk])
    client.force_login(StaffFactory(role="read_only"))
    assert client.get(page).status_code == 403
    staff = StaffFactory(role="manager")
    client.force_login(staff)
    dashboard = client.get(reverse("admin:index")).content.decode()
    assert "Somebody asks the team to get in touch" in dashboard
    assert "Please ring me." in client.get(page).content.decode()
    assert AuditEvent.objects.filter(actor=staff, verb="note.read").count() == 1
    act(client, reverse("admin:surveys_teamnote_changelist"), "settle", [note])
    assert "Somebody asks the team" not in client.get(reverse("admin:index")).content.decode()
