"""The public site: open to anyone, true to the database, cheap."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import KeyDate
from content import reference
from content.models import Faq, PageText
from portal.showcase import state_of
from surveys.models import Testimonial
from tests.factories import CohortFactory

pytestmark = pytest.mark.django_db

PAGES = [
    "public_home", "interest", "interest_question", "interest_registration", "interest_thanks", "individuals",
    "individuals_words", "individuals_counted", "individuals_taking_part", "privacy", "cookies", "accessibility",
    "contact", "questions", "cohorts",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _texts() -> None:
    reference.load()


def page(client: Client, name: str) -> str:
    return client.get(reverse(f"portal:{name}")).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_open_and_says_what_it_is(client: Client, name: str) -> None:
    response = client.get(reverse(f"portal:{name}"))
    html = response.content.decode()

    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{response.wsgi_request.path}">' in html
    assert 'property="og:title"' in html
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_titles_are_told_apart(client: Client) -> None:
    titles = [re.search("<title>(.*?)</title>", page(client, name), re.S) for name in PAGES]

    # “Words to pass on” is one page at two addresses.
    assert len({title[1] for title in titles if title}) == len(PAGES) - 1


def test_home_shows_the_baseline(client: Client) -> None:
    html = page(client, "public_home")

    for figure in ("67", "1,769", "292"):
        assert f">{figure}<" in html


def test_home_shows_what_staff_write(client: Client) -> None:
    PageText.objects.filter(key="home_what").update(body="A circle is **round**.")
    Faq.objects.create(question="Is it round?", answer="Yes.")

    html = page(client, "public_home")

    assert "<strong>round</strong>" in html
    assert "Is it round?" in html


def test_home_shows_open_cohorts_only_and_offers_those_that_can_be_joined(client: Client) -> None:
    today = clock.today()
    joinable = CohortFactory(name="Cohort 15")
    running = CohortFactory(name="Cohort 14", launch=today - dt.timedelta(days=30))
    CohortFactory(name="Cohort 13", launch=today - dt.timedelta(days=400))

    html = page(client, "public_home")

    assert "Cohort 15" in html
    assert "Cohort 14" in html
    assert "Cohort 13" not in html
    assert f"?cohort={joinable.pk}" in html
    assert f"?cohort={running.pk}" not in html
    everything = page(client, "cohorts")
    can_be_joined, runs, past = (everything.index(f"Cohort {number}<") for number in (15, 14, 13))
    assert can_be_joined < runs < everything.index("Past cohorts") < past


def test_who_is_late_for_a_cohort_is_told_before_they_register(client: Client, move_clock: Callable) -> None:
    cohort, late = CohortFactory(), "Applications have closed"
    pages = ["public_home", "cohorts", "interest_registration"]
    move_clock(cohort.applications_until)
    assert [late in page(client, name) for name in pages] == [False] * 3
    move_clock(cohort.applications_until + dt.timedelta(days=1))
    assert [late in page(client, name) for name in pages] == [True] * 3


def test_home_says_so_when_no_cohort_is_open(client: Client) -> None:
    assert "The next cohort has no dates yet" in page(client, "public_home")


def test_only_published_testimonials_that_have_not_run_out_are_shown(client: Client) -> None:
    today = clock.today()
    for quote, state, expires in [
        ("Shown for ever", "published", None),
        ("Shown today", "published", today),
        ("Run out", "published", today - dt.timedelta(days=1)),
        ("Not approved", "offered", None),
        ("Withdrawn", "withdrawn", None),
    ]:
        Testimonial.objects.create(quote=quote, attribution="Mentee", state=state, expires_on=expires)

    html = page(client, "public_home")

    assert "Shown for ever" in html
    assert "Shown today" in html
    assert not [quote for quote in ("Run out", "Not approved", "Withdrawn") if quote in html]
    assert {one.quote for one in Testimonial.objects.all() if one.is_on_show} == {"Shown for ever", "Shown today"}


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_same_number_of_questions_however_much_there_is(client: Client, count_queries, rows: int) -> None:
    CohortFactory.create_batch(rows)
    for number in range(rows):
        Testimonial.objects.create(quote=f"Quote {number}", attribution="Mentee", state="published")

    assert count_queries(lambda: page(client, "public_home")) == 8


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [(-9, -1, "past"), (-9, 0, "now"), (0, 0, "now"), (0, 9, "now"), (1, 9, "next")],
)
def test_state_of_a_key_date(starts: int, ends: int, state: str) -> None:
    today = dt.date(2026, 11, 22)
    date = KeyDate("launch", "Launch", today + dt.timedelta(days=starts), today + dt.timedelta(days=ends))

    assert state_of(date, today) == state


def test_the_cookies_page_lists_exactly_the_cookies_that_are_set(client: Client) -> None:
    html = page(client, "cookies")
    client.post(reverse("portal:individuals"), {"employer": ""})
    client.get(reverse("portal:interest_registration"))
    session = client.session
    session["any"] = "thing"
    session.save()

    listed = set(re.findall(r"<code>(.*?)</code>", html))
    assert set(client.cookies) == listed


def test_a_cohort_that_runs_is_folded_away_and_does_not_hide_that_the_next_has_no_dates(
    client: Client, move_clock: Callable
) -> None:
    cohort = CohortFactory()
    assert "Running now" not in page(client, "public_home")
    move_clock(cohort.launch_from)
    html = page(client, "public_home")
    folded = html.split("Running now")[1].split("</details>")[0]
    assert f"<summary>{cohort.name}</summary>" in folded
    assert 'class="timeline"' in folded
    assert "The next cohort has no dates yet" in html
