"""The public forms in the browser's eyes: nothing typed is lost, no mistake is unclear, no program gets in."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisDown

from accounts import clock
from organisations.models import Demand, Interest
from outbox.models import Message
from tests.factories import CohortFactory, OrganisationFactory, ParticipationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

REGISTRATION = {
    "organisation": "Harper Bakery",
    "sector": "retail",
    "size": "50-249",
    "places_of_work": "Leeds",
    "is_member": "yes",
    "has_package": "not_sure",
    "contact_name": "Ann Harper",
    "contact_email": "ann@harper.example",
    "contact_role": "People partner",
    "cohort": "",
    "expected_mentees": "5",
    "expected_mentors": "",
    "message": "Hello there",
}
QUESTION = {
    name: REGISTRATION[name] for name in ("organisation", "is_member", "has_package", "contact_name", "contact_email")
} | {"message": "What does it cost?"}


def register(client: Client, **changes: object):
    return client.post(reverse("portal:interest_registration"), REGISTRATION | changes)


def test_a_registration_is_stored_routed_and_acknowledged(client: Client) -> None:
    cohort = CohortFactory()

    response = register(client, cohort=str(cohort.pk))

    interest = Interest.objects.get()
    assert response.url == reverse("portal:interest_thanks")
    assert (interest.kind, interest.cohort, interest.routing) == ("registration", cohort, "relationship_manager")
    assert (interest.is_member, interest.has_package) == (True, None)
    assert (interest.expected_mentees, interest.expected_mentors) == (5, None)
    assert Message.objects.get(kind="organisations.interest_received").address == "ann@harper.example"


def test_who_sent_it_is_told_where_the_receipt_went_and_who_answers(client: Client) -> None:
    assert "within 5 working days" in client.get(reverse("portal:interest_registration")).content.decode()
    register(client, contact_email="a<b@harper.example")  # refused
    register(client)
    thanks = client.get(reverse("portal:interest_thanks")).content.decode()
    assert "<strong>ann@harper.example</strong>" in thanks
    assert "Your Relationship Manager writes to you by" in thanks
    assert "ann@" not in str(client.session.items())
    assert "Somebody who knows the programme" in Client().get(reverse("portal:interest_thanks")).content.decode()


def test_a_question_is_stored(client: Client) -> None:
    response = client.post(reverse("portal:interest_question"), QUESTION)

    assert response.status_code == 302
    assert Interest.objects.get().message == "What does it cost?"


@pytest.mark.parametrize(
    ("name", "errors"), [("interest_registration", 7), ("interest_question", 6), ("individuals", 1)]
)
def test_an_empty_form_says_what_is_missing(client: Client, name: str, errors: int) -> None:
    response = client.post(reverse(f"portal:{name}"), {})
    html = response.content.decode()

    assert response.status_code == 200
    assert len(response.context["form"].errors) == errors
    assert "There is a problem" in html
    assert "<title>Error: " in html
    assert "This field is required" not in html


def test_nothing_typed_is_lost(client: Client) -> None:
    html = register(client, contact_email="ann at harper").content.decode()

    for typed in ("Harper Bakery", "Leeds", "Ann Harper", "ann at harper", "People partner", "Hello there"):
        assert typed in html
    assert html.count(" checked") == 4  # size, member, package, cohort
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expected_mentees", "a few"),
        ("expected_mentees", "-1"),
        ("expected_mentors", "501"),
        ("organisation", "Buy at https://spam.example"),
        ("contact_name", "www.spam.example"),
        ("size", "12"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(client: Client, field: str, value: str) -> None:
    response = register(client, **{field: value})

    assert list(response.context["form"].errors) == [field]


def test_only_cohorts_that_have_not_launched_are_offered(client: Client) -> None:
    running = CohortFactory(launch=clock.today() - dt.timedelta(days=1))

    assert running.name not in client.get(reverse("portal:interest_registration")).content.decode()
    assert "cohort" in register(client, cohort=str(running.pk)).context["form"].errors


def test_the_link_of_a_cohort_chooses_it(client: Client) -> None:
    cohort = CohortFactory()

    html = client.get(reverse("portal:interest_registration"), {"cohort": str(cohort.pk)}).content.decode()

    chosen = [line for line in html.split("<input") if " checked" in line]
    assert [str(cohort.pk) in line for line in chosen] == [True]


@pytest.mark.parametrize("nonsense", ["", "x", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_a_link_with_nonsense_chooses_nothing(client: Client, nonsense: str) -> None:
    assert client.get(reverse("portal:interest_registration"), {"cohort": nonsense}).status_code == 200


class TestSpam:
    def test_a_filled_hidden_box_stores_nothing_and_loses_nothing(self, client: Client) -> None:
        response = register(client, more_about_you="Best prices")
        html = response.content.decode()

        assert not Interest.objects.exists()
        assert "hidden box" in html
        assert "Harper Bakery" in html
        assert "Best prices" not in html
        assert register(client).status_code == 302

    def test_the_hidden_box_is_out_of_everybodys_way(self, client: Client) -> None:
        html = client.get(reverse("portal:interest_question")).content.decode()
        box = html.split('<div class="visually-hidden" aria-hidden="true">')[1].split("</div>")[0]

        assert 'tabindex="-1"' in box
        assert 'autocomplete="off"' in box

    def test_the_sixth_within_an_hour_waits(self, client: Client) -> None:
        for number in range(5):
            assert register(client, message=f"Number {number}").status_code == 302

        response = register(client, message="Number 6")

        assert response.status_code == 429
        assert response["Retry-After"] == "3600"
        assert "Number 6" in response.content.decode()
        assert Interest.objects.count() == 5

    def test_mistakes_do_not_count(self, client: Client) -> None:
        for _ in range(9):
            register(client, contact_email="")

        assert register(client).status_code == 302

    def test_another_visitor_is_not_held_up(self, client: Client) -> None:
        for number in range(6):
            register(client, message=f"Number {number}")

        response = Client(REMOTE_ADDR="198.51.100.7").post(reverse("portal:interest_registration"), REGISTRATION)

        assert response.status_code == 302

    def test_a_forwarding_header_from_nowhere_is_not_believed(self, client: Client) -> None:
        url = reverse("portal:interest_registration")
        answers = [
            client.post(url, REGISTRATION | {"message": str(n)}, headers={"x-forwarded-for": f"198.51.100.{n}"})
            for n in range(6)
        ]

        assert answers[-1].status_code == 429

    def test_without_a_cache_nothing_is_lost(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def down(*_: object) -> None:
            raise RedisDown

        monkeypatch.setattr("portal.limits.cache.add", down)

        assert register(client).status_code == 302


class TestIndividuals:
    url = "/individuals/"

    def test_demand_is_counted_with_what_was_agreed_to(self, client: Client) -> None:
        response = client.post(
            self.url, {"employer": "Weaver Mills", "may_tell_employer": "on", "email": "zoe@mail.example"}
        )

        demand = Demand.objects.get()
        assert response.url == reverse("portal:individuals_counted")
        assert (demand.employer, demand.may_tell_employer, demand.email) == ("Weaver Mills", True, "zoe@mail.example")

    def test_nothing_is_agreed_to_beforehand(self, client: Client) -> None:
        assert " checked" not in client.get(self.url).content.decode()
        client.post(self.url, {"employer": "Weaver Mills"})

        assert (Demand.objects.get().may_tell_employer, Demand.objects.get().email) == (False, "")

    def test_somebody_whose_employer_takes_part_is_told_to_ask_there(self, client: Client) -> None:
        ParticipationFactory(organisation=OrganisationFactory(name="Harper Bakery"))

        response = client.post(self.url, {"employer": "HARPER BAKERY LTD"}, follow=True)

        assert response.redirect_chain == [(reverse("portal:individuals_taking_part"), 302)]
        assert "coordinator" in response.content.decode()
        assert not Demand.objects.exists()

    @pytest.mark.parametrize("ended", ["withdrawn", "closed"])
    def test_one_that_took_part_once_does_not_take_part(self, client: Client, ended: str) -> None:
        cohort = CohortFactory(closed_at=clock.now() if ended == "closed" else None)
        ParticipationFactory(
            organisation=OrganisationFactory(name="Harper Bakery"),
            cohort=cohort,
            withdrawn_at=clock.now() if ended == "withdrawn" else None,
        )

        client.post(self.url, {"employer": "Harper Bakery"})

        assert Demand.objects.count() == 1

    def test_the_words_to_pass_on_can_be_copied_and_mailed(self, client: Client) -> None:
        html = client.get(reverse("portal:individuals_words")).content.decode()

        assert "http://127.0.0.1:8000/" in html.split("<textarea")[1].split("</textarea>")[0]
        assert 'href="mailto:?subject=' in html
