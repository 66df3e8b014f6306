"""Each front door by keyboard alone, and its forms without a script: on a phone's screen, with axe on the way.

One test walks them all, so that the world is built once.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from circles.models import AgendaItem, Attendance
from organisations.models import Interest
from outbox.models import Message
from staff.models import Task
from surveys.models import Answer
from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll
from tests.browser.test_pages import sign_in
from tests.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("front doors")]
PHONE = {"width": 360, "height": 780}
MOST_TABS = 120
# Where the keyboard is: its words as they are announced, and whether an eye can see where that is.
FOCUS = """() => {
    const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
    const labels = [...(here.labels || [])].map(one => one.innerText).join(' ');
    const frame = here.closest('.choice, label') || here;
    const shown = [here, frame].some(one => {
        const look = getComputedStyle(one);
        return look.outlineStyle !== 'none' || look.boxShadow !== 'none';
    });
    return {
        words: (here.getAttribute('aria-label') || labels || here.innerText || here.value || '').trim(),
        end: here === document.body,
        seen: shown && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on what is called so; each step on the way must be visible."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["end"]:
            break
        assert focus["seen"], f"{page.url}: the focus cannot be seen on “{focus['words']}”"
        if words in focus["words"]:
            return
        passed.append(focus["words"])
    raise AssertionError(f"{page.url}: no Tab leads to “{words}”, only to {passed}")


def press(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def as_mentee(visitor: Visitor, w: World) -> None:
    page = visitor.go(reverse("portal:home"))
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["words"] == "Skip to main content"
    page.goto(reverse("portal:session", args=[w.session.pk]))
    press(page, "I will come")
    assert Attendance.objects.get(session=w.session, enrolment=w.mentee).reply == "yes"
    page.goto(reverse("portal:circle", args=[w.circle.pk]))
    tab_to(page, "Add something to talk about")
    page.keyboard.type("Asking for a sponsor")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert AgendaItem.objects.filter(text="Asking for a sponsor").exists()


def as_coordinator(visitor: Visitor, w: World) -> None:
    page = visitor.go(reverse("portal:organisation", args=[w.recruiting_participation.pk]))
    assert_accessible(page)
    page.goto(reverse("portal:coordinators", args=[w.recruiting_participation.pk]))
    assert_accessible(page)
    tab_to(page, "First name")
    page.keyboard.type("Noor")
    tab_to(page, "Last name")
    page.keyboard.type("Ashby")
    tab_to(page, "mail")
    page.keyboard.type("noor@employer.example")
    before = Message.objects.count()
    press(page, "Ask them")
    assert Message.objects.count() > before


def as_lead(visitor: Visitor, w: World) -> None:
    page = visitor.go(reverse("admin:index"))
    press(page, "Tasks")
    press(page, "Done\n")
    assert Task.objects.get(pk=w.task.pk).done_at is not None


def without_a_script(visitor: Visitor, w: World) -> None:
    """A visitor's form, refused and then taken."""
    page = visitor.go(reverse("portal:interest_question"))
    page.get_by_label("Your name").fill("Ada Okafor")
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ada Okafor")
    page.locator("[role=alert]").first.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name || location.hash")
    page.get_by_label("Name of your organisation").fill("Marlow Rail")
    page.get_by_label("Your work e-mail address").fill("ada@marlow.example")
    for choice in page.get_by_label("I’m not sure").all():
        choice.check()
    page.get_by_label("Your question").fill("How many people may take part?")
    page.locator("main").get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert_no_sideways_scroll(page)
    assert Interest.objects.filter(organisation_as_written="Marlow Rail").exists()


def answers_without_a_script(visitor: Visitor, w: World) -> None:
    page = visitor.go(reverse("portal:survey_page", args=[w.survey.pk, 1]))
    for group in page.locator("main fieldset").all():
        group.get_by_text("Agree", exact=True).click()
    before = Answer.objects.count()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/page/2/")
    assert Answer.objects.count() > before


def test_by_keyboard_alone_and_without_a_script(
    live_server, settings, tmp_path: Path, visit: Callable[..., Visitor]
) -> None:  # type: ignore[no-untyped-def]  # fixtures
    settings.BASE_URL, settings.MAIL_SINK_DIR = live_server.url, str(tmp_path)
    cache.clear()
    w = build()
    for role, walk in {"mentee": as_mentee, "coordinator": as_coordinator, "lead": as_lead}.items():
        visitor = visit(role, viewport=PHONE)
        sign_in(visitor, w, role)
        walk(visitor, w)
        visitor.no_faults()
    without_a_script(visit("visitor", viewport=PHONE, java_script_enabled=False), w)
    visitor = visit("mentee without a script", viewport=PHONE, java_script_enabled=False)
    sign_in(visitor, w, "mentee")
    answers_without_a_script(visitor, w)
