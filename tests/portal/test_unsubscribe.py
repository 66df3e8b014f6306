"""Refusing mail: one click without a cookie, a link that only asks, and a switch for each category in the account."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from outbox import preferences
from outbox.kinds import Category
from outbox.models import OptOut
from privacy.models import AuditEvent
from tests.factories import UserFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example")


def address(user: User, category: str = "nudges") -> str:
    return reverse("portal:unsubscribe", args=[preferences.token(user, category)])


def machine() -> Client:
    """A mail program: no cookies, and a server that insists on CSRF tokens."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_one_click_is_enough_and_twice_is_the_same(ada: User, form: str) -> None:
    for _ in range(2):
        if form == "multipart":
            answer = machine().post(address(ada), ONE_CLICK)
        else:
            body, kind = "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
            answer = machine().post(address(ada), body, content_type=kind)
        assert (answer.status_code, answer.headers.get("Location")) == (200, None)
        assert not answer.cookies
    assert list(OptOut.objects.values_list("user", "category")) == [(ada.pk, "nudges")]
    assert AuditEvent.objects.filter(verb="mail.refused").count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(ada: User, method: str) -> None:
    answer = getattr(machine(), method)(address(ada))
    assert answer.status_code == 200
    assert not OptOut.objects.exists()


def test_the_page_asks_and_then_says_that_it_is_done(ada: User) -> None:
    assert "Stop this mail?" in machine().get(address(ada)).content.decode()
    assert "any more" in machine().post(address(ada)).content.decode()
    assert "any more" in machine().get(address(ada)).content.decode()


def test_the_link_holds_nothing_that_can_be_read(ada: User) -> None:
    import base64

    text = preferences.token(ada, "nudges")
    seen = text.encode() + base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert not [part for part in (b"ada", b"employer", ada.pk.hex.encode(), b"nudges") if part in seen]


@pytest.mark.parametrize("text", ["x", "gAAAAA", "é", "a" * 140])
def test_a_forged_link_does_nothing(ada: User, text: str) -> None:
    assert machine().post(f"/u/{text}/").status_code == 404
    assert not OptOut.objects.exists()


def test_the_link_of_somebody_who_is_gone_does_nothing(ada: User) -> None:
    link = address(ada)
    ada.delete()
    assert machine().post(link).status_code == 404


def test_each_category_is_a_switch_in_the_account(client: Client, ada: User) -> None:
    client.force_login(ada)
    page = client.get("/you/").content.decode()
    assert all(category.label in page for category in Category)
    client.post("/you/mail/digests/", {"wanted": "no"})
    assert {c.value: wanted for c, wanted in preferences.choices_of(ada)} == {
        "nudges": True, "circle": True, "surveys": True, "digests": False, "news": True,
    }  # fmt: skip
    client.post("/you/mail/digests/", {"wanted": "yes"})
    assert not OptOut.objects.exists()
    assert client.post("/you/mail/essential/", {"wanted": "no"}).status_code == 404
