"""The team's handbook: every link leads somewhere, and every page that is worked on leads to its task."""

import re
from dataclasses import replace
from fnmatch import filter as matching

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from staff import handbook
from tests.factories import CohortFactory, StaffFactory

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    """Every named page of the admin site."""
    _, resolver = get_resolver().namespace_dict["admin"]
    return {name for name in resolver.reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("role", ["lead", "relationship_manager", "analyst", "read_only"])
def test_every_link_leads_to_a_page_that_the_reader_may_open(client: Client, role: str) -> None:
    client.force_login(StaffFactory(role=role))
    CohortFactory(name="Cohort 77")
    found = set()
    for chapter in handbook.chapters():
        html = client.get(chapter.url).content.decode()
        assert chapter.summary in html
        assert role != "lead" or not chapter.by_cohort or "Cohort 77" in html
        own = html.partition("<article")[2].partition("All pages of the handbook")[0]
        assert "](admin:" not in own
        assert "](handbook:" not in own
        found |= {url.partition("?")[0] for url in re.findall(r'href="(/[^"]*)"', own)}
    assert {url: client.get(url).status_code for url in found} == dict.fromkeys(found, 200)
    assert len(found) > 15
    forming = client.get(reverse("admin:handbook_page", args=["form-circles"])).content.decode()
    assert ("Go there" in forming) == (role == "lead"), "no heading over nothing"
    assert client.get(reverse("admin:handbook_page", args=["everything"])).status_code == 200


def test_each_pattern_explains_a_page_that_there_is() -> None:
    known = names()
    for chapter in handbook.chapters():
        assert [pattern for pattern in chapter.on if not matching(known, pattern)] == [], chapter.slug


def test_the_pages_that_people_work_on_lead_to_their_task(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    cohort = CohortFactory()
    for page, slug in (
        (reverse("admin:organisations_interest_changelist"), "enquiry"),
        (reverse("admin:formation_board", args=[cohort.pk]), "form-circles"),
        (reverse("admin:close_cohort", args=[cohort.pk]), "close-cohort"),
        (reverse("admin:outbox_message_changelist"), "message-stuck"),
    ):
        html = client.get(page).content.decode()
        assert f'href="{reverse("admin:handbook_page", args=[slug])}">How this works' in html
    assert "How this works" not in client.get(reverse("admin:index")).content.decode()


def test_search_wants_every_word_and_puts_titles_first(client: Client) -> None:
    assert handbook.search("MENTOR leaves")[0].slug == "mentor-leaves"
    assert handbook.search("no-such-word") == []
    assert len(handbook.search(" ")) == len(handbook.chapters())
    client.force_login(StaffFactory(role="analyst"))
    html = client.get(reverse("admin:handbook"), {"q": "<b>withdraw seat"}).content.decode()
    assert "Nothing found" in html
    assert "<b>withdraw" not in html


def test_the_team_rewords_a_page_and_goes_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(StaffFactory(role="lead"))
    page, own = (reverse(f"admin:handbook_{name}", args=["enquiry"]) for name in ("change", "page"))
    came = handbook.shipped("enquiry")
    words = {"started_from": 0, "title": "An enquiry", "summary": "In our words.", "body": "[Ring](handbook:no-such)."}
    assert "no-such" in client.post(page, {**words, "save": "1"}).content.decode()
    words["body"] = "Ring [them](handbook:confirm-employer)."
    assert "Ring <a" in client.post(page, {**words, "preview": "1"}).content.decode()
    assert handbook.chapter("enquiry").title == came.title  # a look changes nothing
    assert client.post(page, {**words, "save": "1"}).status_code == 302
    assert "Ring <a" in client.get(own).content.decode()
    assert handbook.search("in our words.")[0].slug == "enquiry"
    assert handbook.changed_since() == []
    assert "Somebody else has saved" in client.post(page, {**words, "save": "1"}).content.decode()
    newer = tuple(replace(one, text=f"{one.text}\n\nAnd smile.") for one in handbook._load())
    monkeypatch.setattr(handbook, "_load", lambda: newer)
    assert [one.slug for one in handbook.changed_since()] == ["enquiry"]
    html = client.get(page).content.decode()
    assert "The shipped text has changed since" in html
    assert "And smile." in html
    assert client.post(page, {"ship": "1", "started_from": 1}).status_code == 302
    assert "And smile." in client.get(own).content.decode()
    assert "In our words." in client.get(f"{page}?version=1").content.decode()
