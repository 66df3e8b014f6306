"""The formation board under real hands: two staff, a real worker, keyboard and pointer, and no script at all.

The cohort is small and its people differ in organisation only, so that every move is possible and none is better. What
keeps the engine busy until somebody stops it is a larger one in which everybody differs from everybody.
"""

import random
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from circles.models import Circle, FormationRun, KeptApart
from cohorts.models import Cohort, Format
from outbox.models import Message
from participants.models import Enrolment, Function, Level
from tests.browser.conftest import Mailbox
from tests.browser.pages import Visitor, assert_accessible, assert_no_sideways_scroll
from tests.circles.forming import enrol, proposed
from tests.factories import (
    CohortFactory,
    OrganisationFactory,
    SlotFactory,
    StaffFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("board")]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}


def cohort_of(leads: int, members: int) -> Cohort:
    """People of an organisation each, all free at the one time; members are called Mem Aa, Mem Ab and so on."""
    cohort = CohortFactory(format=Format.objects.get(key="circles"), number=21, circle_minimum=2, circle_target=3)
    slot = SlotFactory(cohort=cohort)
    for number in range(leads):
        user = UserFactory(first_name="Lea", last_name=f"Lead{number + 1}")
        enrol(cohort, role="mentor", user=user, slots=[slot])
    for number in range(members):
        enrol(cohort, user=UserFactory(first_name="Mem", last_name=f"A{chr(97 + number)}"), slots=[slot])
    return cohort


def mixed_cohort(leads: int, members: int) -> Cohort:
    """People of few employers, of all levels and functions, with goals and times of their own: no optimum in sight."""
    cohort = CohortFactory(format=Format.objects.get(key="circles"), number=22)
    chance = random.Random(22)
    slots = [SlotFactory(cohort=cohort, weekday=weekday) for weekday in range(4)]
    topics = TopicFactory.create_batch(8)
    employers = OrganisationFactory.create_batch(leads + 5)
    for number in range(leads + members):
        lead = number < leads
        enrol(
            cohort,
            role="mentor" if lead else "mentee",
            organisation=employers[number] if lead else chance.choice(employers[leads:]),
            level=chance.choice(Level.values),
            function=chance.choice(Function.values),
            slots=chance.sample(slots, 3),
            topics=chance.sample(topics, 3),
        )
    return cohort


@pytest.fixture
def staff(visit: Callable[..., Visitor]) -> Iterator[Callable[..., Visitor]]:
    """A programme manager with a browser of their own, signed in."""
    visitors = []

    def sign_in(first_name: str, **options: object) -> Visitor:
        manager = StaffFactory(role="manager", first_name=first_name, last_name="Manager")
        visitor = visit(first_name, **{"viewport": DESK} | options)
        visitor.go(f"/demo/sign-in/{manager.pk}/")
        visitor.page.locator("main form[method=post]").get_by_role("button").click()
        visitor.page.wait_for_load_state()
        visitors.append(visitor)
        return visitor

    yield sign_in
    for visitor in visitors:
        visitor.no_faults()


def looked_at(page: Page) -> None:
    """Accessible as it stands, on a phone too."""
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_no_sideways_scroll(page)
    page.set_viewport_size(DESK)


def board_url(cohort: Cohort) -> str:
    return f"/admin/cohort/{cohort.pk}/formation/"


def row(page: Page, name: str) -> Locator:
    return page.locator(f"[data-person='{name}']")


def card_of(page: Page, name: str) -> str:
    """The key of the circle in which somebody sits on the page, or “waiting”."""
    return row(page, name).locator("xpath=ancestor::*[@data-target]").get_attribute("data-target")


def other_circle(run: FormationRun, name: str) -> Circle:
    return run.circles.exclude(seats__enrolment__user__last_name=name.split()[1]).first()


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-status]")).to_contain_text(words)


def names(run: FormationRun) -> list[str]:
    return [str(seat.enrolment.user) for seat in run.seats.order_by("circle__number", "enrolment__user__sort_name")]


# --- the journey ----------------------------------------------------------------------------------
def test_from_readiness_to_publication(staff: Callable[..., Visitor], product: str, mailbox: Mailbox) -> None:
    cohort = cohort_of(leads=2, members=8)
    maya, noor = staff("Maya"), staff("Noor")
    page = maya.page
    run = form(page, cohort)
    move_by_keyboard(page, run)
    move_by_pointer(page, run)
    run_into_each_other(page, noor.go(board_url(cohort)), run)
    keep_two_apart(page, run)
    again = form_again_with_what_is_held(page, cohort)
    compare(page, cohort)
    publish(page, cohort, again, mailbox)


