"""Every page, in a real browser, once for each role that may see it: accessible, quiet, and all from our own host.

Which pages those are, the table of the URL × role matrix says. One role of each front door looks at its pages in the
dark scheme, on a narrow phone and on paper too. Pages that are built alike are put under axe once (`shapes.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.pages import Visitor, assert_accessible, assert_legible, assert_no_sideways_scroll
from tests.browser.shapes import Seen
from tests.browser.walking import WIDTHS
from tests.house.url_table import ADMIN, ROWS, Row
from tests.world import EVERYBODY, VISITORS, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PAGES = {
    "portal:organisation_evidence_pdf", "portal:held_file", "portal:recruiting_poster",
    "portal:health", "portal:robots", "portal:sitemap", "portal:certificate_pdf", "portal:progress_pdf",
    "portal:import_template", "portal:people_file", "admin:formation_progress", "admin:formation_options",
    "admin:announcement_progress", "admin:jsi18n", "demo:letter_html", "portal:calendar_feed",
}  # fmt: skip
# The same page whoever is signed in: looked at by one of them.
SAME_FOR_ALL = {row.name for row in ROWS if row.name.startswith(("account", "mfa"))}
# Everybody but those who see nothing that another of them does not see in the same shape.
ROLES = [role for role in EVERYBODY if role not in {"other_coordinator", "manager", "manager_elsewhere"}]
FRONT_DOORS = ["anonymous", "coordinator", "mentor", "lead"]
LAID_OUT_LIKE_THE_OTHERS = {"cohorts.cohort", "participants.enrolment", "surveys.instrument"}
PHONE, DESK = WIDTHS["phone"], WIDTHS["desk"]
# What is left of a desk's 1280 px when everything on it is shown at 200 % and at 400 %.
TWICE, FOUR_TIMES = {"width": 640, "height": 512}, {"width": 320, "height": 256}


def by_role(roles: list[str]) -> list[object]:
    """One test for each role, each in a group of its own, so that they can run side by side."""
    return [pytest.param(role, marks=pytest.mark.xdist_group(f"pages {role}")) for role in roles]


# --- which pages ----------------------------------------------------------------------------------


def sees(role: str, row: Row) -> bool:
    """Whether this role looks at the row's page: it may, and nobody else looks at the very same one."""
    if row.method != "get" or row.answers[role] != 200 or row.name in NO_PAGES:
        return False
    if row.link is not None:
        return role == "nominee"
    if role not in VISITORS and row.answers["anonymous"] == 200:
        return False
    if row.name in SAME_FOR_ALL:
        return role in {"anonymous", "stranger"}
    return role != "nominee"


def urls_of(role: str, w: World) -> list[str]:
    """The pages of the table, and for the team one list of the admin's; the lead sees the others in their own test."""
    rows = [row for row in ROWS if sees(role, row)]
    urls = [row.path or reverse(row.name, args=row.link(w) if row.link else row.args(w)) for row in rows]
    lists = [f"admin:{model.replace('.', '_')}_changelist" for model in ADMIN if "l" in ADMIN[model].get(role, "-")]
    return list(dict.fromkeys(urls + [reverse(name) for name in lists[-1:]]))


def stock_urls(model: str, w: World) -> list[str]:
    """The admin's own pages of a model that a lead may see.

    What asks before something is deleted, and what was done to a row, is one template for all: a few of them will do.
    """
    letters = ADMIN[model]["lead"] if model in LAID_OUT_LIKE_THE_OTHERS else ADMIN[model]["lead"].replace("d", "")
    name, row = f"admin:{model.replace('.', '_')}_", [w.rows[model].pk]
    pages = {"changelist": "l", "add": "a", "change": "v", "delete": "d", "history": "v"}
    return [
        reverse(name + page, args=[] if page in {"changelist", "add"} else row)
        for page, letter in pages.items()
        if letter in letters and (page != "history" or model in LAID_OUT_LIKE_THE_OTHERS)
    ]


# --- looking at one -------------------------------------------------------------------------------


def sign_in(visitor: Visitor, w: World, role: str) -> None:
    """With one click, on the demonstration's page."""
    if w.people[role] is None:
        return
    visitor.go(reverse("demo:sign_in", args=[w.people[role].pk]))
    visitor.page.locator("main form[method=post]").get_by_role("button").click()
    visitor.page.wait_for_load_state()


def look_at(visitor: Visitor, url: str, problems: list[str], seen: Seen) -> str:
    """Returns the page as it was sent."""
    visitor.faults.clear()  # axe leaves some of its own on the page before
    response = visitor.page.goto(url)
    if response is None or response.status != 200:
        problems.append(f"{url}: {response.status if response else 'nothing'}")
        return ""
    check(url, problems, visitor.no_faults, lambda: assert_stays_put(visitor.page))
    html = response.text()
    if seen.first(html):
        check(url, problems, lambda: assert_accessible(visitor.page))
    return html


def check(url: str, problems: list[str], *tests: Callable[[], None]) -> None:
    """Collects what is wrong, so that one run says everything."""
    for test in tests:
        try:
            test()
        except AssertionError as error:
            problems.append(f"{url}: {str(error)[:1500]}")


