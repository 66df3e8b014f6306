"""Somebody who does what they came for, at the width of a phone or of a desk, and looks at all that they come to."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll
from tests.browser.shapes import Seen

WIDTHS = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1280, "height": 900}}
SAID = ".messages, .messagelist"  # where we say, and where the admin says, what was done
FIELDS = "input, select, textarea"
Words = str | re.Pattern[str]


def named(words: Words) -> re.Pattern[str]:
    """As a name is announced: where it goes on for the ear alone, there may be a space more."""
    if isinstance(words, re.Pattern):
        return words
    return re.compile(re.sub(r"(:?)\\ ", r"\\s*\1\\s+", re.escape(words)), re.IGNORECASE)


class Walker:
    """One person at one width.

    Every page, and every state of it that an act leaves, has to be quiet and to fit, and is put under axe: once a run
    for each shape at each width. Where no script runs, axe does not either: there is no `seen` then.
    """

    def __init__(self, visitor: Visitor, seen: Seen | None, width: str) -> None:
        self.visitor, self.page, self.width, self._seen = visitor, visitor.page, width, seen

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """Of the page, without the field to which a link of its error summary led."""
        return urlsplit(self.page.url).path

    def looks(self) -> None:
        self.visitor.no_faults()
        assert_no_sideways_scroll(self.page)
        if self._seen is not None and self._seen.first(self.page.content(), f"walk-{self.width}"):
            assert_accessible(self.page)
            self.visitor.faults.clear()  # axe leaves some of its own

    # --- going somewhere ------------------------------------------------------------------------

    def goes(self, url: str, status: int = 200) -> None:
        response = self.page.goto(url)
        assert response is not None
        assert response.status == status, f"{response.status} at {url}"
        self.looks()

    def follows(self, words: Words) -> None:
        """A link of the page itself."""
        with self.page.expect_navigation():
            self.main.get_by_role("link", name=named(words)).first.click()
        self.looks()

    def takes_from_menu(self, words: str) -> None:
        """A link of the header: on a phone it is behind “Menu”, which is looked at while it is open."""
        header = self.page.locator(".site-header")
        if self.width == "phone":
            header.get_by_text("Menu", exact=True).click()
            self.looks()
        with self.page.expect_navigation():
            header.get_by_role("link", name=named(words)).filter(visible=True).first.click()
        self.looks()

    # --- acting ---------------------------------------------------------------------------------

    def field(self, label: Words) -> Locator:
        return self.main.get_by_label(label).and_(self.page.locator(FIELDS)).first

    def writes(self, words: dict[str, str]) -> None:
        """Text into fields, by their labels."""
        for label, text in words.items():
            self.field(label).fill(text)

    def chooses(self, question: str, answer: Words) -> None:
        """One of a question's radio buttons, or a box of its list."""
        group = self.main.locator("fieldset, [role=radiogroup]").filter(has_text=question).last
        group.get_by_label(answer).first.check()

    def presses(self, words: Words, says: str = "", reads: str = "") -> None:
        """A button; `says` is what we then say was done, `reads` what the page has to say."""
        with self.page.expect_navigation():
            self.main.get_by_role("button", name=named(words)).first.click()
        if says:
            expect(self.page.locator(SAID)).to_contain_text(says)
        if reads:
            self.reads(reads)
        self.looks()

    def is_refused(self, button: Words) -> None:
        """A form sent as it stands comes back, says what is wrong, and leads to the field."""
        self.presses(button, reads="There is a problem")
        with self.page.expect_navigation():
            self.main.get_by_role("alert").get_by_role("link").first.click()
        expect(self.page.locator(f":is({FIELDS}):focus")).to_have_count(1)

    def unfolds(self, words: Words) -> None:
        """What is folded away is looked at when it is open."""
        self.main.locator("summary").filter(has_text=words).first.click()
        self.looks()

    def downloads(self, words: Words, begins: bytes, role: str = "link") -> None:
        with self.page.expect_download() as caught:
            self.main.get_by_role(role, name=named(words)).first.click()  # type: ignore[arg-type]  # a role's name
        assert Path(caught.value.path()).read_bytes().startswith(begins)

    # --- reading --------------------------------------------------------------------------------

    def reads(self, *words: str) -> None:
        for each in words:
            expect(self.main.first).to_contain_text(each)

    def cannot(self, *words: Words) -> None:
        """There is neither a button nor a link of that name."""
        for each in words:
            assert self.main.get_by_role("button", name=named(each)).count() == 0, each
            assert self.main.get_by_role("link", name=named(each)).count() == 0, each