def form(page: Page, cohort: Cohort) -> FormationRun:
    """A run that could take three minutes ends as soon as its proposal is proven the best there is."""
    page.goto(board_url(cohort))
    looked_at(page)
    page.get_by_label("How long may it take?").select_option(label="Three minutes")
    page.get_by_role("button", name="Form circles").click()
    expect(page.get_by_role("link", name="Review and publish")).to_be_visible(timeout=60_000)
    run = FormationRun.objects.get()
    assert run.progress["proof"]["cost"] == "proven smallest"
    assert run.progress["seconds"] < 60
    looked_at(page)
    return run


def move_by_keyboard(page: Page, run: FormationRun) -> None:
    """Real keys: open, look down the list, think better of it, open again, choose, undo."""
    name = names(run)[0]
    start, target = card_of(page, name), str(other_circle(run, name).pk)
    link = row(page, name).get_by_role("link", name=f"Move {name}")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Move {name}")
    first = dialog.locator("[data-picker-list] button").first
    expect(first).to_be_focused()
    expect(first).to_have_attribute("data-key", target)
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(dialog.locator("[data-key=waiting]")).to_be_focused()
    expect(dialog.locator("[data-key=waiting]")).to_contain_text("One more person waits.")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    said(page, re.compile(f"{name} is moved to Circle"))
    expect(link).to_be_focused()
    assert card_of(page, name) == target
    looked_at(page)
    page.get_by_role("button", name="Undo").click()
    said(page, f"{name} is back where they were.")
    expect(link).to_be_focused()
    assert card_of(page, name) == start


def move_by_pointer(page: Page, run: FormationRun) -> None:
    """Every card says what a drop would do; one that breaks a rule refuses it."""
    name = names(run)[1]
    target, lead = other_circle(run, name), other_circle(run, name).lead
    before = lead.organisation_id
    person = run.seats.get(enrolment__user__last_name=name.split()[1]).enrolment
    Enrolment.objects.filter(pk=lead.pk).update(organisation=person.organisation_id)
    drag(page, name, str(target.pk), during="The mentor and a mentee have the same organisation.")
    said(page, "can’t be moved to Circle")
    Enrolment.objects.filter(pk=lead.pk).update(organisation=before)
    drag(page, name, str(target.pk), during="Worse by")
    said(page, f"{name} is moved to Circle")
    assert card_of(page, name) == str(target.pk)
    expect(page.get_by_role("link", name=f"Move {name}")).to_be_focused()


def drag(page: Page, name: str, target: str, during: str) -> None:
    card = page.locator(f"[data-target='{target}']")
    card.scroll_into_view_if_needed()
    expect(row(page, name).locator(".member-grip")).to_be_visible()
    row(page, name).locator(".member-name").hover()
    page.mouse.down()
    box = card.bounding_box()
    x, y = box["x"] + box["width"] / 2, max(box["y"], 0) + 90
    page.mouse.move(x - 30, y, steps=4)
    page.mouse.move(x, y, steps=2)
    expect(card.locator("[data-drop-note]")).to_contain_text(during)
    expect(page.locator(".drag-ghost")).to_contain_text(during)
    page.mouse.up()
    expect(page.locator(".drag-ghost")).to_have_count(0)


def run_into_each_other(page: Page, other: Page, run: FormationRun) -> None:
    """The second is told who and when, nothing is overwritten, and what was chosen stays chosen."""
    free = run.seats.filter(pinned=False).order_by("enrolment__user__sort_name")[:2]
    first, second = [str(seat.enrolment.user) for seat in free]
    other.get_by_role("button", name=f"Hold {second} here").click()
    said(other, f"{second} stays there when you form again.")
    page.get_by_role("link", name=f"Move {first}").click()
    waiting = page.locator("[data-picker-list] [data-key=waiting]")
    waiting.click()
    error = page.locator("[data-picker-error]")
    expect(error).to_contain_text(re.compile(r"Noor Manager held people where they are at \S+\."))
    expect(waiting).to_be_focused()
    assert run.seats.get(enrolment__user__last_name=second.split()[1]).pinned
    assert run.seats.get(enrolment__user__last_name=first.split()[1]).circle
    page.keyboard.press("Enter")
    said(page, f"{first} is moved to the waiting list.")
    assert run.seats.get(enrolment__user__last_name=first.split()[1]).circle is None


def keep_two_apart(page: Page, run: FormationRun) -> None:
    """Somebody is kept out of a circle, and a place elsewhere is chosen next."""
    seat = run.seats.filter(circle__isnull=False, pinned=False).first()
    name, lead = str(seat.enrolment.user), seat.circle.lead
    row(page, name).locator("summary").click()
    row(page, name).get_by_role("link", name=re.compile("Keep apart from somebody")).click()
    looked_at(page)
    page.get_by_role("button", name=f"Keep apart from {lead.user}").click()
    expect(page.get_by_role("heading", name=f"Move {name}", level=1)).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name=re.compile("^(Cancel|Back to the proposal)$")).click()
    expect(page.locator(".board-card-broken")).to_contain_text("are kept apart.")
    page.get_by_text("Kept apart (1)").click()
    looked_at(page)
    assert KeptApart.objects.count() == 1