def look_otherwise(page: Page, url: str, problems: list[str], in_the_dark: bool = True) -> None:
    """The page that is open, in the dark, on a phone, twice and four times as large on a desk, and on paper."""
    if in_the_dark:
        page.emulate_media(color_scheme="dark")
        check(f"{url} (dark)", problems, lambda: assert_legible(page))
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    check(f"{url} (phone)", problems, lambda: assert_no_sideways_scroll(page), lambda: assert_regions_named(page))
    for zoomed in (TWICE, FOUR_TIMES):
        page.set_viewport_size(zoomed)
        check(f"{url} ({zoomed['width']} px)", problems, lambda: assert_no_sideways_scroll(page))
    page.set_viewport_size(DESK)
    page.emulate_media(media="print")
    check(f"{url} (paper)", problems, lambda: assert_prints(page))
    page.emulate_media(media="screen")


WIDER_THAN_THEIR_BOX = """() => [...document.querySelectorAll('body *')].filter(e =>
    ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
    && e.clientWidth > 0 && !['TEXTAREA', 'SELECT', 'INPUT'].includes(e.tagName)
    && !(e.tabIndex >= 0 && (e.ariaLabel || e.getAttribute('aria-labelledby')))
    && !e.querySelector('a, button, input:not([type=hidden]), select, textarea')
).map(e => e.outerHTML.slice(0, 120))"""


# By the script that every browser counts with: what moved without anybody having touched the page.
MOVED = """() => new Promise(resolve => {
    let moved = 0;
    const count = list => { for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value; };
    new PerformanceObserver(count).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => resolve(moved), 20);
})"""
STILL = 0.1  # at most, what Google's Core Web Vitals call good


def assert_stays_put(page: Page) -> None:
    assert page.evaluate(MOVED) < STILL, "what is on the page moves while it loads"


def assert_regions_named(page: Page) -> None:
    """What scrolls sideways by itself can be reached by keyboard and says what it is, or holds what can be reached."""
    assert page.evaluate(WIDER_THAN_THEIR_BOX) == []


def assert_prints(page: Page) -> None:
    main = page.locator("main, #content").first
    assert main.is_visible(), "nothing of the page is printed"
    assert main.inner_text().strip(), "an empty page is printed"


# --- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", by_role(ROLES))
def test_every_page_that_a_role_may_see(world: World, visit: Callable[..., Visitor], seen: Seen, role: str) -> None:
    visitor, problems = visit(role, viewport=DESK), []
    sign_in(visitor, world, role)
    for url in urls_of(role, world):
        html = look_at(visitor, url, problems, seen)
        if role in FRONT_DOORS:
            look_otherwise(visitor.page, url, problems, seen.first(html, "dark"))
    assert not problems, "\n".join(problems)


@pytest.mark.xdist_group("pages admin")
def test_every_stock_page_of_the_admin(world: World, visit: Callable[..., Visitor], seen: Seen) -> None:
    visitor, problems = visit("lead", viewport=DESK), []
    sign_in(visitor, world, "lead")
    for model in ADMIN:
        for url in stock_urls(model, world):
            html = look_at(visitor, url, problems, seen)
            if model in LAID_OUT_LIKE_THE_OTHERS:
                look_otherwise(visitor.page, url, problems, seen.first(html, "dark"))
    assert not problems, "\n".join(problems)


def test_every_page_of_the_table_is_looked_at_by_somebody() -> None:
    pages = {row.name for row in ROWS if row.method == "get" and 200 in row.answers.values()} - NO_PAGES
    assert pages == {row.name for row in ROWS for role in ROLES if sees(role, row)}


# --- pages in the state of an error ---------------------------------------------------------------


@dataclass(frozen=True)
class Refused:
    """A form that is sent empty."""

    name: str
    args: Callable[[World], list[object]] = lambda w: []


