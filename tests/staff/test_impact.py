"""The cohort's impact page: numbers of people before the close, released figures after it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Cohort, StaffAssignment
from surveys.services import close_cohort
from tests.factories import CohortFactory, StaffFactory, UserFactory
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated, varied

pytestmark = pytest.mark.django_db


@pytest.fixture
def surveyed(move_clock):  # type: ignore[no-untyped-def]
    def make(count: int, spread: int = 3) -> Cohort:
        move_clock(BEFORE)
        cohort = cohort_with_sessions()
        people = [seated(cohort) for _ in range(count)]
        for n, person in enumerate(people):
            answer(person, "pre", varied(n, 1, spread))
        move_clock(AFTER)
        for n, person in enumerate(people):
            answer(person, "post", varied(n, 2, 1 + spread))
        return cohort

    return make


def page(client: Client, cohort: Cohort) -> str:
    return client.get(reverse("admin:cohort_impact", args=[cohort.pk])).content.decode()


def main(html: str) -> str:
    """The page without what changes from one request to the next."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", html)


def test_before_the_close_only_numbers_of_people_are_shown(client: Client, surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort = surveyed(12)
    client.force_login(StaffFactory())
    html = page(client, cohort)
    assert "released when the cohort is closed" in html
    assert "Answered both times (paired)" in html
    assert "g<sub>z" not in html
    assert "<svg viewBox" not in html


def test_after_the_close_every_outcome_has_interval_named_effect_size_and_caveat(client: Client, surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort = surveyed(12)
    close_cohort(cohort=cohort, by=None)
    client.force_login(StaffFactory(role="analyst"))
    html = page(client, cohort)
    assert "There was no comparison group" in html
    assert '<th scope="col" class="num">Standardised change, g<sub>z</sub> (95% interval)</th>' in html
    assert '<th scope="col" class="num">Standardised change, d<sub>av</sub></th>' in html
    assert "Not shown" not in html.split("Who answered, by role")[0]
    assert html.count('role="img"') == 6  # one of them of the sessions
    alone = html.split("α without each statement</h2>")[1].split("</section>")[0]
    assert alone.count("<details>") == 5
    assert re.search(r'<td class="num">[−0-9.]+</td>', alone)
    assert "circles or pairs" in html
    assert "not a validated scale" in html
    assert 'style="' not in html.split("<main")[-1]


def test_a_small_group_looks_the_same_whatever_it_answered(client: Client, surveyed) -> None:  # type: ignore[no-untyped-def]
    client.force_login(StaffFactory())
    pages = []
    for count, spread in ((2, 2), (4, 3)):
        cohort = surveyed(count, spread)
        Cohort.objects.filter(pk=cohort.pk).update(number=90 + count, name="The cohort")
        cohort.circles.update(number=1)
        close_cohort(cohort=cohort, by=None)
        html = main(page(client, cohort)).replace(str(cohort.pk), "")
        pages.append(re.sub(r"\s+", " ", html[html.index("<h2") :]))
    assert "Not shown" in pages[0]
    assert pages[0] == pages[1]


def test_who_may_see_it(client: Client, surveyed) -> None:  # type: ignore[no-untyped-def]
    cohort = surveyed(1)
    url = reverse("admin:cohort_impact", args=[cohort.pk])
    for role, status in {"lead": 200, "analyst": 200, "read_only": 200, "inclusion_adviser": 403}.items():
        client.force_login(StaffFactory(role=role))
        assert client.get(url).status_code == status, role
    elsewhere = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=elsewhere, role="lead", cohort=CohortFactory())
    client.force_login(elsewhere)
    assert client.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
