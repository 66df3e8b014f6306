"""Putting messages into the outbox: each thing, person and occurrence is one row, and what is rolled back is none."""

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import User
from outbox import services
from outbox.delivery import deliver_all
from outbox.models import Message, State
from tests.factories import UserFactory
from tests.outbox.conftest import Letter, queue
from tests.outbox.sink import Sink


def test_the_same_thing_person_and_occurrence_is_one_row(ada: User, letter: Letter) -> None:
    first = queue(ada, "1")
    assert queue(ada, "1").pk == first.pk
    assert queue(ada, "2").pk != first.pk
    assert Message.objects.count() == 2


def test_an_address_without_an_account_is_not_in_the_key(ada: User, letter: Letter) -> None:
    message = services.queue(kind="tests.letter", about=ada, address="Nia@Employer.Example ", name="Nia")
    assert message.address == "nia@employer.example"
    assert "nia" not in message.key


def test_what_is_rolled_back_is_not_sent(ada: User, letter: Letter, sink: Sink) -> None:
    with transaction.atomic():
        queue(ada)
        transaction.set_rollback(True)
    deliver_all()
    assert sink.received == []


def test_many_messages_of_one_transaction_wake_the_worker_once(
    ada: User, letter: Letter, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks() as ticks:
        for occurrence in "123":
            queue(ada, occurrence)
    assert len(ticks) == 1


def test_many_at_once_are_the_same_rows_as_one_by_one(
    ada: User, letter: Letter, django_capture_on_commit_callbacks: Callable
) -> None:
    nia = UserFactory(email="nia@employer.example")
    parts = [(ada, ada, "1"), (ada, nia, "1"), (ada, nia, "1"), (ada, ada, "2")]
    letters = [services.Letter("tests.letter", *part) for part in parts]
    with django_capture_on_commit_callbacks() as ticks:
        first = queue(ada, "1")
        services.queue_all(letters)
        services.queue_all(letters)
    assert len(ticks) == 1
    assert Message.objects.count() == 3
    assert queue(ada, "1").pk == first.pk
    assert Message.objects.get(recipient=nia).about == ada


def test_many_at_once_about_the_past_are_not_sent(ada: User, letter: Letter, sink: Sink) -> None:
    with services.muted("It happened before this system."):
        services.queue_all(services.Letter("tests.letter", ada, ada, which) for which in "12")
    deliver_all()
    assert sink.received == []
    assert set(Message.objects.values_list("state", flat=True)) == {State.SKIPPED}


def test_an_unknown_kind_is_refused(ada: User) -> None:
    with pytest.raises(KeyError):
        services.queue(kind="tests.nonsense", about=ada, to=ada)


def test_the_past_is_written_down_and_not_sent(ada: User, letter: Letter, sink: Sink) -> None:
    with services.muted("It happened before this system."):
        queue(ada)
    deliver_all()
    assert sink.received == []
    assert Message.objects.get().reason == "It happened before this system."
