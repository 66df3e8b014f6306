"""The pages on which the team writes what messages say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from outbox import kinds, wording
from outbox.models import Wording
from outbox.wording_check import sample
from tests.factories import StaffFactory
from tests.outbox.letters import message_of
from tests.world import build

pytestmark = pytest.mark.django_db

KEY = "circles.session_reply"
URL = "/admin/wording/circles.session_reply/"
GOOD = {
    "subject": "Will you come? {{ day }}",
    "body": "Hello {{ first_name }},\r\n\r\n{{ when }}\r\n\r\n[Say whether you come]({{ reply_url }})",
    "started_from": "0",
    "on": "",
}


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def save(client: Client, **values: Any) -> Any:
    return client.post(URL, {**GOOD, "save": "yes", **values})


def test_every_kind_is_listed_and_what_was_changed_says_by_whom(lead: Client) -> None:
    save(lead)
    html = lead.get(reverse("admin:wordings")).content.decode()
    assert all(escape(kind.title) in html for kind in kinds.every())
    (row,) = [part for part in html.split("<tr>") if URL in part]
    assert "Changed" in row
    assert str(Wording.objects.get().written_by) in row


def test_the_list_is_searched_and_filtered(lead: Client) -> None:
    save(lead)
    found = lead.get(reverse("admin:wordings"), {"q": "will you come"}).context["lines"]
    assert [line.kind.key for line in found] == [KEY]
    assert len(lead.get(reverse("admin:wordings"), {"state": "changed"}).context["lines"]) == 1
    assert lead.get(reverse("admin:wordings"), {"q": "zzz"}).context["lines"] == []


def test_the_list_takes_as_many_queries_for_three_as_for_one(lead: Client, count_queries: Callable) -> None:
    url, staff = reverse("admin:wordings"), StaffFactory()
    Wording.objects.create(kind=KEY, number=1, subject="x", body="x", written_by=staff)
    lead.get(url)
    once = count_queries(lambda: lead.get(url))
    for key in ("circles.placed", "circles.left"):
        Wording.objects.create(kind=key, number=1, subject="x", body="x", written_by=StaffFactory())
    assert count_queries(lambda: lead.get(url)) == once


def test_the_page_says_what_the_text_may_say(lead: Client) -> None:
    html = lead.get(URL).content.decode()
    assert "[words]({{ reply_url }})" in html
    assert "Must be there" in html
    assert "The person’s own page on which they say whether they come" in html


def test_saving_sends_it_in_these_words(lead: Client) -> None:
    assert save(lead).status_code == 302
    kind = kinds.get(KEY)
    assert wording.source_of(kind, wording.in_use(kind))[0] == GOOD["subject"]
    assert "\r" not in Wording.objects.get().body


def test_html_of_its_own_is_previewed_refused_and_saved(lead: Client) -> None:
    html = GOOD["body"].replace("\r", "").replace("[Say whether you come]({{ reply_url }})", "")
    assert "HTML of its own" in lead.get(URL).content.decode()
    refused = save(lead, html="<p>{{ when }}</p>")
    assert "The text says" in refused.content.decode()
    assert refused.context["form"]["html"].value() == "<p>{{ when }}</p>"
    html = "".join(f"<p>{line}</p>" for line in html.split("\n\n") if line.strip())
    html += '<p><a class="button" href="{{ reply_url }}">Say whether you come</a></p>'
    shown = lead.post(URL, {**GOOD, "html": html}, headers={"Accept": "application/json"}).json()
    assert (shown["faults"], 'class="button"' in shown["html"]) == ([], True)
    assert save(lead, html=html).status_code == 302
    kind = kinds.get(KEY)
    assert 'class="button"' in wording.render(kind, sample(kind)).html
    assert lead.get(URL).context["form"]["html"].value() == html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"subject": ""}, "Enter a subject."),
        ({"subject": "a\nBcc: x@y.example"}, "A subject is one line."),
        ({"body": "{{ fist_name }}"}, "Line 1: there is no “fist_name” in this message."),
        ({"body": "{% load ui %}"}, "can’t be used in a message"),
    ],
)
def test_broken_words_are_refused_and_nothing_typed_is_lost(lead: Client, values: dict, words: str) -> None:
    response = save(lead, **values)
    html = response.content.decode()
    assert words in html
    assert "There is a problem" in html
    assert response.context["form"]["body"].value() == {**GOOD, **values}["body"]
    assert not Wording.objects.exists()


def test_a_preview_saves_nothing(lead: Client) -> None:
    response = lead.post(URL, {**GOOD, "preview": "yes"})
    assert response.context["preview"].mail.subject == "Will you come? Tuesday 19 January 2027"
    assert not Wording.objects.exists()


def test_the_preview_is_answered_as_data_while_one_types(lead: Client) -> None:
    headers = {"Accept": "application/json"}
    found = lead.post(URL, GOOD, headers=headers).json()
    assert found["subject"] == "Will you come? Tuesday 19 January 2027"
    assert "<h1>" in found["html"]
    assert lead.post(URL, GOOD | {"body": "x"}, headers=headers).json()["faults"]


def test_the_preview_uses_a_real_message(lead: Client) -> None:
    world = build()
    lead.force_login(world.people["lead"])
    message = message_of(kinds.get(KEY), world)
    response = lead.post(URL, {**GOOD, "preview": "yes", "on": str(message.pk)})
    assert "Hello Ada" in response.context["preview"].mail.text
    assert world.session_link not in response.content.decode()


def test_only_a_message_of_that_kind_can_be_looked_at(lead: Client) -> None:
    world = build()
    lead.force_login(world.people["lead"])
    other = message_of(kinds.get("circles.left"), world)
    response = lead.post(URL, {**GOOD, "preview": "yes", "on": str(other.pk)})
    assert response.context["form"].errors["on"]


def test_the_policy_lets_the_style_of_mails_through_and_nothing_more(lead: Client) -> None:
    policy = lead.get(URL).headers["Content-Security-Policy"]
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy


def test_who_began_from_older_words_is_told(lead: Client) -> None:
    save(lead)
    response = save(lead, subject="Mine")
    assert "Somebody else has saved other words" in response.content.decode()
    assert response.context["form"]["subject"].value() == "Mine"


def test_back_to_the_shipped_words_asks_first(lead: Client) -> None:
    save(lead)
    page = lead.get(URL + "shipped/").content.decode()
    assert "Send it as it was shipped?" in page
    assert wording.in_use(kinds.get(KEY)) is not None
    lead.post(URL + "shipped/")
    assert wording.in_use(kinds.get(KEY)) is None


def test_an_earlier_version_is_taken_up_and_saved_as_a_new_one(lead: Client) -> None:
    save(lead)
    save(lead, subject="Second", started_from="1")
    page = lead.get(URL, {"version": "1"})
    assert page.context["form"]["subject"].value() == GOOD["subject"]
    save(lead, started_from="2")
    assert list(Wording.objects.order_by("number").values_list("subject", flat=True)) == [
        GOOD["subject"], "Second", GOOD["subject"],
    ]  # fmt: skip


def test_what_broke_stands_on_the_front_page(lead: Client) -> None:
    Wording.objects.create(kind=KEY, number=1, subject="x", body="{{ gone }}")
    assert wording.render(kinds.get(KEY), sample(kinds.get(KEY))).subject.startswith("Will you come?")
    html = lead.get("/admin/").content.decode()
    assert "There is no “gone” in this message any more." in html
    assert "These words are not used" in lead.get(URL).content.decode()


def test_who_only_reads_sees_the_list_and_changes_nothing(client: Client) -> None:
    client.force_login(StaffFactory(role="read_only"))
    html = client.get(reverse("admin:wordings")).content.decode()
    assert URL not in html
    assert save(client).status_code == 403
