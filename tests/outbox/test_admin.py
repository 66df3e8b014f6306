"""Messages as staff read them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from outbox.models import Message, State
from outbox.services import queue
from tests.factories import StaffFactory, UserFactory
from tests.outbox.conftest import Letter
from tests.staff.acting import act

LIST = "admin:outbox_message_changelist"


@pytest.fixture
def failed(db: None, letter: Letter) -> Message:
    user = UserFactory()
    message = queue(kind="tests.letter", about=user, to=user)
    Message.objects.update(state=State.FAILED, reason="550 No such user")
    return message


def test_staff_read_what_failed_and_why(client: Client, failed: Message) -> None:
    client.force_login(StaffFactory())
    html = client.get(reverse(LIST), {"state": "failed"}).content.decode()
    assert "A letter" in html
    assert "550 No such user" in html
    page = client.get(reverse("admin:outbox_message_change", args=[failed.pk])).content.decode()
    assert "Who gets this kind" in page
    assert reverse("admin:person_messages", args=[failed.recipient_id]) in page


def test_sending_again(client: Client, failed: Message) -> None:
    client.force_login(StaffFactory())
    act(client, reverse(LIST), "send_again", [failed])
    failed.refresh_from_db()
    assert (failed.state, failed.reason) == (State.WAITING, "")


def test_who_only_reads_cannot_send_again(client: Client, failed: Message) -> None:
    client.force_login(StaffFactory(role="read_only"))
    client.post(reverse(LIST), {"action": "send_again", "_selected_action": [str(failed.pk)]})
    failed.refresh_from_db()
    assert failed.state == State.FAILED


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_nobody_writes_them_by_hand(client: Client, failed: Message, page: str) -> None:
    client.force_login(StaffFactory())
    args = [] if page == "add" else [failed.pk]
    assert client.post(reverse(f"admin:outbox_message_{page}", args=args), {"post": "yes"}).status_code == 403


def test_advisers_do_not_see_them(client: Client, failed: Message) -> None:
    client.force_login(StaffFactory(role="inclusion_adviser"))
    assert client.get(reverse(LIST)).status_code == 403


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(
    client: Client, failed: Message, count_queries: Callable
) -> None:
    client.force_login(StaffFactory())
    url = reverse(LIST)
    client.get(url)
    once = count_queries(lambda: client.get(url))
    for user in UserFactory.create_batch(2):
        queue(kind="tests.letter", about=user, to=user)
    assert count_queries(lambda: client.get(url)) == once
