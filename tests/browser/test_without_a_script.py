"""The forms that matter where no script runs, at the width of a phone and of a desk."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from circles.models import Attendance, Concern
from organisations.models import Interest
from participants.models import Nomination
from surveys.models import Answer, Response
from tests.browser.story import ANSWERS
from tests.browser.walking import WIDTHS, Walker
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asks(one: Walker, w: World) -> None:
    """Refused and then taken; what was typed is still there."""
    one.goes(reverse("portal:interest_question"))
    one.writes({"Your name": "Ada Okafor"})
    one.is_refused("Send your question")
    expect(one.field("Your name")).to_have_value("Ada Okafor")
    one.writes({
        "Your question": "How many people may take part?",
        "Name of your organisation": "Marlow Rail",
        "Your work e-mail address": "ada@marlow.example",
    })  # fmt: skip
    for choice in one.page.get_by_label("I’m not sure").all():
        choice.check()
    one.presses("Send your question", reads="Thank you")
    assert Interest.objects.filter(organisation_as_written="Marlow Rail").exists()


def nominates(one: Walker, w: World) -> None:
    one.goes(reverse("portal:nominate", args=[w.recruiting_participation.pk]))
    one.writes({"First name": "Noor", "Work e-mail": "noor@ashdown.example"})
    one.chooses("Role", "Mentee")
    one.is_refused(re.compile("^Nominate$"))
    expect(one.field("First name")).to_have_value("Noor")
    one.writes({"Last name": "Ashby"})
    one.presses(re.compile("^Nominate$"), says="Noor Ashby has been invited.")
    assert Nomination.objects.filter(email="noor@ashdown.example").exists()


def enrols(one: Walker, w: World) -> None:
    one.goes(reverse("portal:invitation", args=[w.invitation]))
    one.presses("Accept my place", says="Your place is kept for you.")
    one.follows("Continue")
    while not one.path.endswith("/check/"):
        ANSWERS[one.path.rstrip("/").rpartition("/")[2]](one.page)
        one.presses(re.compile("^Continue"))
    one.presses("Enrol me", reads="You are enrolled")
    w.nomination.refresh_from_db()
    assert w.nomination.enrolment.state == "enrolled"


def answers(one: Walker, w: World) -> None:
    """The next session, a concern, and the survey to its end."""
    one.goes(reverse("portal:session", args=[w.session.pk]))
    one.presses("I can’t come", says="Thank you, your answer is saved.")
    assert Attendance.objects.get(session=w.session, enrolment=w.mentee).reply == "no"
    one.goes(reverse("portal:concern", args=[w.mentee.pk]))
    one.is_refused("Send to the team, in confidence")
    one.writes({"What is not right?": "I am not heard."})
    one.presses("Send to the team, in confidence", says="The programme team has your message.")
    assert Concern.objects.filter(enrolment=w.mentee).count() == 2
    one.goes(reverse("portal:survey", args=[w.survey.pk]))
    one.follows(re.compile("^Start$|Carry on"))
    one.is_refused("Save and continue")
    before = Answer.objects.count()
    while "/check/" not in one.page.url:
        for group in one.main.locator("fieldset").all():
            group.get_by_role("radio").nth(3).check()
        one.presses("Save and continue")
    one.presses("Hand in my answers", reads="Thank you")
    assert Answer.objects.count() > before
    assert Response.objects.filter(survey=w.survey).exclude(submitted_at=None).count() == 2


def confirms(one: Walker, w: World) -> None:
    """Staff: an act on several rows, with the page between, and putting something off."""
    one.goes(reverse("admin:participants_nomination_changelist"))
    one.main.locator("#result_list tr").filter(has_text=w.reserve.full_name).get_by_role("checkbox").check()
    one.main.locator("select[name=action]").select_option(label="Withdraw")
    one.presses(re.compile("^Go$"), reads="What follows")
    one.presses("Withdraw them", says="1 nominee withdrawn.")
    one.goes(reverse("admin:index"))
    one.follows("Put off: Dale Mills")
    one.is_refused("Put it off")
    one.writes({"Why it can wait": "We write to them next week."})
    one.presses("Put it off", says="Put off until")


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_script(town: World, walk: Callable[..., Walker], width: str) -> None:
    def person(role: str = "") -> Walker:
        return walk(width, town.people[role] if role else None, java_script_enabled=False)

    asks(person(), town)
    enrols(person(), town)
    nominates(person("coordinator"), town)
    answers(person("mentee"), town)
    confirms(person("manager"), town)
