"""Staff edit words, and only words."""

import pytest
from django.test import Client
from django.urls import reverse

from content import reference, shipped
from content.models import PageText
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Client:
    reference.load()
    client.force_login(StaffFactory())
    return client


@pytest.mark.parametrize("model", ["pagetext", "faq", "resource", "baseline"])
def test_every_list_and_form_opens(lead: Client, model: str) -> None:
    changelist = lead.get(reverse(f"admin:content_{model}_changelist"))
    first = changelist.context["cl"].result_list[0]

    form = lead.get(reverse(f"admin:content_{model}_change", args=[first.pk]))

    assert (changelist.status_code, form.status_code) == (200, 200)


def test_a_page_text_is_edited_but_its_key_stays(lead: Client) -> None:
    text = PageText.objects.get(key="contact")
    url = reverse("admin:content_pagetext_change", args=[text.pk])

    lead.post(url, {"key": "elsewhere", "title": "Talk to us", "body": "Ring the bell."})

    tried = lead.post(f"{url}", {"title": "Write to us", "body": "By **post**.", "_preview": "1"})
    assert "<strong>post</strong>" in tried.content.decode()

    text.refresh_from_db()
    assert (text.key, text.title, text.body) == ("contact", "Talk to us", "Ring the bell.")


@pytest.mark.parametrize("action", ["add", "delete"])
def test_page_texts_are_neither_added_nor_deleted(lead: Client, action: str) -> None:
    args = [] if action == "add" else [PageText.objects.get(key="contact").pk]

    assert lead.get(reverse(f"admin:content_pagetext_{action}", args=args)).status_code == 403


def test_a_shipped_text_that_has_changed_is_compared_and_taken_or_kept(lead: Client) -> None:
    reference.load()
    text = PageText.objects.get(key="contact")
    assert shipped.state_of(text) == shipped.State.SAME
    assert shipped.changed_since() == []
    came = text.body
    # Rows of before this was kept: the same words are known again, others ask to be looked at.
    PageText.objects.update(shipped_as="", shipped_digest="")
    PageText.objects.filter(pk=text.pk).update(body=f"{came}\n\nRing the bell.")
    reference.load()
    assert [(kind, pk) for kind, pk, _ in shipped.changed_since()] == [("page", text.pk)]
    page = reverse("admin:shipped_text", args=["page", text.pk])
    assert page in lead.get(reverse("admin:content_pagetext_change", args=[text.pk])).content.decode()
    assert "Ring the bell." in lead.get(page).content.decode()
    lead.post(page, {"keep": "1"})
    text.refresh_from_db()
    assert (shipped.state_of(text), shipped.changed_since()) == (shipped.State.EDITED, [])
    lead.post(page, {"take": "1"})
    text.refresh_from_db()
    assert (text.body, shipped.state_of(text)) == (came, shipped.State.SAME)
