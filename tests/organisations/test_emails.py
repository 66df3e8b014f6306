"""What the messages say, and when they are no longer due."""

import datetime as dt

import pytest

from accounts import clock
from organisations import services
from organisations.models import Coordinator
from outbox import kinds
from outbox.models import Message
from outbox.rendering import Rendered, render
from tests.factories import CohortFactory, OrganisationFactory, StaffFactory
from tests.organisations.test_services import confirm, submission

pytestmark = pytest.mark.django_db


def rendered(message: Message) -> Rendered:
    kind = kinds.get(message.kind)
    return render(kind.template, kind.context(message))


def only(kind: str) -> Message:
    return Message.objects.get(kind=f"organisations.{kind}")


def still_due(message: Message) -> str:
    message.refresh_from_db()
    return kinds.get(message.kind).still_due(message)


@pytest.mark.parametrize(
    ("answers", "who"),
    [
        ({"is_member": True, "has_package": True}, "your Inclusion Adviser"),
        ({"is_member": True, "has_package": False}, "your Relationship Manager"),
        ({"is_member": None, "has_package": None}, "our advisory team"),
    ],
)
def test_the_acknowledgement_says_who_answers_and_by_when(move_clock, answers: dict, who: str) -> None:
    move_clock(dt.date(2026, 11, 20))
    services.register_interest(data=submission(cohort=CohortFactory(name="Cohort 15"), **answers))

    mail = rendered(only("interest_received"))

    assert mail.subject == "We have your registration of interest"
    assert f"{who} will write to you by Friday 27 November 2026" in mail.text
    assert "Cohort 15" in mail.text


def test_the_acknowledgement_carries_no_text_of_strangers() -> None:
    services.register_interest(data=submission(message="Buy cheap watches"))

    assert "watches" not in rendered(only("interest_received")).text


def test_the_team_gets_a_link_and_no_contact_details() -> None:
    StaffFactory()
    interest = services.register_interest(data=submission())

    mail = rendered(only("interest_assigned"))

    assert interest.get_absolute_url() in mail.text
    assert mail.subject == "New in the team’s queue: Harper Bakery"
    assert "ann@harper.example" not in mail.text
    assert "Ann" not in mail.text


def test_an_adviser_reads_that_it_is_theirs() -> None:
    OrganisationFactory(name="Harper Bakery", adviser=StaffFactory(role="inclusion_adviser"))
    services.register_interest(data=submission())

    assert rendered(only("interest_assigned")).subject == "For you to answer: Harper Bakery"


def test_nobody_is_told_of_what_is_answered_or_taken() -> None:
    lead, adviser = StaffFactory(), StaffFactory(role="inclusion_adviser")
    interest = services.register_interest(data=submission())
    message = only("interest_assigned")
    assert message.recipient == lead
    assert still_due(message) == ""

    services.assign_interest(interest=interest, to=adviser, by=adviser)
    assert still_due(message) == "Somebody else has taken it."

    services.answer_interest(interest=interest, by=adviser)
    assert still_due(message) == "It has been answered."


def test_the_coordinator_reads_places_dates_and_what_to_do() -> None:
    cohort = CohortFactory(name="Cohort 15")
    confirm(cohort=cohort, organisation=OrganisationFactory(name="Harper Bakery"))

    mail = rendered(only("coordinator_invited"))

    assert mail.subject == "You coordinate your organisation’s mentoring places"
    assert "5 mentee places and 1 mentor place" in mail.text
    assert mail.text.count("\n- ") == 7
    assert mail.html.count("<li>") == 7
    assert "http://127.0.0.1:8000/home/" in mail.text


def test_a_coordinator_who_ended_is_not_invited() -> None:
    confirm()
    message = only("coordinator_invited")
    assert still_due(message) == ""

    Coordinator.objects.update(ended_at=clock.now())

    assert still_due(message) == "This person is not a coordinator any more."


def test_nobody_is_invited_to_what_was_withdrawn() -> None:
    participation = confirm()
    participation.withdrawn_at = clock.now()
    participation.save()

    assert still_due(only("coordinator_invited")) == "The organisation has withdrawn from the cohort."


def test_an_individual_is_told_that_their_employer_joined() -> None:
    services.record_demand(employer="Harper Bakery", email="zoe@mail.example", may_tell_employer=False)
    confirm(organisation=OrganisationFactory(name="Harper Bakery"))

    mail = rendered(only("employer_joined"))

    assert "Harper Bakery" in mail.text
    assert "will not write again" in mail.text


def test_names_cannot_become_markup() -> None:
    services.register_interest(data=submission(contact_name="[Ann](evil)", organisation="**Harper**"))

    mail = rendered(only("interest_received"))

    assert "<strong>Harper" not in mail.html
    assert "[Ann](evil)" in mail.text


def test_a_question_is_acknowledged_as_a_question() -> None:
    services.register_interest(data=submission(kind="question"))

    assert rendered(only("interest_received")).subject == "We have your question"


def test_one_place_is_one_place() -> None:
    confirm(places={"mentee": 1, "mentor": 0})

    assert "has 1 mentee place." in rendered(only("coordinator_invited")).text
