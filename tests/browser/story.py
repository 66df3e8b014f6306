"""The people of the story and its first half: from a new cohort to everybody's first survey."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from accounts import clock
from tests.browser.conftest import Mailbox, links_in, text_of
from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll

# A day in the middle of recruitment; every key date is counted from the launch.
START = dt.datetime(2026, 6, 8, 10, 0, tzinfo=clock.LONDON)
DATES = {
    "applications": ("2026-01-05", "2026-03-31"),
    "confirmation": ("2026-03-01", "2026-04-30"),
    "recruitment": ("2026-05-01", "2026-07-31"),
    "onboarding": ("2026-09-01", "2026-09-30"),
    "launch": ("2026-10-05", "2026-10-09"),
    "sessions": ("2026-10-12", "2027-03-31"),
    "close": ("2027-04-05", "2027-04-09"),
}
LEAD = "lead@charity.example"
COORDINATOR = "cora@ashdown.example"
SECOND_COORDINATOR = "cem@birch.example"
MENTEES = [("Mina", "Ashdown", "mina@ashdown.example"), ("Milo", "Ashdown", "milo@ashdown.example")]
MENTOR = ("Mo", "Birch", "mo@birch.example")


class Story:
    """Everybody's browser, the post, and the address of the product."""

    def __init__(self, visit: Callable[..., Visitor], mailbox: Mailbox, address: str) -> None:
        self.mailbox, self.address = mailbox, address
        self.visitors: dict[str, Visitor] = {}
        self._visit = visit

    def browser_of(self, email: str) -> Page:
        """The person's browser, made at their first visit."""
        if email not in self.visitors:
            self.visitors[email] = self._visit(email, viewport={"width": 1280, "height": 900})
        return self.visitors[email].page

    def sign_in(self, email: str) -> Page:
        """With the code that is e-mailed: asked for, read, typed in."""
        page = self.browser_of(email)
        before = len(self.mailbox.messages)
        page.goto("/account/login/code/")
        if "/account/" not in page.url:
            return page  # still signed in
        page.get_by_label("E-mail address").fill(email)
        page.locator("main").get_by_role("button").first.click()
        mail = self.mailbox.wait_for(email, "sign-in code", since=before)
        code = re.search(r"code is (\S+?)\.", text_of(mail)).group(1)
        page.get_by_label("Code").fill(code)
        page.locator("main").get_by_role("button").first.click()
        page.wait_for_url(lambda url: "/account/" not in url)
        return page

    def press(self, page: Page, name: str | re.Pattern[str]) -> None:
        page.get_by_role("button", name=name).first.click()
        page.wait_for_load_state()

    def looked_at(self, page: Page) -> None:
        """Every page of the story is accessible, and fits a phone."""
        assert_accessible(page)
        size = page.viewport_size
        page.set_viewport_size({"width": 360, "height": 780})
        assert_no_sideways_scroll(page)
        page.set_viewport_size(size)

    def no_faults(self) -> None:
        for visitor in self.visitors.values():
            visitor.no_faults()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one of a question's radio buttons."""
    page.locator("fieldset, [role=radiogroup]").filter(has_text=question).last.get_by_label(answer, exact=True).check()


def make_cohort(story: Story) -> None:
    """Staff set a cohort up. The slip of a year in the closing date is refused, and nothing typed is lost."""
    page = story.sign_in(LEAD)
    page.goto("/admin/cohorts/cohort/add/")
    page.get_by_label("Format").select_option(label="Mentoring circles")
    page.get_by_label("Number").fill("15")
    page.get_by_label("Name").fill("Cohort 15")
    for key, (first, last) in DATES.items():
        page.locator(f"#id_{key}_from").fill(first)
        page.locator(f"#id_{key}_until").fill(last)
    page.locator("#id_circle_minimum").fill("2")
    page.locator("#id_circle_target").fill("2")
    page.locator("#id_slots-0-weekday").select_option(label="Tuesday")
    page.locator("#id_slots-0-start").fill("12:30")
    page.locator("#id_close_from").fill("2026-03-05")
    page.locator("#id_close_until").fill("2026-03-09")
    story.press(page, "Save")
    expect(page.locator("main, #content").first).to_contain_text("can’t begin before")
    expect(page.get_by_label("Name")).to_have_value("Cohort 15")
    page.locator("#id_close_from").fill(DATES["close"][0])
    page.locator("#id_close_until").fill(DATES["close"][1])
    story.press(page, "Save")
    expect(page.locator("body")).to_contain_text("Cohort 15")


