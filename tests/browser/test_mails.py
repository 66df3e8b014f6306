"""Every message as a mail program shows it: accessible, readable in the dark, and no wider than a phone (A-13)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from outbox import kinds, wording
from outbox.rendering import fill, shipped
from outbox.sandbox import pair
from outbox.wording_check import combinations
from tests.browser.pages import Visitor, assert_accessible, assert_legible, assert_no_sideways_scroll
from tests.browser.shapes import Seen
from tests.outbox.letters import message_of
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("mails")]

SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
PHONE = {"width": 360, "height": 780}


def look_at(page: Page, html: str, has_new_shape: bool = True) -> None:
    page.set_content(html)
    if has_new_shape:
        assert_accessible(page)
    assert page.title()
    assert page.evaluate(SMALLEST) >= 16
    assert_no_sideways_scroll(page)


def look_in_the_dark(page: Page) -> None:
    """The mail that is open."""
    page.emulate_media(color_scheme="dark")
    assert_legible(page)
    page.emulate_media(color_scheme="light")


def test_every_message_in_the_light_and_in_the_dark(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    world = build()
    page, problems, seen = visit(viewport=PHONE, color_scheme="light").page, [], Seen(tmp_path)
    for kind in kinds.every():
        message = message_of(kind, world, occurrence="light")
        invented = [fill(pair(*shipped(kind.template)), values) for values in list(combinations(kind))[:1]]
        real = [wording.render(kind, kind.context(message))] if message else []
        for mail in [*real, *invented]:
            try:
                look_at(page, mail.html, is_new := seen.first(mail.html))
                if is_new:
                    look_in_the_dark(page)
            except AssertionError as error:
                problems.append(f"{kind.key}: {error}")
    assert not problems, "\n".join(problems)


def test_a_mail_that_cannot_be_read_in_the_dark_is_found(visit: Callable[..., Visitor]) -> None:
    kind = kinds.get("circles.left")
    mail = fill(pair(*shipped(kind.template)), next(combinations(kind)))
    page = visit(viewport=PHONE, color_scheme="light").page
    dim = "<style>@media (prefers-color-scheme: dark) { .dim { color: #333; background: #222 } }</style>"
    look_at(page, mail.html.replace("</head>", f"{dim}</head>").replace("</main>", '<p class="dim">Dim</p></main>'))
    with pytest.raises(AssertionError):
        look_in_the_dark(page)


@pytest.mark.parametrize(
    "fault",
    [
        '<p style="color:#ccc;background:#fff">Faint</p>',
        '<p style="font-size:12px">Small</p>',
        "<h1>Again</h1>",
        '<p style="width:900px">Wide</p>',
        '<a href="https://charity.example/"></a>',
    ],
)
def test_a_fault_in_a_mail_is_found(visit: Callable[..., Visitor], fault: str) -> None:
    kind = kinds.get("circles.left")
    mail = fill(pair(*shipped(kind.template)), next(combinations(kind)))
    page = visit(viewport=PHONE).page
    look_at(page, mail.html)
    with pytest.raises(AssertionError):
        look_at(page, mail.html.replace("</main>", f"{fault}</main>"))
