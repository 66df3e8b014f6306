"""The main journeys by keyboard alone, on a phone's screen, with axe on the way.

One test walks them all, so that the world is built once.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import clock
from circles.models import AgendaItem, Attendance, Membership
from organisations.models import Interest, Participation
from outbox.models import Message
from participants.models import Nomination
from staff.models import Task
from surveys.models import Answer
from tests.browser.keys import FOCUS, choose, enter, press, tab_to, types
from tests.browser.pages import assert_accessible
from tests.browser.walking import Walker
from tests.factories import InterestFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("keyboard")]


def as_visitor(page: Page, w: World) -> None:
    """An organisation registers its interest."""
    page.goto(reverse("portal:interest_registration"))
    types(page, {"Name of your organisation": "Nairn Foods", "Sector": "Transport"})
    choose(page, "250 to 999")
    for answer in ("Yes", "No", "Cohort 15"):
        choose(page, answer)
    types(page, {"Your name": "Femi Bello", "Your work e-mail address": "femi@nairn.example"})
    press(page, "Register interest")
    assert Interest.objects.get(contact_email="femi@nairn.example").cohort == w.recruiting


def as_nominee(page: Page, w: World) -> None:
    """Accepts, and answers the first questions."""
    page.goto(reverse("portal:invitation", args=[w.invitation]))
    press(page, "Accept my place")
    w.nomination.refresh_from_db()
    assert w.nomination.state == "accepted"
    press(page, "Continue")
    press(page, "Continue")
    choose(page, "Yes")
    press(page, "Continue")
    assert w.nomination.enrolment.steps_done == ["name", "eligibility"]


def as_mentee(page: Page, w: World) -> None:
    page.goto(reverse("portal:home"))
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["words"] == "Skip to main content"
    page.goto(reverse("portal:session", args=[w.session.pk]))
    press(page, "I will come")
    assert Attendance.objects.get(session=w.session, enrolment=w.mentee).reply == "yes"
    page.goto(reverse("portal:circle", args=[w.circle.pk]))
    types(page, {"Add something to talk about": "Asking for a sponsor"})
    enter(page)
    assert AgendaItem.objects.filter(text="Asking for a sponsor").exists()
    page.goto(reverse("portal:survey_page", args=[w.survey.pk, 1]))
    for _ in page.locator("main fieldset").all():
        choose(page, "Agree")
    press(page, "Save and continue")
    assert set(Answer.objects.filter(response__submitted_at=None).values_list("value", flat=True)) >= {4}


def as_mentor(page: Page, w: World) -> None:
    """Moves a session to another hour, and says who came to the last one."""
    page.goto(reverse("portal:move_session", args=[w.session.pk]))
    types(page, {"Start": "0930"})
    press(page, "Save the change")
    w.session.refresh_from_db()
    assert clock.local(w.session.starts_at).time() == dt.time(9, 30)
    Membership.objects.filter(circle=w.circle).update(created_at=w.past_session.starts_at - dt.timedelta(days=1))
    page.goto(reverse("portal:session_attendance", args=[w.past_session.pk]))
    tab_to(page, "(you)")
    page.keyboard.press("Space")
    press(page, "Save attendance")
    assert Attendance.objects.get(session=w.past_session, enrolment=w.mentor).attended


def as_coordinator(page: Page, w: World) -> None:
    page.goto(reverse("portal:nominate", args=[w.recruiting_participation.pk]))
    types(page, {"First name": "Noor", "Last name": "Ashby", "Work e-mail": "noor@ashdown.example"})
    choose(page, "Mentee")
    press(page, "Nominate")
    assert Nomination.objects.filter(email="noor@ashdown.example").exists()
    page.goto(reverse("portal:coordinators", args=[w.recruiting_participation.pk]))
    assert_accessible(page)
    types(page, {"First name": "Cass", "Last name": "Lee", "mail": "cass@employer.example"})
    before = Message.objects.count()
    press(page, "Ask them")
    assert Message.objects.count() > before


def as_lead(page: Page, w: World) -> None:
    """Ticks a task off, and confirms an organisation with its places and coordinator."""
    page.goto(reverse("admin:index"))
    press(page, "Tasks")
    press(page, "Mark as done\n")
    assert Task.objects.get(pk=w.task.pk).done_at is not None
    asks = InterestFactory(organisation=w.third, cohort=w.recruiting)
    page.goto(reverse("admin:confirm_interest", args=[asks.pk]))
    types(page, {"Mentee places": "4", "Mentor places": "1"})
    press(page, "Confirm and invite")
    expect(page.locator(".messagelist")).to_contain_text("is confirmed in Cohort 15")
    assert Participation.objects.filter(organisation=w.third, cohort=w.recruiting).exists()


def test_by_keyboard_alone(town: World, walk: Callable[..., Walker]) -> None:
    journeys = {
        None: (as_visitor, as_nominee),
        "mentee": (as_mentee,),
        "mentor": (as_mentor,),
        "coordinator": (as_coordinator,),
        "lead": (as_lead,),
    }
    for role, acts in journeys.items():
        for act in acts:
            one = walk("phone", town.people[role] if role else None)
            act(one.page, town)
            one.visitor.no_faults()