FORMS: dict[str, list[Refused]] = {
    "anonymous": [
        Refused("portal:interest_question"),
        Refused("portal:interest_registration"),
        Refused("portal:individuals"),
        Refused("account_request_login_code"),
        Refused("account_login"),
        Refused("account_reset_password"),
        Refused("portal:apply", lambda w: [w.application]),
    ],
    "enrolling": [
        Refused("portal:enrolment_step", lambda w, step=step: [w.started.pk, step])
        for step in ("name", "eligibility", "job", "place", "slots", "agreement", "consents")
    ],
    "mentee": [Refused("portal:survey_page", lambda w: [w.survey.pk, 1])],
    "mentor": [
        Refused("portal:add_session", lambda w: [w.circle.pk]),
        Refused("portal:move_session", lambda w: [w.session.pk]),
    ],
    "partner": [Refused("portal:testimonial", lambda w: [w.last_survey.pk])],
    "coordinator": [
        Refused("portal:nominate", lambda w: [w.recruiting_participation.pk]),
        Refused("portal:import_nominations", lambda w: [w.recruiting_participation.pk]),
    ],
    "lead": [
        Refused("admin:cohorts_cohort_add"),
        Refused("admin:accounts_user_add"),
        Refused("admin:content_faq_add"),
        Refused("admin:confirm_interest", lambda w: [w.interest.pk]),
        Refused("admin:participation_coordinator", lambda w: [w.recruiting_participation.pk]),
        Refused("admin:participation_places", lambda w: [w.recruiting_participation.pk]),
        Refused("admin:announcement_new", lambda w: [w.running.pk]),
        Refused("admin:wording", lambda w: ["circles.session_invited"]),
        Refused("admin:enrolment_withdraw", lambda w: [w.mentor.pk]),
        Refused("admin:session_stand_in", lambda w: [w.later_session.pk]),
        Refused("admin:decide_circle_poll", lambda w: [w.poll.pk]),
        Refused("admin:circle_merge_with", lambda w: [w.circle.pk, w.other_circle.pk]),
    ],
}
EMPTY_AND_SEND = """form => {
    for (const field of form.elements) {
        if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
        else if (!['hidden', 'submit', 'button'].includes(field.type) && !field.name.startsWith('_')) field.value = '';
    }
    HTMLFormElement.prototype.submit.call(form);
}"""


def send_empty(page: Page) -> None:
    form = page.locator("main form[method=post], #content form[method=post]").filter(has_not=page.locator("h1")).first
    with page.expect_navigation():
        form.evaluate(EMPTY_AND_SEND)


@pytest.mark.parametrize("role", by_role(list(FORMS)))
def test_a_form_sent_empty_says_what_is_wrong(
    world: World, visit: Callable[..., Visitor], seen: Seen, role: str
) -> None:
    visitor, problems = visit(role, viewport=DESK), []
    sign_in(visitor, world, role)
    for form in FORMS[role]:
        url = reverse(form.name, args=form.args(world))
        visitor.faults.clear()
        visitor.go(url)
        send_empty(visitor.page)
        summary = visitor.page.locator(".error-summary a[href^='#']").first
        check(url, problems, expect(summary).to_be_visible, visitor.no_faults)
        check(url, problems, expect(visitor.page.locator(".error-summary")).to_be_focused)
        if seen.first(visitor.page.content()):
            check(f"{url} (refused)", problems, lambda: assert_accessible(visitor.page))
        visitor.page.set_viewport_size(PHONE)
        check(f"{url} (refused, phone)", problems, lambda: assert_no_sideways_scroll(visitor.page))
        visitor.page.set_viewport_size(DESK)
    assert not problems, "\n".join(problems)


@pytest.mark.xdist_group("pages gallery")
def test_the_gallery_of_components_in_the_state_of_errors(
    world: World, visit: Callable[..., Visitor], seen: Seen
) -> None:
    visitor, problems = visit("anonymous", viewport=DESK), []
    url = reverse("ui:gallery") + "?state=errors"
    look_at(visitor, url, problems, seen)
    look_otherwise(visitor.page, url, problems)
    assert not problems, "\n".join(problems)


# --- the guards of this file, with faults planted -------------------------------------------------

PLANTED = """<html lang=en><title>t</title><meta name=color-scheme content="light dark">
<style>
  @media (prefers-color-scheme: dark) { body { background: #000 } p { color: #333 } }
  @media print { main { display: none } }
  .box { width: 200px; overflow-x: auto } .box div { width: 900px }
</style><main><h1>h</h1><p>words</p><div class=box><div>wide</div></div></main></html>"""


@pytest.mark.xdist_group("pages gallery")
def test_faults_in_the_dark_on_a_phone_and_on_paper_are_found(visit: Callable[..., Visitor]) -> None:
    page, problems = visit().page, []
    page.set_content(PLANTED)
    assert_accessible(page)  # nothing is wrong in the light, and axe is on the page from here on
    look_otherwise(page, "planted", problems)
    assert [problem.partition(":")[0] for problem in problems] == [
        "planted (dark)",
        "planted (phone)",
        "planted (paper)",
    ]


# What forced colours would leave without an edge: it had a background only.
EDGED = ".btn, .control, .choice-input, progress, .confirm-panel"
WITHOUT_EDGE = """edged => [...document.querySelectorAll(edged)].filter(e => {
    const style = getComputedStyle(e);
    return e.checkVisibility() && parseFloat(style.borderTopWidth) + parseFloat(style.borderLeftWidth) === 0
        && style.appearance === 'none' && style.textDecorationLine === 'none';
}).map(e => e.outerHTML.slice(0, 120))"""


def test_what_one_acts_on_keeps_its_edge_in_forced_colours(world: World, visit: Callable[..., Visitor]) -> None:
    visitor = visit("mentor", viewport=DESK, forced_colors="active")
    sign_in(visitor, world, "mentor")
    for url in (reverse("ui:gallery"), reverse("portal:home"), reverse("portal:circle", args=[world.circle.pk])):
        visitor.go(url)
        assert visitor.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert visitor.page.evaluate(WITHOUT_EDGE, EDGED) == [], url
    visitor.no_faults()
