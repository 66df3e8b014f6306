"""Staff edit words, and only words."""

import pytest
from django.test import Client
from django.urls import reverse

from content import reference
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

    text.refresh_from_db()
    assert (text.key, text.title, text.body) == ("contact", "Talk to us", "Ring the bell.")


@pytest.mark.parametrize("action", ["add", "delete"])
def test_page_texts_are_neither_added_nor_deleted(lead: Client, action: str) -> None:
    args = [] if action == "add" else [PageText.objects.get(key="contact").pk]

    assert lead.get(reverse(f"admin:content_pagetext_{action}", args=args)).status_code == 403
