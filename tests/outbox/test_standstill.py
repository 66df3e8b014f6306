"""Mail that has stopped leaving is told from mail that waits for its time or its turn."""

import datetime as dt
from typing import Any

import pytest

from accounts import clock
from outbox import standstill
from outbox.models import Message, MessageEvent, State
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def ago(minutes: int) -> dt.datetime:
    return clock.now() - dt.timedelta(minutes=minutes)


def message(key: str, minutes: int, **fields: Any) -> Message:
    user = UserFactory()
    values = {"kind": "account.login_code", "address": user.email, "recipient": user, "next_attempt_at": ago(minutes)}
    return Message.objects.create(key=key, **values | fields)


def test_what_lies_there_for_half_an_hour_while_nobody_takes_anything_in_hand() -> None:
    message("not yet late", 29)
    message("waits for the morning", -600)
    message("over", 90, state=State.SENT, sent_at=ago(89))
    assert standstill.found() is None

    first, _ = message("late", 95), message("late too", 31)
    assert standstill.found() == standstill.Standstill(2, first.next_attempt_at)

    # One claim lately: there are many, and their turn will come. One long ago, or another change, is none.
    event = MessageEvent.objects.create(message=first, state=State.SENDING)
    assert standstill.found() is None
    MessageEvent.objects.update(created_at=ago(31))
    MessageEvent.objects.create(message=first, state=State.WAITING)
    assert standstill.found().count == 2
    event.delete()

    # What a worker has had in hand for so long, it has not: whatever others do meanwhile.
    Message.objects.update(state=State.SENT, sent_at=clock.now())
    MessageEvent.objects.create(message=first, state=State.SENDING)
    message("in hand", 40, state=State.SENDING, claimed_at=ago(5))
    assert standstill.found() is None
    Message.objects.filter(key="in hand").update(claimed_at=ago(31))
    assert standstill.found().count == 1