def register_interest(story: Story, organisation: str, name: str, email: str) -> None:
    page = story.browser_of(f"visitor for {organisation}")
    page.goto("/")
    story.looked_at(page)
    expect(page.locator("main")).to_contain_text("1,769")
    expect(page.locator("main")).to_contain_text("Cohort 15")
    page.goto("/interest/registration/")
    story.looked_at(page)
    page.get_by_label("Name of your organisation").fill(organisation)
    page.get_by_label("Sector").select_option(label="Transport and logistics")
    page.get_by_label("250 to 999 people").check()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your work e-mail address").fill(email)
    choose(page, "member of the charity", "Yes")
    choose(page, "support packages", "No")
    page.get_by_label(re.compile("Cohort 15")).check()
    page.get_by_label("How many mentees might take part?").fill("2")
    page.locator("main").get_by_role("button").last.click()
    expect(page).to_have_url(re.compile("thank-you"))
    story.looked_at(page)
    assert "next" in text_of(story.mailbox.wait_for(email, "interest"))


def confirm(story: Story, organisation: str, places: dict[str, int], coordinator: tuple[str, str, str]) -> None:
    """From the queue on the dashboard to an organisation that is in, with agreed places and a coordinator."""
    page = story.browser_of(LEAD)
    page.goto("/admin/")
    story.looked_at(page)
    page.goto("/admin/organisations/interest/")
    page.get_by_role("link", name=organisation).first.click()
    page.get_by_role("link", name=re.compile("Confirm")).first.click()
    for label, agreed in places.items():
        page.get_by_label(re.compile(label, re.IGNORECASE)).fill(str(agreed))
    for label, value in zip(("First name", "Last name", "Work e-mail"), coordinator, strict=True):
        page.locator("main, #content").get_by_label(re.compile(label)).last.fill(value)
    page.locator("main form, #content form").get_by_role("button", name=re.compile("Confirm")).click()
    expect(page.locator("body")).to_contain_text(f"{organisation} is confirmed in Cohort 15")
    story.mailbox.wait_for(coordinator[2], "You coordinate")


def nominate_mentees(story: Story) -> None:
    """One by one. A third person would be beyond the two agreed places: they go on the reserve list."""
    page = story.sign_in(COORDINATOR)
    page.get_by_role("link", name=re.compile("in Cohort 15")).first.click()
    story.looked_at(page)
    for first, last, email in [*MENTEES, ("Rhea", "Reserve", "rhea@ashdown.example")]:
        page.get_by_role("link", name=re.compile("Nominate somebody|Put somebody on the reserve list")).first.click()
        choose(page, "Role", "Mentee")
        page.get_by_label("First name").fill(first)
        page.get_by_label("Last name").fill(last)
        page.get_by_label(re.compile("Work e-mail")).fill(email)
        page.get_by_label(re.compile("Why|Reason", re.IGNORECASE)).first.fill("Ready for a wider view.")
        story.press(page, "Nominate")
    expect(page.locator("main")).to_contain_text("Reserve list")
    story.looked_at(page)


