"""Going through a page with the keys of a keyboard, as somebody who sees where they are."""

from playwright.sync_api import Page

from tests.browser.pages import assert_accessible, assert_no_sideways_scroll

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
        radio: here.type === 'radio',
        end: here === document.body,
        seen: shown && box.bottom > 0 && box.top < innerHeight,
    };
}"""


def tab_to(page: Page, words: str = "", *, radio: bool = False) -> str:
    """Press Tab until the focus is on what is called so, or on a radio button; what it is called.

    Each step on the way must be visible.
    """
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["end"]:
            break
        assert focus["seen"], f"{page.url}: the focus cannot be seen on “{focus['words']}”"
        if focus["radio"] if radio else words in focus["words"]:
            return focus["words"]
        passed.append(focus["words"])
    raise AssertionError(f"{page.url}: no Tab leads to “{words or 'a radio button'}”, only to {passed}")


def types(page: Page, words: dict[str, str]) -> None:
    """Into the fields of those names, in their order."""
    for label, text in words.items():
        tab_to(page, label)
        page.keyboard.type(text)


def choose(page: Page, answer: str = "") -> None:
    """The next question's radio button of that name: Tab leads to the question, the arrows to its answers."""
    here = tab_to(page, radio=True)
    if answer in here:
        page.keyboard.press("Space")
    while answer not in here:
        page.keyboard.press("ArrowDown")
        before, here = here, page.evaluate(FOCUS)["words"]
        assert here != before, f"{page.url}: no arrow leads to “{answer}”"


def press(page: Page, words: str) -> None:
    tab_to(page, words)
    enter(page)


def enter(page: Page) -> None:
    """Enter on what has the focus: the page that follows is looked at."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
