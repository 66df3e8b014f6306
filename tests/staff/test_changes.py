"""The pages of changes after publication: plan, confirmation, rights, and where the links lead."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Circle
from cohorts.models import Cohort, StaffAssignment
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.changing import TODAY, circle_of, lead_of, members_of, published, tuesday
from tests.circles.forming import enrol
from tests.factories import CohortFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.date(2026, 9, 1))
    return published()


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(role="lead"))
    return client


def page(name: str, *rows: Enrolment | Circle | Cohort) -> str:
    return reverse(f"admin:{name}", args=[row.pk for row in rows])


def words(response: object) -> str:
    return " ".join(response.content.decode().split())


def fingerprint(response: object) -> str:
    return re.search(r'name="fingerprint" value="(\w+)"', response.content.decode()).group(1)


def confirm(client: Client, url: str, option: str = "", **data: str) -> object:
    """Look at a plan and confirm the suggestion, or another option."""
    shown = client.get(url)
    key = option or re.search(r'name="option" value="([^"]+)"', shown.content.decode()).group(1)
    return client.post(url, {"fingerprint": fingerprint(shown), "option": key} | data)


# --- the five changes -----------------------------------------------------------------------------
def test_a_mentee_withdraws_and_the_seat_goes_to_who_waits(lead: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    leaves, waits = members_of(circle)[0], enrol(cohort, slots=[tuesday(cohort)])
    url = page("enrolment_withdraw", leaves)
    shown = words(lead.get(url))
    assert f"Give the seat to {waits.user}" in shown
    assert "Leave the seat free" in shown
    assert "Suggested" in shown
    assert "Nobody in a circle is told who has left it, and nobody why." in shown
    response = confirm(lead, url, note="Has changed jobs")
    assert response.url == page("cohort_changes", cohort)
    leaves.refresh_from_db()
    assert (leaves.state, leaves.changes.get().note) == ("withdrawn", "Has changed jobs")
    assert waits in members_of(circle)
    assert "has left the cohort already" in words(lead.get(url))


def test_a_thin_circle_leads_on_to_merging(lead: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    shown = words(lead.get(page("enrolment_withdraw", members_of(circle)[0])))
    assert "would have 2 members" in shown
    assert page("circle_merge", circle) in shown


def test_a_mentor_withdraws_and_a_reserve_takes_over(lead: Client, cohort: Cohort) -> None:
    circle, reserve = circle_of(cohort, 3), enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    confirm(lead, page("enrolment_withdraw", lead_of(circle)))
    assert lead_of(circle) == reserve


def test_a_mentor_can_be_found_afterwards_too(lead: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    confirm(lead, page("enrolment_withdraw", lead_of(circle)), "keep")
    reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    confirm(lead, page("circle_mentor", circle))
    assert lead_of(circle) == reserve


@pytest.mark.parametrize(("answer", "state"), [("stays", "enrolled"), ("leaves", "withdrawn")])
def test_a_mentor_is_replaced_and_stays_in_reserve_or_leaves(
    lead: Client, cohort: Cohort, answer: str, state: str
) -> None:
    circle, reserve = circle_of(cohort, 3), enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    before, url = lead_of(circle), page("circle_mentor", circle)
    shown = words(lead.get(url))
    for part in (f"{reserve.user} of", "What about the mentor who leads no more?", page("enrolment_withdraw", before)):
        assert part in shown
    confirm(lead, url, spare_lead=answer)
    before.refresh_from_db()
    assert (lead_of(circle), before.state) == (reserve, state)


def test_a_late_mentee_sees_what_fits_and_what_does_not(lead: Client, cohort: Cohort) -> None:
    circle, full = circle_of(cohort, 3), circle_of(cohort, 3, capacity=3)
    late = enrol(cohort, slots=[tuesday(cohort)])
    url = page("enrolment_seat", late)
    shown = words(lead.get(url))
    assert "What does not work, and why (1)" in shown
    assert "Every seat is taken." in shown
    assert confirm(lead, url).status_code == 302
    assert late in members_of(circle)
    assert late not in members_of(full)
    assert "sits in Circle 1 already" in words(lead.get(url))


def test_where_nothing_fits_the_page_says_what_would_help(lead: Client, cohort: Cohort) -> None:
    circle_of(cohort, 3, capacity=3)
    shown = words(lead.get(page("enrolment_seat", enrol(cohort, slots=[tuesday(cohort)]))))
    assert "Nothing fits as things stand" in shown
    assert "seats in the only circle that suits are taken" in shown


def test_a_reserve_mentor_opens_a_circle(lead: Client, cohort: Cohort) -> None:
    for _ in range(3):
        enrol(cohort, slots=[tuesday(cohort)])
    reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    assert "Open a new circle for people who wait: 3 members" in words(lead.get(page("enrolment_seat", reserve)))
    confirm(lead, page("enrolment_seat", reserve))
    assert len(members_of(cohort.circles.get())) == 3


@pytest.mark.parametrize(("answer", "state"), [("stays", "enrolled"), ("leaves", "withdrawn")])
def test_two_thin_circles_become_one(lead: Client, cohort: Cohort, answer: str, state: str) -> None:
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    spare = lead_of(smaller)
    listed = words(lead.get(page("circle_merge", larger)))
    assert page("circle_merge_with", larger, smaller) in listed
    confirm(lead, page("circle_merge_with", larger, smaller), spare_lead=answer)
    smaller.refresh_from_db()
    spare.refresh_from_db()
    assert (smaller.merged_into, spare.state) == (larger, state)
    assert len(members_of(larger)) == 3
    shown = words(lead.get(page("cohort_changes", cohort)))
    assert "merged into Circle 1" in shown
    for url in (page("circle_merge", smaller), page("circle_mentor", smaller)):
        assert "This circle is closed." in words(lead.get(url))


# --- plans that are out of date -------------------------------------------------------------------
def test_a_plan_that_is_out_of_date_is_shown_anew_and_nothing_is_done(lead: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    leaves = members_of(circle)[0]
    url = page("enrolment_withdraw", leaves)
    old = fingerprint(lead.get(url))
    late = enrol(cohort, slots=[tuesday(cohort)])
    before = Message.objects.count()
    response = lead.post(url, {"fingerprint": old, "option": "keep"})
    assert "nothing was done" in words(response)
    assert f"Give the seat to {late.user}" in words(response)
    assert fingerprint(response) != old
    leaves.refresh_from_db()
    assert (leaves.state, Message.objects.count()) == ("enrolled", before)


@pytest.mark.parametrize("option", ["", "nonsense"])
def test_without_a_choice_the_page_says_so(lead: Client, cohort: Cohort, option: str) -> None:
    leaves = members_of(circle_of(cohort, 3))[0]
    url = page("enrolment_withdraw", leaves)
    response = lead.post(url, {"fingerprint": fingerprint(lead.get(url)), "option": option})
    assert "There is a problem" in words(response)
    assert "Choose one of the ways to do it." in words(response)


# --- when there is nothing to change --------------------------------------------------------------
def test_before_publication_somebody_can_be_withdrawn_and_nobody_seated(lead: Client) -> None:
    person = enrol(CohortFactory())
    assert "not published yet" in words(lead.get(page("enrolment_seat", person)))
    assert "not published yet" in words(lead.get(page("cohort_changes", person.cohort)))
    response = confirm(lead, page("enrolment_withdraw", person))
    assert response.url == page("cohort_page", person.cohort)
    person.refresh_from_db()
    assert person.state == "withdrawn"


def test_a_closed_cohort_stays_as_it_was(lead: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=clock.now())
    for url in (page("circle_merge", circle), page("enrolment_seat", enrol(cohort)), page("cohort_changes", cohort)):
        assert "This cohort is closed" in words(lead.get(url))


# --- rights ---------------------------------------------------------------------------------------
def every_page(cohort: Cohort) -> list[str]:
    circle, other = circle_of(cohort, 3), circle_of(cohort, 2, led=False)
    return [
        page("cohort_changes", cohort), page("enrolment_seat", enrol(cohort)), page("circle_mentor", other),
        page("enrolment_withdraw", members_of(circle)[0]), page("circle_merge", circle),
        page("circle_merge_with", circle, other),
    ]  # fmt: skip


def test_only_those_who_form_circles_and_only_in_their_cohorts(client: Client, cohort: Cohort) -> None:
    urls = every_page(cohort)
    elsewhere = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=elsewhere, role="manager", cohort=CohortFactory())
    for user, status in ((StaffFactory(role="read_only"), 403), (elsewhere, 404), (StaffFactory(role="manager"), 200)):
        client.force_login(user)
        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, status)


def test_circles_of_two_cohorts_are_not_merged(lead: Client, cohort: Cohort) -> None:
    circle, other = circle_of(cohort, 2), circle_of(published(), 2)
    assert lead.get(page("circle_merge_with", circle, other)).status_code == 404
    assert lead.get(page("circle_merge_with", circle, circle)).status_code == 404


# --- where the links are --------------------------------------------------------------------------
def test_dashboard_cohort_enrolment_and_circle_lead_straight_there(lead: Client, cohort: Cohort) -> None:
    circle_of(cohort, 4)
    thin, leaderless = circle_of(cohort, 2), circle_of(cohort, 3, led=False)
    waiting = enrol(cohort, slots=[tuesday(cohort)])
    today = words(lead.get("/admin/"))
    for url in (page("enrolment_seat", waiting), page("circle_mentor", leaderless), page("circle_merge", thin)):
        assert url in today
    assert page("cohort_changes", cohort) in words(lead.get(page("cohort_page", cohort)))
    of_enrolment = words(lead.get(waiting.get_absolute_url()))
    assert page("enrolment_seat", waiting) in of_enrolment
    assert page("enrolment_withdraw", waiting) in of_enrolment
    of_circle = words(lead.get(thin.get_absolute_url()))
    assert page("circle_merge", thin) in of_circle
    assert page("circle_mentor", thin) in of_circle


def test_a_circle_s_page_tells_its_history_without_names(lead: Client, cohort: Cohort, move_clock: Callable) -> None:
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    move_clock(TODAY)
    confirm(lead, page("circle_merge_with", larger, smaller))
    shown = words(lead.get(larger.get_absolute_url()))
    assert "Number 2 joined it" in shown
    assert "A member joined" in shown
    assert "Closed, and merged into number 1" in words(lead.get(smaller.get_absolute_url()))


def test_a_closed_circle_is_only_looked_at(lead: Client, cohort: Cohort) -> None:
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    confirm(lead, page("circle_merge_with", larger, smaller))
    shown = words(lead.get(smaller.get_absolute_url()))
    assert page("circle_merge", smaller) not in shown
    assert lead.post(smaller.get_absolute_url(), {"join_url": "https://meet.example/x"}).status_code == 403


# --- queries --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["cohort_changes", "enrolment_seat", "circle_merge"])
def test_costs_the_same_with_one_and_three_more_circles(
    lead: Client, cohort: Cohort, name: str, count_queries: Callable
) -> None:
    rows = {"cohort_changes": cohort, "circle_merge": circle_of(cohort, 2)}
    rows["enrolment_seat"] = enrol(cohort, slots=[tuesday(cohort)])
    url = page(name, rows[name])
    circle_of(cohort, 2)
    once = count_queries(lambda: lead.get(url))
    circle_of(cohort, 2)
    circle_of(cohort, 2)
    assert count_queries(lambda: lead.get(url)) == once
