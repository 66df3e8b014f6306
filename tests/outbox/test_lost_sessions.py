"""A claim is as good as the database session behind it: what ends that must not send anything twice."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts import clock
from accounts.models import User
from outbox import claims, services
from outbox.delivery import deliver_all, send
from outbox.models import Message, MessageEvent, State
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink

real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(db: None, letter: Letter) -> list[User]:
    people = UserFactory.create_batch(3)
    services.queue_all(services.Letter("tests.letter", one, one) for one in people)
    return people


class Ending:
    """Ends the database session in which it was made, once, as a restart of the server does."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid: int | None = cursor.fetchone()[0]

    def __call__(self) -> None:
        pid, self.pid = self.pid, None
        if pid is not None:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(self._end, pid).result()

    def _end(self, pid: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.close()


def test_a_run_within_a_run_is_refused(db: None) -> None:
    with claims.run(), pytest.raises(RuntimeError):
        deliver_all()


def test_a_bad_moment_of_the_database_is_no_fault_of_the_message(three: list[User], letter: Letter, sink: Sink) -> None:
    def busy() -> None:
        raise OperationalError("deadlock detected")

    letter.meanwhile = busy
    deliver_all()
    assert set(Message.objects.values_list("state", "reason")) == {
        (State.WAITING, "The database could not be asked (OperationalError).")
    }


@real
def test_a_run_whose_session_has_ended_hands_nothing_over(three: list[User], letter: Letter, sink: Sink) -> None:
    letter.meanwhile = Ending()
    assert deliver_all() == 0
    assert sink.received == []
    assert deliver_all() == 3
    assert len({mail["Message-ID"] for mail in sink.received}) == len(sink.received) == 3


@real
def test_what_was_handed_over_as_the_session_ended_is_marked_on_another(three: list[User], sink: Sink) -> None:
    sink.meanwhile = Ending()
    deliver_all()
    assert Message.objects.filter(state=State.SENT).count() == len(sink.received) == 1
    deliver_all()
    assert Message.objects.filter(state=State.SENT).count() == len(sink.received) == 3


def test_a_mark_counts_although_the_row_was_given_back_until_somebody_claims_it(three: list[User], sink: Sink) -> None:
    (first, second) = claims.claim(2, number=1)
    with claims.run() as number:
        assert claims.give_back(number) == 2  # nobody holds the number 1
    send(first)
    Message.objects.filter(pk=second.pk).update(claimed_at=clock.now(), state=State.SENDING)
    claims.finish(second, State.SENT, "")
    assert list(first.events.values_list("state", flat=True)) == ["sending", "waiting", "sent"]
    assert not MessageEvent.objects.filter(message=second, state=State.SENT).exists()


@real
def test_nobody_takes_from_a_session_that_lives_however_old_its_claims_until_it_is_ended(
    three: list[User], sink: Sink, move_clock: Callable, settings: Any
) -> None:
    claimed, may_go_on = Event(), Event()

    def hang() -> None:
        try:
            with claims.run() as number:
                (message, *_) = claims.claim(3, number)
                claimed.set()
                may_go_on.wait(20)
                with pytest.raises(claims.SessionLostError):
                    send(message)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(hang)
        claimed.wait(10)
        move_clock(clock.now() + dt.timedelta(hours=1))
        assert deliver_all() == 0  # the clock was moved; its session has said something a moment ago
        settings.MAIL_STUCK_AFTER = 0
        assert deliver_all() == 0  # and that session is ended
        settings.MAIL_STUCK_AFTER = 600
        done = deliver_all() or deliver_all()  # PostgreSQL may need a moment for it
        may_go_on.set()
        worker.result()
    assert done == 3
    assert len(sink.received) == 3
