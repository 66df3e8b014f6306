"""Interest, confirmation, places, coordinators and merging."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from organisations import services
from organisations.models import Coordinator, Demand, Organisation, Participation
from outbox.models import Message
from privacy.models import AuditEvent
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    FormatFactory,
    InterestFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def submission(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "registration",
        "organisation": "Harper Bakery",
        "sector": "retail",
        "size": "50-249",
        "places_of_work": "Leeds",
        "contact_name": "Ann Harper",
        "contact_email": "Ann@harper.example",
        "contact_role": "People partner",
        "is_member": True,
        "has_package": None,
        "cohort": None,
        "expected_mentees": 5,
        "expected_mentors": 1,
        "message": "Hello",
    } | changes


def sent(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=f"organisations.{kind}").values_list("address", flat=True))


class TestRegistering:
    def test_stores_what_was_said(self) -> None:
        interest = services.register_interest(data=submission())

        interest.refresh_from_db()
        organisation = interest.organisation
        assert (organisation.name, organisation.domain, organisation.sector) == (
            "Harper Bakery",
            "harper.example",
            "retail",
        )
        assert (organisation.is_member, organisation.has_package) == (True, False)
        assert (interest.routing, interest.state, interest.assigned_to) == ("relationship_manager", "new", None)
        assert (interest.contact_email, interest.expected_mentees, interest.has_package) == (
            "ann@harper.example",
            5,
            None,
        )

    def test_a_question_needs_no_facts(self) -> None:
        data = submission(kind="question")
        for name in ("sector", "size", "places_of_work", "cohort", "expected_mentees", "expected_mentors"):
            del data[name]

        assert services.register_interest(data=data).organisation.sector == ""

    def test_a_second_submission_joins_the_first(self) -> None:
        first = services.register_interest(data=submission())

        second = services.register_interest(
            data=submission(organisation="HARPER BAKERY LTD", contact_email="bo@gmail.com", sector="other", size="")
        )

        assert second.organisation == first.organisation
        assert second.organisation_as_written == "HARPER BAKERY LTD"
        first.organisation.refresh_from_db()
        assert (first.organisation.name, first.organisation.sector) == ("Harper Bakery", "retail")

    def test_a_second_submission_fills_in_what_was_unknown_but_not_membership(self) -> None:
        services.register_interest(data=submission(contact_email="a@gmail.com", sector="", is_member=False))

        interest = services.register_interest(data=submission(is_member=True, has_package=True))

        organisation = Organisation.objects.get()
        assert (organisation.domain, organisation.sector, organisation.is_member) == ("harper.example", "retail", False)
        assert interest.routing == "inclusion_adviser"

    def test_what_staff_know_counts_when_the_contact_is_not_sure(self) -> None:
        OrganisationFactory(name="Harper Bakery", has_package=True)

        interest = services.register_interest(data=submission(is_member=None, has_package=None))

        assert interest.routing == "inclusion_adviser"

    def test_the_button_pressed_twice_is_one_submission(self) -> None:
        first = services.register_interest(data=submission())

        assert services.register_interest(data=submission()) == first
        assert services.register_interest(data=submission(message="Another thing")) != first
        assert len(sent("interest_received")) == 2

    def test_the_contact_and_the_team_are_told(self) -> None:
        lead, manager = StaffFactory(), StaffFactory(role="manager")
        StaffFactory(role="read_only")
        StaffFactory(role="relationship_manager")
        StaffFactory(is_active=False)

        services.register_interest(data=submission())

        assert sent("interest_received") == ["ann@harper.example"]
        assert sent("interest_assigned") == sorted([lead.email, manager.email])

    def test_the_organisations_own_adviser_gets_it(self) -> None:
        StaffFactory()
        adviser = StaffFactory(role="relationship_manager")
        OrganisationFactory(name="Harper Bakery", adviser=adviser)

        interest = services.register_interest(data=submission())

        assert interest.assigned_to == adviser
        assert sent("interest_assigned") == [adviser.email]

    def test_an_adviser_who_left_gets_nothing(self) -> None:
        lead = StaffFactory()
        gone = StaffFactory(role="relationship_manager", is_active=False)
        OrganisationFactory(name="Harper Bakery", adviser=gone)

        interest = services.register_interest(data=submission())

        assert interest.assigned_to is None
        assert sent("interest_assigned") == [lead.email]

    def test_the_audit_trail_holds_no_names(self) -> None:
        interest = services.register_interest(data=submission())

        event = AuditEvent.objects.get(verb="interest.registered")
        assert event.object_id == interest.pk
        assert event.data == {"routing": "relationship_manager", "joined": False}


class TestAnswering:
    def test_assigning_tells_the_person_once(self) -> None:
        lead, adviser = StaffFactory(), StaffFactory(role="inclusion_adviser")
        interest = InterestFactory()

        services.assign_interest(interest=interest, to=adviser, by=lead)
        services.assign_interest(interest=interest, to=adviser, by=lead)

        interest.refresh_from_db()
        assert interest.assigned_to == adviser
        assert sent("interest_assigned") == [adviser.email]
        assert AuditEvent.objects.filter(verb="interest.assigned").count() == 1

    def test_taking_it_oneself_sends_nothing(self) -> None:
        lead = StaffFactory()

        services.assign_interest(interest=InterestFactory(), to=lead, by=lead)

        assert sent("interest_assigned") == []

    def test_answering_notes_when_and_by_whom_once(self) -> None:
        lead = StaffFactory()
        first = services.answer_interest(interest=InterestFactory(), by=lead)

        again = services.answer_interest(interest=first, by=StaffFactory())

        assert (again.state, again.answered_at, again.assigned_to) == ("answered", first.answered_at, lead)

    def test_a_confirmed_interest_stays_confirmed(self) -> None:
        interest = InterestFactory(state="confirmed")

        assert services.close_interest(interest=interest, by=StaffFactory()).state == "confirmed"

    def test_a_wrong_joining_is_undone(self) -> None:
        first = InterestFactory()
        second = InterestFactory(organisation=first.organisation, organisation_as_written="Another employer")

        own = services.separate_interest(interest=second, by=StaffFactory())

        second.refresh_from_db()
        assert (own.name, second.organisation, first.organisation.interests.count()) == ("Another employer", own, 1)
        with pytest.raises(ValidationError):
            services.separate_interest(interest=first, by=StaffFactory())


ANN = {"first_name": "Ann", "last_name": "Harper", "email": "Ann@harper.example"}


def confirm(**changes: Any) -> Participation:
    if "cohort" not in changes:
        changes["cohort"] = CohortFactory()
    if "organisation" not in changes:
        changes["organisation"] = OrganisationFactory()
    defaults = {"places": {"mentee": 5, "mentor": 1}, "coordinator": ANN, "by": StaffFactory()}
    return services.confirm_participation(**defaults | changes)


class TestConfirming:
    def test_makes_places_account_and_invitation(self) -> None:
        interest = InterestFactory()

        participation = confirm(organisation=interest.organisation, interest=interest)

        interest.refresh_from_db()
        user = User.objects.get(email="ann@harper.example")
        assert interest.state == "confirmed"
        assert [(p.role, p.number) for p in participation.places.all()] == [
            *[("mentee", n) for n in range(1, 6)],
            ("mentor", 1),
        ]
        assert Coordinator.objects.get().user == user
        assert not user.has_usable_password()
        assert sent("coordinator_invited") == ["ann@harper.example"]

    def test_an_account_that_exists_is_used_and_keeps_its_name(self) -> None:
        user = UserFactory(email="ann@harper.example", first_name="Anna")

        confirm()

        user.refresh_from_db()
        assert (Coordinator.objects.get().user, user.first_name) == (user, "Anna")

    def test_nothing_happens_when_the_account_is_switched_off(self) -> None:
        UserFactory(email="ann@harper.example", is_active=False)

        with pytest.raises(ValidationError, match="switched off"):
            confirm()

        assert not Participation.objects.exists()

    def test_twice_in_one_cohort_is_refused(self) -> None:
        participation = confirm()

        with pytest.raises(ValidationError, match="already"):
            confirm(organisation=participation.organisation, cohort=participation.cohort)

    def test_a_withdrawn_organisation_may_come_back(self) -> None:
        participation = ParticipationFactory(withdrawn_at="2026-01-01T00:00Z", places={"mentee": 2, "mentor": 0})

        again = confirm(organisation=participation.organisation, cohort=participation.cohort)

        assert again == participation
        assert (again.withdrawn_at, again.places.count()) == (None, 6)

    @pytest.mark.parametrize(
        "places",
        [{"mentee": 5}, {"mentee": 0, "mentor": 0}, {"mentee": -1, "mentor": 1}, {"mentee": 501, "mentor": 1}],
    )
    def test_places_must_fit_the_format(self, places: dict[str, int]) -> None:
        with pytest.raises(ValidationError):
            confirm(places=places)

    def test_a_format_with_one_role_has_one_number(self) -> None:
        reciprocal = FormatFactory(
            key="reciprocal", lead_role="partner", member_role="partner", capacity=1, minimum=1, target=1
        )

        participation = confirm(cohort=CohortFactory(format=reciprocal), places={"partner": 3})

        assert participation.places.filter(role="partner").count() == 3

    def test_a_closed_cohort_takes_nobody(self) -> None:
        with pytest.raises(ValidationError, match="closed"):
            confirm(cohort=CohortFactory(closed_at="2026-01-01T00:00Z"))

    def test_a_second_coordinator_is_invited_and_the_first_not_again(self) -> None:
        participation = confirm()

        for _ in range(2):
            services.add_coordinator(
                participation=participation, first_name="Bo", last_name="B", email="bo@x.example", by=StaffFactory()
            )

        assert participation.organisation.coordinators.count() == 2
        assert sent("coordinator_invited") == ["ann@harper.example", "bo@x.example"]

    def test_individuals_who_asked_are_told_and_their_address_is_erased(self) -> None:
        demand = services.record_demand(employer="Harper Bakery", email="zoe@mail.example", may_tell_employer=True)

        confirm(organisation=OrganisationFactory(name="Harper Bakery Ltd"))

        demand.refresh_from_db()
        assert (demand.email, sent("employer_joined")) == ("", ["zoe@mail.example"])


class TestPlaces:
    def test_more_and_fewer(self) -> None:
        participation = ParticipationFactory()

        services.set_places(participation=participation, places={"mentee": 2, "mentor": 3}, by=StaffFactory())

        assert sorted(participation.places.values_list("role", "number")) == [
            ("mentee", 1),
            ("mentee", 2),
            ("mentor", 1),
            ("mentor", 2),
            ("mentor", 3),
        ]

    def test_never_fewer_than_are_taken(self) -> None:
        participation = ParticipationFactory()
        NominationFactory.create_batch(3, participation=participation)

        with pytest.raises(ValidationError, match="3 mentee places are taken already"):
            services.set_places(participation=participation, places={"mentee": 2, "mentor": 1}, by=StaffFactory())

        assert participation.places.count() == 6

    def test_the_taken_ones_stay_wherever_they_are(self) -> None:
        participation = ParticipationFactory()
        last = participation.places.filter(role="mentee").last()
        NominationFactory(participation=participation, place=last)

        services.set_places(participation=participation, places={"mentee": 1, "mentor": 1}, by=StaffFactory())

        assert participation.places.get(role="mentee") == last
        services.set_places(participation=participation, places={"mentee": 3, "mentor": 1}, by=StaffFactory())
        assert sorted(participation.places.filter(role="mentee").values_list("number", flat=True)) == [1, 2, 5]


class TestMerging:
    def test_everything_moves(self) -> None:
        keep = OrganisationFactory(name="Harper Bakery", domain="", is_member=False)
        duplicate = OrganisationFactory(name="Harpr", domain="harper.example", is_member=True)
        interest = InterestFactory(organisation=duplicate)
        participation = ParticipationFactory(organisation=duplicate)
        enrolment = EnrolmentFactory(organisation=duplicate)
        demand = Demand.objects.create(employer="Harpr", employer_key="harpr", organisation=duplicate)

        services.merge_organisations(keep=keep, duplicate=duplicate, by=StaffFactory())

        for row in (interest, participation, enrolment, demand):
            row.refresh_from_db()
            assert row.organisation == keep
        keep.refresh_from_db()
        assert (keep.domain, keep.is_member) == ("harper.example", True)
        assert not Organisation.objects.filter(pk=duplicate.pk).exists()
        assert AuditEvent.objects.filter(verb="organisation.merged", object_id=keep.pk).exists()

    def test_a_coordinator_of_both_stays_one(self) -> None:
        first = CoordinatorFactory()
        second = CoordinatorFactory(user=first.user)

        services.merge_organisations(keep=first.organisation, duplicate=second.organisation, by=StaffFactory())

        assert Coordinator.objects.get() == first

    def test_two_in_one_cohort_are_refused(self) -> None:
        one = ParticipationFactory()
        other = ParticipationFactory(cohort=one.cohort)

        with pytest.raises(ValidationError, match=str(one.cohort)):
            services.merge_organisations(keep=one.organisation, duplicate=other.organisation, by=StaffFactory())

    def test_one_with_itself_is_refused(self) -> None:
        one = OrganisationFactory()

        with pytest.raises(ValidationError):
            services.merge_organisations(keep=one, duplicate=one, by=StaffFactory())


def test_demand_is_counted_for_the_employer() -> None:
    harper = OrganisationFactory(name="Harper Bakery")

    demand = services.record_demand(employer="HARPER BAKERY LTD", email="", may_tell_employer=False)

    assert (demand.organisation, demand.employer_key, demand.email) == (harper, "harper bakery", "")
