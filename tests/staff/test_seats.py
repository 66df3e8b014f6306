"""Giving a seat after publication, and withdrawing somebody."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import Cohort, StaffAssignment
from outbox.models import Message
from participants.models import Enrolment
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    OrganisationFactory,
    SlotFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(launch=clock.today() - dt.timedelta(days=80), published_at=clock.now())


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(role="lead"))
    return client


def person(cohort: Cohort, role: str = "mentee", **fields: object) -> Enrolment:
    enrolment = EnrolmentFactory(cohort=cohort, role=role, meets_at=["online"], **fields)
    enrolment.slots.set(cohort.slots.all())
    return enrolment


def seat_page(enrolment: Enrolment) -> str:
    return reverse("admin:enrolment_seat", args=[enrolment.pk])


def leave_page(enrolment: Enrolment) -> str:
    return reverse("admin:enrolment_withdraw", args=[enrolment.pk])


def test_somebody_who_waited_is_seated_and_told(lead: Client, cohort: Cohort) -> None:
    circle = CircleFactory(cohort=cohort, number=3, slot=SlotFactory(cohort=cohort))
    MembershipFactory(circle=circle, enrolment=person(cohort, "mentor", user__last_name="Leader"), seat=0)
    waiting = person(cohort)
    assert "Circle 3: led by Ada Leader" in lead.get(seat_page(waiting)).content.decode()
    response = lead.post(seat_page(waiting), {"circle": circle.pk})
    assert response.url == reverse("admin:cohort_page", args=[cohort.pk])
    assert waiting.memberships.current().get().circle == circle
    assert Message.objects.filter(kind="circles.placed", recipient=waiting.user).count() == 1


def test_what_a_rule_forbids_is_said_and_nothing_changes(lead: Client, cohort: Cohort) -> None:
    employer = OrganisationFactory()
    circle = CircleFactory(cohort=cohort, slot=SlotFactory(cohort=cohort))
    MembershipFactory(circle=circle, enrolment=person(cohort, "mentor", organisation=employer), seat=0)
    colleague = person(cohort, organisation=employer)
    response = lead.post(seat_page(colleague), {"circle": circle.pk})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not colleague.memberships.exists()


def test_a_full_circle_and_another_cohorts_are_not_offered(lead: Client, cohort: Cohort) -> None:
    full = CircleFactory(cohort=cohort, capacity=1)
    MembershipFactory(circle=full, enrolment=person(cohort))
    waiting = person(cohort)
    assert "No seat is free" in lead.get(seat_page(waiting)).content.decode()
    for circle in (full, CircleFactory()):
        assert lead.post(seat_page(waiting), {"circle": circle.pk}).status_code == 200
    assert not waiting.memberships.exists()


def test_a_mentor_takes_over_a_circle_without_one(lead: Client, cohort: Cohort) -> None:
    circle = CircleFactory(cohort=cohort, slot=SlotFactory(cohort=cohort))
    mentor = person(cohort, "mentor")
    assert lead.post(seat_page(mentor), {"circle": circle.pk}).status_code == 302
    assert mentor.memberships.get().is_lead


def test_withdrawing_asks_first_then_frees_the_seat(lead: Client, cohort: Cohort) -> None:
    seat = MembershipFactory(circle__cohort=cohort)
    assert "their seat and their organisation" in lead.get(leave_page(seat.enrolment)).content.decode()
    seat.enrolment.refresh_from_db()
    assert seat.enrolment.state == "enrolled"
    assert lead.post(leave_page(seat.enrolment), {"note": "Has changed jobs"}).status_code == 302
    seat.refresh_from_db()
    seat.enrolment.refresh_from_db()
    assert seat.left_at is not None
    assert seat.enrolment.state == "withdrawn"
    assert "Nothing to withdraw" in lead.get(leave_page(seat.enrolment)).content.decode()


@pytest.mark.parametrize("page", [seat_page, leave_page])
def test_only_those_who_form_circles(client: Client, cohort: Cohort, page) -> None:  # type: ignore[no-untyped-def]  # a function
    enrolment = person(cohort)
    client.force_login(StaffFactory(role="read_only"))
    assert client.get(page(enrolment)).status_code == 403
    elsewhere = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=elsewhere, role="manager", cohort=CohortFactory())
    client.force_login(elsewhere)
    assert client.get(page(enrolment)).status_code == 404


def test_the_enrolment_leads_there(lead: Client, cohort: Cohort) -> None:
    enrolment = person(cohort)
    assert seat_page(enrolment) in lead.get(enrolment.get_absolute_url()).content.decode()
    assert seat_page(enrolment) in lead.get("/admin/").content.decode()


def test_costs_the_same_with_one_and_three_circles(lead: Client, cohort: Cohort, count_queries) -> None:  # type: ignore[no-untyped-def]  # a fixture
    waiting = person(cohort)
    MembershipFactory(circle__cohort=cohort)
    once = count_queries(lambda: lead.get(seat_page(waiting)))
    MembershipFactory(circle__cohort=cohort)
    MembershipFactory(circle__cohort=cohort)
    assert count_queries(lambda: lead.get(seat_page(waiting))) == once
