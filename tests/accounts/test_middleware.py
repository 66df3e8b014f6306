"""What every response must satisfy."""

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_pages_of_a_signed_in_person_are_kept_out_of_caches(client: Client) -> None:
    client.force_login(UserFactory())
    assert "no-store" in client.get("/home/")["Cache-Control"]


def test_a_strangers_page_may_be_cached(client: Client) -> None:
    assert "no-store" not in client.get("/").get("Cache-Control", "")


def test_a_deactivated_person_is_out_at_the_next_click(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    assert client.get("/home/").status_code == 200
    person.is_active = False
    person.save()
    assert client.get("/home/").status_code == 302
