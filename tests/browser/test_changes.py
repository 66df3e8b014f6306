"""A mentor leaves, one in reserve takes over, and two thin circles become one: by keyboard and mouse, with mail."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from circles.models import Circle
from tests.browser.conftest import Mailbox, text_of
from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll
from tests.circles.changing import TODAY, circle_of, lead_of, members_of, published, tuesday
from tests.circles.forming import enrol
from tests.factories import StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("changes")]


def looked_at(visitor: Visitor) -> None:
    """Accessible on a desk and on a phone, in the light and in the dark."""
    page = visitor.page
    visitor.no_faults()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.all(document.getAnimations().map(fading => fading.finished))")
        assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 780})
    assert_no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.faults.clear()  # axe leaves some of its own


def done(page: Page, button: str) -> None:
    """Confirm by keyboard; the page that follows says what was done."""
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Done:")


def test_from_a_mentor_who_leaves_to_one_circle_of_two(
    product: str, visit: Callable[..., Visitor], mailbox: Mailbox, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 9, 1))
    cohort = published()
    whole, thin, thinner = circle_of(cohort, 4), circle_of(cohort, 2), circle_of(cohort, 1, week=3)
    leaves, reserve = lead_of(whole), enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    [moves], member = members_of(thinner), members_of(whole)[0]
    move_clock(TODAY)
    visitor = visit("lead", viewport={"width": 1280, "height": 900})
    page = visitor.go(reverse("demo:sign_in", args=[StaffFactory(role="lead").pk]))
    page.locator("main form[method=post]").get_by_role("button").click()
    page.wait_for_load_state()

    for number in range(3, 7):
        mailbox.wait_for(leaves.user.email, f"Mentoring session {number}", seconds=90)

    # The mentor withdraws: the suggestion is the mentor in reserve, and the circle stays whole.
    page.goto(reverse("admin:cohort_page", args=[cohort.pk]))
    page.get_by_role("link", name=re.compile("Change circles")).click()
    looked_at(visitor)
    page.get_by_role("link", name=str(leaves.user)).click()
    page.get_by_role("link", name="Withdraw", exact=True).click()
    expect(page.get_by_role("radio").first).to_be_checked()
    expect(page.locator(".plan-option").first).to_contain_text(f"{reserve.user} of {reserve.organisation} takes")
    looked_at(visitor)
    done(page, f"Withdraw {leaves.user}")
    assert lead_of(whole) == reserve
    mailbox.wait_for(reserve.user.email, "Mentoring session")
    words = text_of(mailbox.wait_for(member.user.email, "Your mentoring circle"))
    assert str(reserve.user) in words
    assert str(leaves.user) not in words
    mailbox.wait_for(leaves.user.email, "Cancelled: mentoring session")

    # Two thin circles become one.
    page.get_by_role("link", name=re.compile(f"Merge it.*{thin}$")).click()
    looked_at(visitor)
    page.get_by_role("link", name=re.compile(f"See the plan.*{thinner}$")).click()
    expect(page.locator("body")).to_contain_text(f"{thinner} joins {thin}, led by {lead_of(thin).user}")
    page.get_by_role("radio", name=re.compile("They stay in reserve")).check()
    looked_at(visitor)
    done(page, "Merge them")
    expect(page.locator("body")).to_contain_text(f"merged into {thin}")
    looked_at(visitor)
    assert moves in members_of(thin)
    assert Circle.objects.get(pk=thinner.pk).merged_into == thin
    mailbox.wait_for(moves.user.email, "Your mentoring circle")
    visitor.no_faults()
