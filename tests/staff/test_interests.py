"""Confirming an organisation, and what comes after."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort, StaffAssignment
from organisations.models import Coordinator, Interest, Organisation, Participation
from tests.factories import (
    CohortFactory,
    FormatFactory,
    InterestFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FILLED = {
    "places_mentee": "5",
    "places_mentor": "1",
    "first_name": "Ann",
    "last_name": "Harper",
    "email": "ann@harper.example",
}


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def interest() -> Interest:
    return InterestFactory(cohort=CohortFactory(), contact_name="Ann Mary Harper", expected_mentees=7)


def confirm_url(interest: Interest) -> str:
    return reverse("admin:confirm_interest", args=[interest.pk])


class TestConfirming:
    def test_the_form_knows_what_the_organisation_said(self, lead: Client, interest: Interest) -> None:
        form = lead.get(confirm_url(interest)).context["form"]

        assert form["places_mentee"].value() == 7
        assert (form["first_name"].value(), form["last_name"].value()) == ("Ann Mary", "Harper")
        assert form["email"].value() == interest.contact_email

    def test_it_confirms_and_says_so(self, lead: Client, interest: Interest) -> None:
        response = lead.post(confirm_url(interest), FILLED, follow=True)

        participation = Participation.objects.get()
        interest.refresh_from_db()
        assert response.redirect_chain == [(participation.get_absolute_url(), 302)]
        assert "is being invited" in response.content.decode()
        assert (participation.cohort, interest.state) == (interest.cohort, "confirmed")
        assert Coordinator.objects.get().user.email == "ann@harper.example"

    def test_an_empty_form_says_what_is_missing_and_does_nothing(self, lead: Client, interest: Interest) -> None:
        response = lead.post(confirm_url(interest), {})

        assert set(response.context["form"].errors) == set(FILLED)
        assert "There is a problem" in response.content.decode()
        assert not Participation.objects.exists()

    def test_what_cannot_be_done_is_said_on_the_form_which_keeps_its_values(
        self, lead: Client, interest: Interest
    ) -> None:
        UserFactory(email="ann@harper.example", is_active=False)

        html = lead.post(confirm_url(interest), FILLED).content.decode()

        assert "switched off" in html
        assert 'value="Ann"' in html
        assert not Participation.objects.exists()

    def test_the_cohort_is_asked_when_nobody_has_said_it(self, lead: Client) -> None:
        organisation, cohort = OrganisationFactory(), CohortFactory()
        url = reverse("admin:confirm_organisation", args=[organisation.pk])

        assert "Choose a cohort" in lead.get(url).content.decode()
        response = lead.post(f"{url}?cohort={cohort.pk}", FILLED)

        assert response.status_code == 302
        assert Participation.objects.get().cohort == cohort

    def test_a_cohort_that_has_closed_cannot_be_chosen(self, lead: Client) -> None:
        closed = CohortFactory(closed_at="2026-01-01T00:00Z")
        url = reverse("admin:confirm_organisation", args=[OrganisationFactory().pk])

        assert lead.get(f"{url}?cohort={closed.pk}").context["form"].errors
        assert lead.get(f"{url}?cohort=nonsense").context["form"].errors

    def test_the_places_are_those_of_the_format(self, lead: Client) -> None:
        pairs = FormatFactory(
            key="reciprocal", lead_role="partner", member_role="partner", capacity=1, minimum=1, target=1
        )
        interest = InterestFactory(cohort=CohortFactory(format=pairs))

        form = lead.get(confirm_url(interest)).context["form"]

        assert form.place_fields == "places_partner"


class TestAnswering:
    @pytest.mark.parametrize(("verb", "state"), [("take", "new"), ("answer", "answered"), ("close", "closed")])
    def test_with_one_button(self, lead: Client, interest: Interest, verb: str, state: str) -> None:
        response = lead.post(reverse("admin:handle_interest", args=[interest.pk]), {"verb": verb})

        interest.refresh_from_db()
        assert response.status_code == 302
        assert interest.state == state

    def test_never_by_looking(self, lead: Client, interest: Interest) -> None:
        assert lead.get(reverse("admin:handle_interest", args=[interest.pk])).status_code == 405

    def test_only_with_a_known_verb(self, lead: Client, interest: Interest) -> None:
        assert lead.post(reverse("admin:handle_interest", args=[interest.pk]), {"verb": "x"}).status_code == 404

    def test_an_adviser_may_answer_their_queue(self, client: Client) -> None:
        client.force_login(StaffFactory(role="relationship_manager"))
        interest = InterestFactory(routing="relationship_manager")

        client.post(reverse("admin:handle_interest", args=[interest.pk]), {"verb": "answer"})

        interest.refresh_from_db()
        assert interest.state == "answered"


class TestPlaces:
    def test_can_grow(self, lead: Client) -> None:
        participation = ParticipationFactory()
        url = reverse("admin:participation_places", args=[participation.pk])

        assert lead.get(url).context["form"]["places_mentee"].value() == 5
        lead.post(url, {"places_mentee": "8", "places_mentor": "2"})

        assert participation.places.count() == 10

    def test_never_shrink_below_those_held(self, lead: Client) -> None:
        participation = ParticipationFactory()
        NominationFactory.create_batch(2, participation=participation)
        url = reverse("admin:participation_places", args=[participation.pk])

        html = lead.post(url, {"places_mentee": "1", "places_mentor": "1"}).content.decode()

        assert "2 mentee places are taken already" in html
        assert participation.places.count() == 6

    def test_a_second_coordinator_is_added(self, lead: Client) -> None:
        participation = ParticipationFactory()
        url = reverse("admin:participation_coordinator", args=[participation.pk])

        assert lead.post(url, {}).context["form"].errors
        lead.post(url, {"first_name": "Bo", "last_name": "B", "email": "bo@harper.example"})

        assert User.objects.get(email="bo@harper.example").coordinations.count() == 1


class TestMerging:
    def test_is_confirmed_first(self, lead: Client) -> None:
        keep, duplicate = OrganisationFactory(name="Harper"), OrganisationFactory(name="Harpr")
        url = reverse("admin:merge_organisations", args=[keep.pk, duplicate.pk])

        assert "can’t be undone" in lead.get(url).content.decode()
        assert Organisation.objects.count() == 2
        assert lead.post(url).url == keep.get_absolute_url()
        assert list(Organisation.objects.all()) == [keep]

    def test_says_why_it_cannot_be(self, lead: Client) -> None:
        one = ParticipationFactory()
        other = ParticipationFactory(cohort=one.cohort)
        url = reverse("admin:merge_organisations", args=[one.organisation.pk, other.organisation.pk])

        assert "Both are confirmed in" in lead.post(url).content.decode()


PAGES = ["confirm_organisation", "participation_places", "participation_coordinator", "merge_organisations"]


def address(name: str, participation: Participation) -> str:
    organisation = participation.organisation
    keys = {
        "confirm_organisation": [organisation.pk],
        "merge_organisations": [organisation.pk, OrganisationFactory().pk],
    }
    return reverse(f"admin:{name}", args=keys.get(name, [participation.pk]))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["relationship_manager", "analyst", "read_only"])
def test_only_the_team_confirms(client: Client, name: str, role: str) -> None:
    client.force_login(StaffFactory(role=role))

    assert client.get(address(name, ParticipationFactory())).status_code in {403, 404}


def test_a_manager_of_another_cohort_finds_nothing(client: Client) -> None:
    manager = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=manager, role="manager", cohort=CohortFactory())
    client.force_login(manager)
    theirs = ParticipationFactory()

    assert client.get(reverse("admin:participation_places", args=[theirs.pk])).status_code == 404
    url = reverse("admin:confirm_organisation", args=[theirs.organisation.pk])
    assert client.get(f"{url}?cohort={theirs.cohort.pk}").context["form"].errors
    assert Cohort.objects.count() == 2
