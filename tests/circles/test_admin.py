"""The programme team's pages of circles, sessions, attendance and certificates."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import Attendance, Session
from circles.services import sessions
from cohorts.models import StaffAssignment
from outbox.models import Message
from privacy.models import AuditEvent
from tests.circles.circle import Published, published
from tests.factories import CertificateFactory, StaffFactory, UserFactory
from tests.staff.acting import act

MOVED = {
    "starts_at_0": "2026-10-14", "starts_at_1": "09:15", "minutes": "60", "mode": "online", "place": "",
    "join_url": "",
}  # fmt: skip


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    client.force_login(StaffFactory())
    return client


def change(name: str, obj: object) -> str:
    return reverse(f"admin:circles_{name}_change", args=[obj.pk])


@pytest.mark.parametrize("name", ["circle", "session", "attendance", "certificate"])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(
    staff: Client, ours: Published, move_clock: Callable, count_queries: Callable, name: str
) -> None:
    def more() -> None:
        other = published(dt.date(2026, 10, 1), members=0)
        session = sessions.plan_sessions(circle=other.circle, by=None)[0]
        Attendance.objects.create(session=session, enrolment=other.lead)
        CertificateFactory(enrolment=other.lead)

    more()
    url = reverse(f"admin:circles_{name}_changelist") + "?q=person"
    staff.get(url)
    once = count_queries(lambda: staff.get(url))
    more()
    more()
    assert count_queries(lambda: staff.get(url)) == once


def test_staff_of_another_cohort_see_nothing_of_ours(client: Client, ours: Published, first: Session) -> None:
    outsider = UserFactory(is_staff=True)
    other = published(dt.date(2026, 10, 1)).circle.cohort
    StaffAssignment.objects.create(user=outsider, role="manager", cohort=other)
    client.force_login(outsider)
    assert str(ours.circle.pk) not in client.get(reverse("admin:circles_circle_changelist")).content.decode()
    assert client.get(change("circle", ours.circle)).status_code == 302
    assert client.get(change("session", first)).status_code == 302


def test_moving_a_session_tells_everybody(staff: Client, first: Session) -> None:
    response = staff.post(change("session", first), MOVED)
    assert response.status_code == 302
    first.refresh_from_db()
    assert (first.starts_at, first.sequence) == (dt.datetime(2026, 10, 14, 8, 15, tzinfo=dt.UTC), 1)
    assert Message.objects.filter(kind="circles.session_invited").count() == 3


def test_a_time_that_cannot_be_is_refused_beside_the_field(staff: Client, first: Session) -> None:
    response = staff.post(change("session", first), MOVED | {"starts_at_0": "2026-08-14"})
    assert "Choose a time that is still to come." in response.content.decode()
    first.refresh_from_db()
    assert first.sequence == 0


def test_what_has_started_is_read_only(staff: Client, first: Session, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 10, 14))
    assert staff.post(change("session", first), MOVED).status_code == 403


def test_cancelling_several(staff: Client, ours: Published) -> None:
    act(staff, reverse("admin:circles_session_changelist"), "cancel", ours.circle.sessions.all()[:2])
    assert ours.circle.sessions.filter(state="cancelled").count() == 2


def test_correcting_attendance_is_recorded(
    staff: Client, ours: Published, first: Session, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 10, 14))
    fact = Attendance.objects.create(session=first, enrolment=ours.members[0], attended=False)
    staff.post(change("attendance", fact), {"attended": "true"})
    fact.refresh_from_db()
    assert fact.attended
    assert AuditEvent.objects.filter(verb="attendance.recorded").exists()


def test_the_meeting_link_can_be_set_for_a_circle(staff: Client, ours: Published) -> None:
    management = {
        f"{prefix}-{name}": "0" for prefix in ("memberships", "sessions") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    staff.post(change("circle", ours.circle), {"join_url": "https://meet.example/team"} | management)
    ours.circle.refresh_from_db()
    assert ours.circle.join_url == "https://meet.example/team"


@pytest.mark.parametrize("name", ["circle", "session", "attendance", "certificate"])
def test_nobody_makes_or_deletes_them_by_hand(staff: Client, ours: Published, name: str) -> None:
    assert staff.get(reverse(f"admin:circles_{name}_add")).status_code == 403
    certificate = CertificateFactory(enrolment=ours.lead)
    for kind, obj in [("circle", ours.circle), ("certificate", certificate)]:
        assert staff.post(reverse(f"admin:circles_{kind}_delete", args=[obj.pk]), {"post": "yes"}).status_code == 403


def test_a_certificate_cannot_be_changed(staff: Client, ours: Published) -> None:
    certificate = CertificateFactory(enrolment=ours.lead)
    assert staff.get(change("certificate", certificate)).status_code == 200
    assert staff.post(change("certificate", certificate), {"sessions_attended": "6"}).status_code == 403
