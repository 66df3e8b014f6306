"""What a person does in a browser, and what every page they see must satisfy."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Response

from accounts.models import User

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core", "axe.min.js")
# `wcag22aa` by name: it holds axe's one WCAG 2.2 AA rule, target-size, which a plain run leaves out.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Visitor:
    """One person's browser. Collects what must never happen: script errors, CSP violations, other hosts, 500s."""

    def __init__(self, name: str, page: Page) -> None:
        self.name, self.page = name, page
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        own = response.url.startswith(("http://localhost", "http://127.0.0.1", "data:", "about:"))
        if not own:
            self.faults.append(f"another host: {response.url}")
        if response.status >= 500:
            self.faults.append(f"{response.status} at {response.url}")

    def go(self, url: str) -> Page:
        self.page.goto(url)
        return self.page

    def no_faults(self) -> None:
        assert self.faults == [], f"{self.name} at {self.page.url}: {self.faults}"


def sign_in_as(visitor: Visitor, user: User, address: str) -> Page:
    """At once, by the cookie that signing in would leave: how one signs in has tests of its own."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return visitor.page


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line each.

    Runs in a page of its own world: scripts added by Playwright's `evaluate` are not held back by the page's CSP.
    """
    page.wait_for_load_state()  # a click returns when its page is there, not when the whole of it has been read
    _bring_axe(page)
    # Nothing is fetched again for it (`preload`): no rule of these tags reads style sheets or sound.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['html'][:160]} {json.dumps(node['failureSummary'])[:300]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def _bring_axe(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))


def assert_accessible(page: Page) -> None:
    violations = axe_violations(page)
    assert violations == [], f"{page.url}\n" + "\n".join(violations)
    headings = page.evaluate("document.querySelectorAll('h1').length")
    assert headings == 1, f"{page.url} has {headings} first headings"


def assert_no_sideways_scroll(page: Page) -> None:
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{page.url} is {wide} px wide in a window of {seen} px"


# Only what another scheme can change.
COLOURS = """async () => {
    await Promise.all(document.getAnimations().map(fading => fading.finished));
    const rules = {type: 'rule', values: ['color-contrast', 'link-in-text-block']};
    const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false});
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html} ${node.failureSummary}`));
}"""


def assert_legible(page: Page) -> None:
    _bring_axe(page)
    faults = page.evaluate(COLOURS)
    assert not faults, "\n".join(faults)
