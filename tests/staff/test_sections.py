"""The way to the lists, in the header of every page of the staff site."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CohortFactory, InterestFactory, StaffFactory

pytestmark = pytest.mark.django_db


def sections(client: Client, path: str) -> list[str]:
    """The words in the header of a page; the current one with a star."""
    links = client.get(path).context["sections"]
    return [f"{link['label']}{'*' if link['current'] else ''}" for link in links]


def test_leads_to_every_list_in_the_order_of_the_work(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    assert sections(client, "/admin/") == [
        "Today*", "Tasks", "Interests", "Organisations", "Cohorts", "Nominations", "Enrolments", "Circles", "People",
        "Messages", "Handbook",
    ]  # fmt: skip
    for link in client.get("/admin/").context["sections"]:
        assert client.get(link["url"]).status_code == 200


def test_names_only_what_the_person_may_see(client: Client) -> None:
    client.force_login(StaffFactory(role="analyst"))
    assert sections(client, "/admin/") == ["Today*", "Cohorts", "Handbook"]
    client.force_login(StaffFactory(role="inclusion_adviser"))
    for link in client.get("/admin/").context["sections"]:
        assert client.get(link["url"]).status_code == 200


def test_marks_where_one_is_on_lists_and_on_workflow_pages(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    cohort, interest = CohortFactory(), InterestFactory()
    for path, current in (
        (reverse("admin:organisations_interest_changelist"), "Interests"),
        (interest.get_absolute_url(), "Interests"),
        (reverse("admin:cohort_page", args=[cohort.pk]), "Cohorts"),
        (reverse("admin:formation_board", args=[cohort.pk]), "Cohorts"),
        (reverse("admin:accounts_user_changelist"), "People"),
        (reverse("admin:privacy_auditevent_changelist"), ""),
    ):
        assert [words for words in sections(client, path) if words.endswith("*")] == [f"{current}*"] * bool(current)


def test_the_header_marks_the_current_page_for_everybody(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    page = client.get("/admin/circles/circle/").content.decode()
    assert '<a href="/admin/circles/circle/" aria-current="page">Circles</a>' in page
    assert 'aria-label="Programme team"' in page
    assert "nav-sidebar" not in page
