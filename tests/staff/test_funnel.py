"""From enquiry to certificate: every figure is the length of the list that its link opens."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Attendance
from cohorts.models import Cohort
from staff import funnel
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


def furnish(cohort: Cohort) -> None:
    """An organisation with two enquiries and somebody at every stage, and one that left."""
    organisation = OrganisationFactory()
    InterestFactory.create_batch(2, cohort=cohort, organisation=organisation)
    part = ParticipationFactory(cohort=cohort, organisation=organisation)
    ParticipationFactory(cohort=cohort, withdrawn_at=clock.now())
    NominationFactory(participation=part)
    EnrolmentFactory(cohort=cohort, organisation=organisation, state="started", agreed_at=None)
    EnrolmentFactory(cohort=cohort, organisation=organisation, state="withdrawn")
    EnrolmentFactory(cohort=cohort, organisation=organisation, state="completed")
    seat = MembershipFactory(circle__cohort=cohort, enrolment__organisation=organisation)
    MembershipFactory(circle__cohort=cohort, enrolment__organisation=organisation, left_at=clock.now())
    Attendance.objects.create(
        session=SessionFactory(circle=seat.circle, starts_at=clock.now()), enrolment=seat.enrolment, attended=True
    )


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(role="lead"))
    return client


def test_every_number_is_the_length_of_its_list_for_each_organisation_and_for_all(lead: Client) -> None:
    cohort, other = CohortFactory(), CohortFactory()
    for one in (cohort, other, cohort):
        furnish(one)
    page = lead.get(reverse("admin:cohort_organisations", args=[cohort.pk]))
    totals, lines = page.context["totals"], page.context["lines"]
    assert [stage.count for stage in totals] == [2, 2, 2, 6, 2, 2, 2]
    for stage in [*totals, *(stage for line in lines for stage in line.stages[1:])]:
        if stage.url:
            assert lead.get(stage.url).context["cl"].result_count == stage.count, stage
    enquiries = [lead.get(line.stages[0].url).context["cl"].result_count for line in lines if line.stages[0].url]
    assert enquiries == [2, 2]  # of an organisation its link says that it is there; it may have asked more than once


def test_who_withdrew_after_a_session_is_in_no_stage_and_is_said_beside_them(lead: Client) -> None:
    cohort = CohortFactory()
    furnish(cohort)
    gone = EnrolmentFactory(cohort=cohort, state="withdrawn")
    session = SessionFactory(circle__cohort=cohort, starts_at=clock.now())
    Attendance.objects.create(session=session, enrolment=gone, attended=True)
    page = lead.get(reverse("admin:cohort_page", args=[cohort.pk]))
    counts = {stage.label: stage.count for stage in page.context["stages"]}
    assert counts["attending"] == 1 <= counts["placed"] <= counts["enrolled"]
    assert "2 people withdrew" in page.content.decode()
    assert lead.get(page.context["left"].url).context["cl"].result_count == 2
    waits = EnrolmentFactory(cohort=cohort)  # came, and was taken out of their circle until one fits
    Attendance.objects.create(session=session, enrolment=waits, attended=True)
    page = lead.get(reverse("admin:cohort_page", args=[cohort.pk]))
    after = {stage.label: stage.count for stage in page.context["stages"]}
    assert [after[name] - counts[name] for name in ("enrolled", "placed", "attending")] == [1, 1, 1]


def test_costs_the_same_with_one_and_three_organisations(lead: Client, count_queries: Any) -> None:
    cohort = CohortFactory()
    furnish(cohort)
    url = reverse("admin:cohort_organisations", args=[cohort.pk])
    once = count_queries(lambda: lead.get(url))
    furnish(cohort)
    furnish(cohort)
    assert count_queries(lambda: lead.get(url)) == once


def test_who_may_not_see_a_list_gets_no_link_to_it() -> None:
    cohort = CohortFactory(launch=clock.today() + dt.timedelta(days=30))
    furnish(cohort)
    lines, totals = funnel.by_organisation(cohort, StaffFactory(role="analyst"))
    assert {stage.url for stage in totals} == {""} == {line.url for line in lines}
