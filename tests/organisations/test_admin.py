"""The queue and the lists: who sees what, at what cost, and what their buttons do."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.models import StaffAssignment
from organisations.models import Demand, Interest
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    InterestFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)
from tests.staff.acting import act, choose

pytestmark = pytest.mark.django_db

QUEUE = "/admin/organisations/interest/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seen_by(user: User) -> set[Interest]:
    return set(Interest.objects.for_staff(user))


class TestWhoSeesWhat:
    def test_an_adviser_sees_their_own_and_the_queue_of_their_kind(self) -> None:
        me, colleague = StaffFactory(role="relationship_manager"), StaffFactory(role="relationship_manager")
        mine = InterestFactory(routing="inclusion_adviser", assigned_to=me)
        queue = InterestFactory(routing="relationship_manager")
        InterestFactory(routing="relationship_manager", assigned_to=colleague)
        InterestFactory(routing="inclusion_adviser")
        InterestFactory(routing="advisory_team")

        assert seen_by(me) == {mine, queue}

    @pytest.mark.parametrize("role", ["lead", "manager", "read_only"])
    def test_the_team_sees_everything(self, role: str) -> None:
        rows = {InterestFactory(routing=routing) for routing in Interest.Routing.values}

        assert seen_by(StaffFactory(role=role)) == rows

    def test_somebody_of_one_cohort_sees_it_and_what_has_no_cohort_yet(self) -> None:
        manager = UserFactory(is_staff=True)
        cohort = CohortFactory()
        StaffAssignment.objects.create(user=manager, role="manager", cohort=cohort)
        seen = {InterestFactory(cohort=cohort), InterestFactory(cohort=None)}
        InterestFactory(cohort=CohortFactory())

        assert seen_by(manager) == seen

    def test_the_page_of_somebody_elses_is_not_found(self) -> None:
        client = signed_in(StaffFactory(role="relationship_manager"))
        theirs = InterestFactory(routing="inclusion_adviser")

        assert client.get(theirs.get_absolute_url(), follow=True).redirect_chain[-1][0] == "/admin/"
        assert client.post(reverse("admin:handle_interest", args=[theirs.pk]), {"verb": "take"}).status_code == 404
        assert client.get(theirs.organisation.get_absolute_url()).status_code == 302

    def test_an_analyst_sees_no_queue(self) -> None:
        assert signed_in(StaffFactory(role="analyst")).get(QUEUE).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
class TestCost:
    @pytest.fixture
    def lead(self) -> Client:
        return signed_in(StaffFactory())

    def test_of_the_queue(self, lead: Client, count_queries, rows: int) -> None:
        for _ in range(rows):
            InterestFactory(cohort=CohortFactory(), assigned_to=StaffFactory())

        assert count_queries(lambda: lead.get(QUEUE)) == 12

    def test_of_the_organisations(self, lead: Client, count_queries, rows: int) -> None:
        for _ in range(rows):
            organisation = OrganisationFactory(adviser=StaffFactory())
            Demand.objects.create(employer="x", employer_key="x", organisation=organisation)

        assert count_queries(lambda: lead.get("/admin/organisations/organisation/")) == 10

    def test_of_the_participations(self, lead: Client, count_queries, rows: int) -> None:
        cohort = CohortFactory()
        for _ in range(rows):
            NominationFactory(participation=ParticipationFactory(cohort=cohort))

        assert count_queries(lambda: lead.get("/admin/organisations/participation/")) == 10

    def test_of_the_demand(self, lead: Client, count_queries, rows: int) -> None:
        for _ in range(rows):
            Demand.objects.create(employer="x", employer_key="x", organisation=OrganisationFactory())

        assert count_queries(lambda: lead.get("/admin/organisations/demand/")) == 7


class TestActing:
    @pytest.mark.parametrize(("action", "state"), [("take", "new"), ("mark_answered", "answered"), ("close", "closed")])
    def test_on_the_list(self, action: str, state: str) -> None:
        lead = StaffFactory()
        rows = InterestFactory.create_batch(2)

        act(signed_in(lead), QUEUE, action, rows)

        assert set(Interest.objects.values_list("state", flat=True)) == {state}

    def test_separating_is_for_the_team(self) -> None:
        first = InterestFactory(organisation_as_written="Weaver Mills")
        InterestFactory(organisation=first.organisation)

        choose(signed_in(StaffFactory(role="relationship_manager")), QUEUE, "separate", [first], sure="yes")
        first.refresh_from_db()
        assert first.organisation.name != "Weaver Mills"

        act(signed_in(StaffFactory()), QUEUE, "separate", [first])
        first.refresh_from_db()
        assert first.organisation.name == "Weaver Mills"

    def test_giving_it_to_somebody_on_its_page(self) -> None:
        adviser, interest = StaffFactory(role="inclusion_adviser"), InterestFactory(message="Hello")

        signed_in(StaffFactory()).post(
            interest.get_absolute_url(), {"assigned_to": str(adviser.pk), "message": "Changed", "state": "closed"}
        )

        interest.refresh_from_db()
        assert (interest.assigned_to, interest.message, interest.state) == (adviser, "Hello", "new")
        assert LogEntry.objects.exists()

    def test_an_outsider_cannot_be_given_it(self) -> None:
        interest = InterestFactory()

        signed_in(StaffFactory()).post(interest.get_absolute_url(), {"assigned_to": str(UserFactory().pk)})

        interest.refresh_from_db()
        assert interest.assigned_to is None


def test_pages_show_what_is_needed() -> None:
    lead = signed_in(StaffFactory())
    coordinator = CoordinatorFactory(organisation__name="Harper Bakery")
    harper = coordinator.organisation
    twin = OrganisationFactory(name="Harpr Bakery")
    participation = ParticipationFactory(organisation=harper)
    NominationFactory(participation=participation, state="accepted")

    organisation_page = lead.get(harper.get_absolute_url()).content.decode()
    participation_page = lead.get(participation.get_absolute_url()).content.decode()

    assert reverse("admin:merge_organisations", args=[harper.pk, twin.pk]) in organisation_page
    assert "Mentor: 0 of 1, Mentee: 1 of 5" in participation_page
    assert coordinator.user.email in participation_page


def test_demand_is_counted_by_employer_and_names_nobody() -> None:
    for email in ("a@mail.example", "b@mail.example"):
        Demand.objects.create(employer="Weaver", employer_key="weaver", email=email)
    Demand.objects.create(employer="Aardvark", employer_key="aardvark")

    response = signed_in(StaffFactory()).get("/admin/organisations/demand/")

    assert [row.people for row in response.context["cl"].result_list] == [2, 2, 1]
    assert "mail.example" not in response.content.decode()