def form_again_with_what_is_held(page: Page, cohort: Cohort) -> FormationRun:
    older = cohort.formation_runs.get()
    held = {seat.enrolment_id: seat.circle.lead_id for seat in older.seats.filter(pinned=True).select_related("circle")}
    assert held
    page.locator("#form-again").click()
    expect(page.locator("#form-again-details")).to_contain_text("held and stay")
    page.get_by_label("How long may it take?").select_option(label="10 seconds")
    page.get_by_role("button", name="Form circles again").click()
    expect(page.get_by_role("link", name="Review and publish")).to_be_visible(timeout=30_000)
    run = cohort.formation_runs.first()
    assert run != older
    for person, lead in held.items():
        assert run.seats.get(enrolment=person).circle.lead_id == lead
    pair = KeptApart.objects.get()
    lead, person = sorted((pair.first, pair.second), key=lambda one: one.role, reverse=True)
    assert not run.seats.filter(enrolment=person, circle__lead=lead).exists()
    expect(page.locator(".board-card-broken")).to_have_count(0)
    return run


def compare(page: Page, cohort: Cohort) -> None:
    page.get_by_role("link", name="All versions (2)").click()
    looked_at(page)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Wait only in the first (1)")).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="The proposal").click()
    page.get_by_label("Find a person or an organisation").press_sequentially("Aa")
    expect(page.locator("#found")).to_contain_text("1 person matches “Aa”.")
    expect(page.locator("mark")).to_have_text("Mem Aa")
    page.get_by_role("link", name="Show everybody").click()


def publish(page: Page, cohort: Cohort, run: FormationRun, mailbox: Mailbox) -> None:
    page.get_by_role("link", name="Review and publish").click()
    looked_at(page)
    invitation = page.get_by_role("region", name="Your circle, to mentees")
    invitation.get_by_text("Read one in full").click()
    expect(invitation.locator(".letter")).to_contain_text("The first session is on Tuesday")
    looked_at(page)
    assert not Message.objects.filter(kind__startswith="circles").exists()
    assert not [mail for mail in mailbox.messages if "circle" in mail["Subject"].casefold()]
    people = cohort.enrolments.enrolled().count()
    page.get_by_role("button", name=f"Publish and tell {people} people").click()
    expect(page.locator("body")).to_contain_text("published. Everybody is told.")
    placed = run.seats.filter(circle__isnull=False).first().enrolment.user
    mailbox.wait_for(placed.email, "Your mentoring circle")


# --- a run that is stopped -----------------------------------------------------------------------
def test_a_run_shows_how_far_it_is_and_is_stopped(staff: Callable[..., Visitor], product: str) -> None:
    cohort = mixed_cohort(leads=10, members=88)
    page = staff("Maya").page
    page.goto(board_url(cohort))
    page.get_by_label("How long may it take?").select_option(label="Three minutes")
    page.get_by_role("button", name="Form circles").click()
    expect(page.locator("[data-step]")).to_have_text(re.compile("Finding|Making|Reading"), timeout=30_000)
    expect(page.locator("[data-seconds]")).not_to_have_text("0", timeout=15_000)
    expect(page.locator("[data-cost]")).not_to_have_text("–", timeout=15_000)
    expect(page.locator("[data-bound]")).to_have_text(re.compile(r"\d"), timeout=15_000)
    looked_at(page)
    page.get_by_role("button", name="Stop and keep the best so far").click()
    expect(page.get_by_role("link", name="Review and publish")).to_be_visible(timeout=20_000)
    run = FormationRun.objects.get()
    assert run.stop_requested
    assert run.progress["seconds"] < 60
    assert run.cost == sum(run.parts.values()) > run.bound
    assert run.seats.filter(circle__isnull=False).count() > 80


# --- without a script -----------------------------------------------------------------------------
def test_the_board_works_without_a_script(staff: Callable[..., Visitor], live_server, settings) -> None:  # type: ignore[no-untyped-def]
    settings.BASE_URL = live_server.url
    from django.core.management import call_command

    call_command("set_up", verbosity=0)
    cohort = cohort_of(leads=2, members=6)
    run = proposed(cohort)
    page = staff("Maya", java_script_enabled=False).go(board_url(cohort))
    name = "Mem Aa"
    page.get_by_role("link", name=f"Move {name}").click()
    page.get_by_role("radio", name=re.compile("Circle 2")).check()
    page.get_by_role("button", name="Move").click()
    expect(page.locator(".messagelist")).to_contain_text(f"{name} is moved to Circle 2")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text(f"{name} is back where they were.")
    page.get_by_role("button", name=f"Hold {name} here").click()
    page.get_by_role("button", name="Hold everyone here in circle 2").click()
    expect(page.locator(".messagelist")).to_contain_text("3 more people held in Circle 2.")
    page.get_by_label("Find a person or an organisation").fill("mem ab")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("mark")).to_have_text("Mem Ab")
    assert run.seats.filter(pinned=True).count() == 4
