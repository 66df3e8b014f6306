"""Somebody from outside: a visitor, an organisation that would like to join, a person alone, a nominee."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import Demand, Interest
from participants import links
from participants.models import Nomination
from tests.browser.story import ANSWERS
from tests.browser.walking import WIDTHS, Walker
from tests.factories import NominationFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def reads_and_searches(one: Walker) -> None:
    one.goes("/")
    one.unfolds("What does it cost?")
    one.takes_from_menu("Questions")
    one.field("Search questions and answers").fill("employer")
    expect(one.page.locator("#search-status")).to_contain_text("about “employer”")
    one.looks()
    one.field("Search questions and answers").fill("zebra")
    expect(one.page.locator("#search-status")).to_contain_text("No question or answer has “zebra” in it.")
    one.looks()


def asks_a_question(one: Walker) -> None:
    one.takes_from_menu("Register interest")
    one.follows("Ask a question")
    one.is_refused("Send your question")
    one.writes({
        "Your question": "How many people may take part?",
        "Name of your organisation": "Marlow Rail",
        "Your name": "Ada Okafor",
        "Your work e-mail address": "ada@marlow.example",
    })  # fmt: skip
    one.chooses("a member of the charity", "I’m not sure")
    one.chooses("one of our support packages", "No")
    one.presses("Send your question", reads="Thank you. We have it.")
    assert Interest.objects.get(contact_email="ada@marlow.example").kind == "question"


def registers_interest(one: Walker) -> None:
    one.goes("/")
    one.follows("Register interest in Cohort 15")
    one.is_refused("Register interest")
    one.writes({
        "Name of your organisation": "Nairn Foods",
        "Your name": "Femi Bello",
        "Your work e-mail address": "femi@nairn.example",
        "How many mentees might take part?": "a few",
    })  # fmt: skip
    one.field("Sector").select_option(label="Transport and logistics")
    one.field("250 to 999 people").check()
    one.chooses("a member of the charity", "Yes")
    one.chooses("one of our support packages", "No")
    one.presses("Register interest", reads="Enter the number of mentees in figures")
    one.field("How many mentees might take part?").fill("6")
    one.presses("Register interest", reads="Thank you. We have it.")
    said = Interest.objects.get(contact_email="femi@nairn.example")
    assert (said.cohort.number, said.kind) == (15, "registration")


def asks_alone(one: Walker) -> None:
    one.goes("/")
    one.takes_from_menu("For individuals")
    one.is_refused("Look up my employer")
    one.field("Where do you work?").fill("Tarn Water")
    one.presses("Look up my employer", reads="Your employer is not part of the programme yet")
    assert Demand.objects.filter(employer="Tarn Water").exists()
    one.takes_from_menu("For individuals")
    one.field("Where do you work?").fill("Birch Energy")
    one.presses("Look up my employer", reads="Your organisation takes part")


def applies(one: Walker, w: World) -> None:
    one.goes(reverse("portal:apply", args=[w.application]))
    one.is_refused("Send my application")
    one.writes({"First name": "Ola", "Last name": "Ade", "Work e-mail": "ola@employer.example"})
    one.chooses("Which part would you take?", "As a senior leader")
    one.presses("Send my application", reads="Thank you for applying")
    assert Nomination.objects.get(email="ola@employer.example").state == "applied"


def declines(one: Walker, w: World) -> None:
    one.goes(reverse("portal:invitation", args=[w.invitation]))
    one.follows("No, thank you")
    one.chooses("Would you like to tell us why?", "I would like to take part another time")
    one.presses("Say no, thank you")
    w.nomination.refresh_from_db()
    assert w.nomination.state == "declined"


def accepts_and_enrols(one: Walker, w: World) -> None:
    nominated = NominationFactory(
        participation=w.recruiting_participation, nominated_by=w.coordinator, first_name="Nell"
    )
    one.goes(reverse("portal:invitation", args=[links.invitation_token(nominated)]))
    one.presses("Accept my place", says="Your place is kept for you.")
    one.follows("Continue")
    steps = []
    while not one.path.endswith("/check/"):
        steps.append(one.path.rstrip("/").rpartition("/")[2])
        if steps[-1] == "eligibility":
            one.is_refused(re.compile("^Continue"))
        ANSWERS[steps[-1]](one.page)
        one.presses(re.compile("^Continue"))
    assert "eligibility" in steps
    one.presses("Enrol me", reads="You are enrolled")
    nominated.refresh_from_db()
    assert nominated.enrolment.state == "enrolled"


@pytest.mark.parametrize("width", WIDTHS)
def test_from_outside(town: World, walk: Callable[..., Walker], width: str) -> None:
    one = walk(width)
    reads_and_searches(one)
    asks_a_question(one)
    registers_interest(one)
    asks_alone(one)
    applies(one, town)
    declines(walk(width), town)
    accepts_and_enrols(walk(width), town)
