"""Workers and their line to the mail server: one that dies holds nothing up, and several send each message once."""

import datetime as dt
import smtplib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts import clock
from accounts.models import User
from outbox import tasks
from outbox.claims import BACK_OFF, DEATHS, claim, give_back, run
from outbox.delivery import HANDFUL, deliver_all, send
from outbox.models import Message, State
from tests.factories import UserFactory
from tests.outbox.conftest import NOON, Letter, queue
from tests.outbox.sink import Sink


class TestWorkersThatDie:
    def test_a_claimed_row_is_left_alone_and_claimed_again_after_ten_minutes(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        assert len(claim()) == 1  # and the worker dies here
        assert deliver_all() == 0
        move_clock(NOON + dt.timedelta(minutes=11))
        assert deliver_all() == 1

    def test_a_doubled_mail_has_the_same_message_id(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        (message,) = claim()
        send(message)
        Message.objects.update(state=State.SENDING, sent_at=None)  # as if the mark had been lost
        move_clock(NOON + dt.timedelta(minutes=11))
        deliver_all()
        first, second = sink.received
        assert first["Message-ID"] == second["Message-ID"]

    def test_the_message_id_is_kept_before_the_first_attempt(self, ada: User, letter: Letter) -> None:
        queue(ada)
        (message,) = claim()
        assert Message.objects.get().message_id == f"<{message.pk}@comc.example>"

    def test_who_was_presumed_dead_does_not_overwrite_what_another_wrote(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        queue(ada)
        (slow,) = claim()
        move_clock(NOON + dt.timedelta(minutes=11))
        deliver_all()
        sink.answers[ada.email] = "550 No such user"
        send(slow)
        message = Message.objects.get()
        assert (message.state, message.reason) == (State.SENT, "")

    def test_how_long_a_silent_worker_is_waited_for_is_a_setting(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable, settings: object
    ) -> None:
        settings.MAIL_STUCK_AFTER = 30
        move_clock(NOON)
        queue(ada)
        claim()
        move_clock(NOON + dt.timedelta(seconds=31))
        assert deliver_all() == 1

    def test_what_a_dead_run_left_is_free_at_once_and_waits_when_too_many_die_of_it(
        self, ada: User, letter: Letter, move_clock: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("outbox.claims._ask", lambda *_: True)  # as if their sessions were gone
        move_clock(NOON)
        queue(ada)
        for deaths in range(1, len(BACK_OFF) + 2):
            Message.objects.update(next_attempt_at=NOON)
            assert len(claim(1, number=deaths)) == 1
            assert give_back(0) == 1
            message = Message.objects.get()
            assert (message.next_attempt_at > clock.now()) == (DEATHS <= deaths <= len(BACK_OFF))
        assert message.state == State.FAILED


class TestAHandful:
    def test_what_is_not_handed_over_soon_goes_back_as_if_never_claimed(
        self, ada: User, letter: Letter, sink: Sink, settings: object
    ) -> None:
        settings.MAIL_STUCK_AFTER = 0  # nothing counts for longer than no time at all
        for occurrence in "123":
            queue(ada, occurrence)
        assert deliver_all(limit=3) == 3
        assert sink.received == []
        assert set(Message.objects.values_list("state", "attempts")) == {(State.WAITING, 0)}

    def test_no_more_than_a_handful_is_claimed_at_once(self, ada: User, letter: Letter) -> None:
        for occurrence in range(HANDFUL + 1):
            queue(ada, str(occurrence))
        claim(HANDFUL)
        assert Message.objects.filter(state=State.SENDING).count() == HANDFUL

    def test_one_whose_object_cannot_be_read_blocks_no_other(self, ada: User, letter: Letter, sink: Sink) -> None:
        broken = queue(ada, "1")
        queue(ada, "2")
        gone = ContentType.objects.create(app_label="tests", model="gone")
        Message.objects.filter(pk=broken.pk).update(content_type=gone)
        deliver_all()
        assert len(sink.received) == 1
        broken.refresh_from_db()
        assert broken.state in {State.SKIPPED, State.FAILED}

    def test_the_next_is_made_while_one_is_taken_in_unless_it_is_to_the_same_person(
        self, ada: User, letter: Letter, sink: Sink
    ) -> None:
        made, seen = [], []

        def taken() -> None:
            ends = time.monotonic() + 0.3
            while len(made) < len(seen) + 2 and time.monotonic() < ends:
                time.sleep(0.01)
            seen.append(len(made))

        letter.meanwhile, sink.meanwhile = lambda: made.append(1), taken
        nia = UserFactory(email="nia@employer.example")
        for user, occurrence in ((ada, "1"), (nia, "2"), (nia, "3")):
            queue(user, occurrence)
        deliver_all()
        assert seen == [2, 2, 3]

    def test_a_run_that_leaves_something_over_asks_for_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        monkeypatch.setattr(tasks.deliver, "try_delay", lambda: asked.append(1))
        for done in (tasks.RUN - 1, tasks.RUN):
            monkeypatch.setattr(tasks, "deliver_all", lambda done=done: done)
            tasks.deliver()
        assert len(asked) == 1


class TestTheLine:
    def test_one_run_is_one_connection(self, ada: User, letter: Letter, sink: Sink) -> None:
        for occurrence in "123":
            queue(ada, occurrence)
        deliver_all()
        assert (len(sink.received), len(sink.sessions)) == (3, 1)

    def test_after_a_drop_in_mid_data_the_rest_goes_over_a_new_one(
        self, ada: User, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(NOON)
        sink.drops = 1
        for occurrence in "123":
            queue(ada, occurrence)
        deliver_all()
        assert sorted(Message.objects.values_list("state", flat=True)) == [State.SENT, State.SENT, State.WAITING]
        assert len(sink.sessions) == 2
        move_clock(NOON + dt.timedelta(minutes=2))
        deliver_all()
        assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
        assert len(sink.received) == 3

    def test_a_server_that_can_is_told_all_at_once(
        self, ada: User, letter: Letter, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def greet(server: object, session: Any, envelope: object, name: str, offers: list[str]) -> list[str]:
            session.host_name = name
            return [offers[0], "250-PIPELINING", *offers[1:]]

        said, say = [], smtplib.SMTP.docmd
        monkeypatch.setattr(sink, "handle_EHLO", greet, raising=False)
        monkeypatch.setattr(smtplib.SMTP, "docmd", lambda self, *words: said.append(words[0]) or say(self, *words))
        sink.answers["nobody@employer.example"] = "550 No such user"
        for user in (ada, UserFactory(email="nobody@employer.example"), UserFactory()):
            queue(user)
        deliver_all()
        assert sorted(Message.objects.values_list("state", flat=True)) == [State.FAILED, State.SENT, State.SENT]
        reason = "The mail server refused the address: 550 No such user"
        assert Message.objects.get(state=State.FAILED).reason == reason
        assert (len(sink.received), set(said)) == (2, {"quit"})

    def test_a_refused_password_is_nobodys_message(
        self, ada: User, letter: Letter, sink: Sink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise smtplib.SMTPAuthenticationError(535, b"Wrong password")

        monkeypatch.setattr(smtplib.SMTP, "ehlo", refuse)
        queue(ada)
        deliver_all()
        message = Message.objects.get()
        assert message.state == State.WAITING
        assert "535" in message.reason


@pytest.mark.django_db(transaction=True)
def test_a_claim_lasts_as_long_as_the_session_that_made_it(letter: Letter, sink: Sink) -> None:
    for user in UserFactory.create_batch(3):
        queue(user)
    claimed, may_die = Event(), Event()

    def die() -> None:
        with run() as number:
            claim(3, number)
            claimed.set()
            may_die.wait(10)
            connection.close()  # what PostgreSQL sees of a SIGKILL

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(die)
        claimed.wait(10)
        assert deliver_all() == 0
        may_die.set()
        worker.result()
    assert deliver_all() == 3
    assert len(sink.received) == 3


@pytest.mark.django_db(transaction=True)
def test_five_workers_send_each_message_once(letter: Letter, sink: Sink) -> None:
    for user in UserFactory.create_batch(30):
        queue(user)

    def work() -> int:
        try:
            return deliver_all()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        done = sum(worker.result() for worker in [pool.submit(work) for _ in range(5)])
    assert done == 30
    assert len({mail["Message-ID"] for mail in sink.received}) == len(sink.received) == 30