def nominate_mentor_by_file(story: Story, tmp_path: Path) -> None:
    """A spreadsheet as people have them: semicolons, another encoding, other headings, capitals, a blank row."""
    file = tmp_path / "people.csv"
    first, last, email = MENTOR
    rows = [
        "First name;Surname;E-mail;Role;Reason",
        ";;;;",
        f"{first};{last};{email.upper()};mentor;Großes Herz – café",
    ]
    file.write_bytes("\r\n".join(rows).encode("windows-1252"))
    page = story.sign_in(SECOND_COORDINATOR)
    page.get_by_role("link", name=re.compile("in Cohort 15")).first.click()
    page.get_by_role("link", name=re.compile("spreadsheet")).first.click()
    story.looked_at(page)
    page.locator("input[type=file]").set_input_files(file)
    story.press(page, "Check the list")
    expect(page.locator("main")).to_contain_text(email)
    story.looked_at(page)
    assert not story.mailbox.to(email), "a dry run sends nothing"
    story.press(page, "Import 1 row")
    story.mailbox.wait_for(email, "put forward")


ANSWERS: dict[str, Callable[[Page], None]] = {
    "name": lambda page: None,
    "eligibility": lambda page: page.get_by_label(re.compile("^Yes")).first.check(),
    "job": lambda page: (
        page.get_by_label("Job title").fill("Operations manager"),
        page.get_by_label("Manager", exact=True).check(),
        page.get_by_label("What kind of work is it?").select_option(label="Operations and logistics"),
    ),
    "place": lambda page: (page.get_by_label("Town or city").fill("Leeds"), _tick(page, "Online")),
    "slots": lambda page: page.get_by_label(re.compile("Tuesday")).check(),
    "dates": lambda page: None,
    "goals": lambda page: page.locator("main input[type=checkbox]").first.check(),
    "access": lambda page: page.get_by_label(re.compile("Access needs")).fill("Captions, please."),
    "manager": lambda page: page.get_by_label("Has agreed").check(),
    "agreement": lambda page: page.get_by_label(re.compile("I agree")).check(),
    "consents": lambda page: [
        *(box.check() for box in page.locator("main input[type=checkbox]").all()),
        *(page.get_by_label(re.compile("^Yes")).nth(n).check() for n in range(3)),
    ],
}


def _tick(page: Page, label: str) -> None:
    box = page.get_by_label(label, exact=True)
    if box.count():
        box.check()


def accept_and_enrol(story: Story, email: str) -> None:
    """From the first mail, which says who, what is held and how to decline, to the end of the questions."""
    mail = story.mailbox.wait_for(email, "put forward")
    words = text_of(mail)
    assert "declin" in words or "No, thank you" in words
    assert "hold" in words
    page = story.browser_of(email)
    page.goto(next(link for link in links_in(mail) if "/invitation/" in link))
    story.looked_at(page)
    story.press(page, "Accept my place")
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url(re.compile("/enrolment/"))
    for _ in range(15):
        if page.url.endswith("/check/"):
            break
        before = page.url
        step = before.rstrip("/").rpartition("/")[2]
        story.looked_at(page)
        ANSWERS[step](page)
        page.locator("main").get_by_role("button", name=re.compile("Continue")).first.click()
        page.wait_for_url(lambda url, before=before: url != before)
    story.looked_at(page)
    story.press(page, "Enrol me")
    expect(page.locator("h1")).to_have_text("You are enrolled")


def answer_survey(story: Story, page: Page, position: int) -> None:
    """Every statement of every page gets the answer at `position` of its scale."""
    story.looked_at(page)
    page.get_by_role("link", name=re.compile("^Start$|Carry on")).click()
    page.wait_for_load_state()  # or there may be statements that are not yet there to be counted
    while "/check" not in page.url:
        if page.url.endswith("/1/"):
            story.looked_at(page)
        before = page.url
        for group in page.locator("main fieldset").all():
            group.locator("input[type=radio]").nth(position).check()
        story.press(page, "Save and continue")
        page.wait_for_url(lambda url, before=before: url != before)
    story.looked_at(page)
    story.press(page, "Hand in my answers")
    page.wait_for_url(lambda url: "/check" not in url)
