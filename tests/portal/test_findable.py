"""The public site in the eyes of a search engine, and of somebody who looks for an answer."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from content import reference
from content.models import Faq
from portal.findable import PAGES
from tests.factories import CohortFactory

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"
NOINDEX = '<meta name="robots" content="noindex">'


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def data_of(html: str) -> dict:
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(block)


def test_search_engines_are_let_into_the_public_pages_alone(client: Client, settings) -> None:
    settings.FINDABLE = True
    reference.load()
    robots = client.get("/robots.txt", headers={"host": "127.0.0.1:9999"}).content.decode()
    allowed = re.findall(r"Allow: (/\S*)\$", robots)
    assert robots.endswith(f"Disallow: /\n\nSitemap: {BASE}/sitemap.xml\n")
    listed = re.findall("<loc>(.*?)</loc>", page(client, "/sitemap.xml"))
    assert listed == [BASE + path for path in allowed] == [BASE + reverse(f"portal:{name}") for name in PAGES]
    assert [path for path in allowed if NOINDEX in page(client, path)] == []
    kept_out = [
        "/interest/thank-you/",
        "/questions/?q=cost",
        "/account/login/",
        "/certificates/no-such-code/",
        "/nowhere/",
    ]
    assert [path for path in kept_out if NOINDEX not in page(client, path)] == []


def test_a_copy_that_is_not_to_be_found_closes_itself(client: Client) -> None:
    assert page(client, "/robots.txt") == "User-agent: *\nDisallow: /\n"
    assert NOINDEX in page(client, "/")


def test_key_dates_are_events_and_no_name_ends_their_block(client: Client) -> None:
    cohort = CohortFactory(name="Cohort </script><b>15")
    html = page(client, "/")
    [event] = data_of(html)["@graph"]
    assert "</script><b>" not in html
    assert event["name"].startswith(cohort.name)
    assert (event["startDate"], event["endDate"]) == (str(cohort.applications_from), str(cohort.close_until))
    assert [part["startDate"] for part in event["subEvent"]] == [str(date.starts) for date in cohort.key_dates]
    # Nobody attends on the home page: a place is named only where people meet, and never an address of a meeting.
    assert "VirtualLocation" not in html
    parts = event["subEvent"]
    where = {part["eventAttendanceMode"].rpartition("/")[2]: part.get("location") for part in parts}
    assert where["OnlineEventAttendanceMode"] is None
    assert where["MixedEventAttendanceMode"]["@type"] == "Place"
    assert "<script" not in page(Client(), "/questions/?q=x").partition("</head>")[0]


def test_a_shared_page_brings_a_picture_of_our_own(client: Client) -> None:
    html = page(client, "/")
    assert f'property="og:image" content="{BASE}/static/img/share.png"' in html
    for url in ("/favicon.ico", *re.findall(r'"(?:http://127.0.0.1:8000)?(/static/img/[^"]+)"', html)):
        assert client.get(url).status_code == 200, url


def test_questions_are_searched_and_a_search_in_vain_says_what_to_do(client: Client) -> None:
    for question, published in [("What is the cost?", True), ("A secret of cost", False), ("Where?", True)]:
        Faq.objects.create(question=question, answer="At <b>home</b>.", published=published)
    every = page(client, "/questions/")
    assert [entry["name"] for entry in data_of(every)["mainEntity"]] == ["What is the cost?", "Where?"]
    found = page(client, "/questions/?q=costs")
    assert "1 question about “costs”" in found
    assert "What is the <mark>cost</mark>?" in found
    assert "Where?" not in found
    assert "secret" not in found
    vain = page(client, '/questions/?q="><x-s>')
    assert "No question or answer has “&quot;&gt;&lt;x-s&gt;” in it." in vain
    assert reverse("portal:interest_question") in vain.partition("<main")[2]
