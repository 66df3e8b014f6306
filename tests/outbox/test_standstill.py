"""Mail that has stopped leaving is told from mail that waits for its time or its turn, or for one address."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
    assert standstill.found().lying is None

    first, _ = message("late", 95), message("late too", 31)
    assert standstill.found().lying == standstill.Standstill(2, first.next_attempt_at)

    # One claim lately: there are many, and their turn will come. One long ago, or another change, is none.
    event = MessageEvent.objects.create(message=first, state=State.SENDING)
    assert standstill.found().lying is None
    MessageEvent.objects.update(created_at=ago(31))
    MessageEvent.objects.create(message=first, state=State.WAITING)
    assert standstill.found().lying.count == 2
    event.delete()

    # What a worker has had in hand for so long, it has not: whatever others do meanwhile.
    Message.objects.update(state=State.SENT, sent_at=clock.now())
    MessageEvent.objects.create(message=first, state=State.SENDING)
    message("in hand", 40, state=State.SENDING, claimed_at=ago(5))
    assert standstill.found().lying is None
    Message.objects.filter(key="in hand").update(claimed_at=ago(31))
    assert standstill.found().lying.count == 1


def put_off(one: Message, minutes: int, why: str) -> None:
    """The server has answered so, and the message waits for its next attempt."""
    MessageEvent.objects.create(message=one, state=State.WAITING, why=why, created_at=ago(minutes))
    Message.objects.filter(pk=one.pk).update(reason=why, attempts=one.attempts + 1)


def test_a_mail_server_that_takes_nothing_is_said_with_the_class_of_its_answer() -> None:
    busy, gone = (
        "The mail server answered 421 4.7.0 Not now, Ada",
        "The mail server could not be reached (TimeoutError).",
    )
    first, second = message("first", -5), message("second", -5)
    taken = message("taken", 90, state=State.SENT, sent_at=ago(60))
    accepted = MessageEvent.objects.create(message=taken, state=State.SENT, created_at=ago(60))
    put_off(first, 70, busy)  # before the last that it took
    put_off(first, 29, busy)
    assert standstill.found() == standstill.Found()

    put_off(first, 45, gone)
    put_off(second, 20, busy)
    since = MessageEvent.objects.get(why=gone).created_at
    assert standstill.found().refused == standstill.Refusal(2, since, "a temporary refusal (421)")
    put_off(second, 1, gone)
    assert standstill.found().refused.answer == "none, it could not be reached (TimeoutError)"
    assert standstill.answer_class("The mail server answered 535 5.7.8 No").endswith("name and password (535)")
    with CaptureQueriesContext(connection) as captured:
        assert standstill.found().lying is None
    assert len(captured) == 3

    # Who waits for working hours since then is no evidence; nor is what has been given up, or one address.
    Message.objects.filter(pk=second.pk).update(reason="It waits for working hours.")
    Message.objects.filter(pk=first.pk).update(state=State.FAILED)
    assert standstill.found().refused is None
    one = message("one", -5)
    put_off(one, 50, "The mail server refused the address: 451 Try again later")
    assert standstill.found().refused is None
    Message.objects.filter(pk=first.pk).update(state=State.WAITING)
    assert standstill.found().refused.count == 2

    # One that it takes ends it at once.
    MessageEvent.objects.filter(pk=accepted.pk).update(created_at=ago(0))
    with CaptureQueriesContext(connection) as captured:
        assert standstill.found() == standstill.Found()
    Message.objects.update(attempts=0)
    with CaptureQueriesContext(connection) as captured:
        assert standstill.found() == standstill.Found()
    assert len(captured) == 1
