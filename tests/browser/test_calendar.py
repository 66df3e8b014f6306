"""A calendar link as it is made: a page that the walk through all pages can’t reach, because it answers a POST."""

from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser

from tests.browser.pages import Visitor, assert_accessible
from tests.browser.test_pages import DESK, check, look_otherwise, sign_in
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_link_is_shown_and_copied(live_server, settings, tmp_path: Path, browser: Browser) -> None:  # type: ignore[no-untyped-def]  # fixtures
    settings.BASE_URL, settings.MAIL_SINK_DIR = live_server.url, str(tmp_path)
    cache.clear()
    world = build()
    context = browser.new_context(base_url=live_server.url, viewport=DESK)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    visitor = Visitor("mentee", page)
    sign_in(visitor, world, "mentee")
    page.goto("/calendar/")
    page.get_by_role("link", name="Make a new link").click()
    page.get_by_role("button", name="Make a new link").click()
    link = page.get_by_label("Or copy the address").input_value()
    assert link.startswith(f"{live_server.url}/cal/")
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == link
    problems: list[str] = []
    check(page.url, problems, visitor.no_faults, lambda: assert_accessible(page))
    look_otherwise(page, page.url, problems)
    assert problems == []
    context.close()
