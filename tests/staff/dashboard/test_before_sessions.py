"""Rules from the first interest to the publication of circles, each with what it finds and what it lets be."""

import datetime as dt
from typing import Any

import pytest

from accounts import clock
from accounts.models import User
from organisations.models import Interest
from staff.attention.base import short_date
from tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
)
from tests.staff.dashboard.findings import found, recruiting, running

pytestmark = pytest.mark.django_db


class TestUnansweredInterest:
    @pytest.fixture(autouse=True)
    def _monday(self, move_clock: Any) -> None:
        move_clock(dt.date(2026, 11, 23))

    def test_found_after_two_working_days(self, lead: User) -> None:
        InterestFactory(organisation__name="Ashdown", created_at=clock.now() - dt.timedelta(days=4))
        assert found("interest_unanswered", lead) == ["Ashdown, since 19 November, in the team’s queue"]

    def test_a_weekend_is_not_counted(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=3))
        assert found("interest_unanswered", lead) == []

    def test_not_found_once_answered(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9), state=Interest.State.ANSWERED)
        assert found("interest_unanswered", lead) == []

    def test_a_new_one_stands_there_at_once_until_somebody_takes_it_on(self, lead: User) -> None:
        interest = InterestFactory(organisation__name="Ashdown")
        assert found("interest_in_queue", lead) == [f"Ashdown, since {short_date(clock.today())}"]
        Interest.objects.filter(pk=interest.pk).update(assigned_to=lead)
        assert found("interest_in_queue", lead) == []

    def test_a_late_one_stands_there_once(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9))
        assert found("interest_in_queue", lead) == []
        assert len(found("interest_unanswered", lead)) == 1

    def test_an_adviser_sees_their_own_queue_only(self) -> None:
        mine = StaffFactory(role="relationship_manager")
        old = clock.now() - dt.timedelta(days=9)
        InterestFactory(organisation__name="Ashdown", created_at=old, assigned_to=mine)
        InterestFactory(organisation__name="Birch", created_at=old, assigned_to=StaffFactory(role="inclusion_adviser"))
        assert [evidence.split(",")[0] for evidence in found("interest_unanswered", mine)] == ["Ashdown"]

    def test_an_analyst_sees_none(self) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9))
        assert found("interest_unanswered", StaffFactory(role="analyst")) == []


class TestConfirmedOrganisation:
    def test_without_coordinator(self, lead: User) -> None:
        cohort = recruiting(60)
        ParticipationFactory(cohort=cohort, organisation__name="Ashdown")
        CoordinatorFactory(organisation=ParticipationFactory(cohort=cohort).organisation)
        former = ParticipationFactory(cohort=cohort, organisation__name="Birch")
        CoordinatorFactory(organisation=former.organisation, ended_at=clock.now())
        ParticipationFactory(cohort=cohort, withdrawn_at=clock.now())
        assert found("no_coordinator", lead, cohort) == ["Ashdown", "Birch"]

    def test_places_unfilled_near_the_deadline(self, lead: User) -> None:
        cohort = recruiting(10)
        participation = ParticipationFactory(cohort=cohort, organisation__name="Ashdown")
        for place in participation.places.all()[1:]:
            NominationFactory(participation=participation, role=place.role, place=place)
        role = participation.places.first().get_role_display().lower()
        [evidence] = found("places_unfilled", lead, cohort)
        assert evidence.startswith(f"Ashdown: 1 {role} place free until ")

    def test_no_hurry_before(self, lead: User) -> None:
        cohort = recruiting(15)
        ParticipationFactory(cohort=cohort)
        assert found("places_unfilled", lead, cohort) == []

    def test_too_late_after(self, lead: User) -> None:
        cohort = recruiting(-1)
        ParticipationFactory(cohort=cohort)
        assert found("places_unfilled", lead, cohort) == []


class TestPeopleOnTheirWay:
    @pytest.mark.parametrize(("days_left", "expected"), [(7, 1), (0, 1), (8, 0), (-1, 0)])
    def test_nominee_unanswered(self, lead: User, days_left: int, expected: int) -> None:
        cohort = recruiting(days_left)
        NominationFactory(participation=ParticipationFactory(cohort=cohort))
        assert len(found("nominee_unanswered", lead, cohort)) == expected

    def test_form_unfinished_after_recruitment(self, lead: User) -> None:
        earlier = clock.now() - dt.timedelta(days=4)
        for days, expected in ((-1, 1), (7, 1), (8, 0)):
            cohort = recruiting(days)
            EnrolmentFactory(cohort=cohort, state="started", agreed_at=None, created_at=earlier)
            EnrolmentFactory(cohort=cohort, state="started", agreed_at=None)
            EnrolmentFactory(cohort=cohort, created_at=earlier)
            assert len(found("form_unfinished", lead, cohort)) == expected

    def test_unplaced_after_publication(self, lead: User) -> None:
        cohort = running()
        EnrolmentFactory(cohort=cohort, user__first_name="Wai", user__last_name="Ting")
        EnrolmentFactory(cohort=cohort, state="withdrawn")
        MembershipFactory(circle__cohort=cohort)
        [evidence] = found("unplaced", lead, cohort)
        assert evidence.startswith("Wai Ting of ")

    def test_nobody_is_unplaced_before_it(self, lead: User) -> None:
        cohort = recruiting(-1)
        EnrolmentFactory(cohort=cohort)
        assert found("unplaced", lead, cohort) == []
