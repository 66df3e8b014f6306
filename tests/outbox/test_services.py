"""Putting many messages into the outbox at once, and watching what is put there."""

import pytest

from outbox.models import Message
from outbox.services import Letter, gathered, muted, queue, queue_all
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_many_are_queued_once_each_in_a_number_of_queries_that_does_not_grow(letter, count_queries):
    people = UserFactory.create_batch(4)
    about = people[0]

    def letters(*users):  # type: ignore[no-untyped-def]
        return [Letter("tests.letter", about, user, "1") for user in users]

    queue_all(letters())
    Message.objects.about(about).exists()  # what the framework remembers of a model is read
    few = count_queries(lambda: queue_all(letters(people[0])))
    assert count_queries(lambda: queue_all(letters(*people[1:]))) == few
    assert queue_all(letters(*people, people[0])) == []
    one = queue(kind="tests.letter", about=about, to=people[0], occurrence="1")
    assert Message.objects.filter(kind="tests.letter").count() == 4
    assert (one.address, one.name, one.state) == (people[0].email, people[0].get_full_name(), "waiting")


def test_what_is_queued_within_a_block_is_gathered(letter):
    about, other = UserFactory(), UserFactory()
    with gathered() as messages:
        first = queue(kind="tests.letter", about=about, to=about)
        queue(kind="tests.letter", about=about, to=about)
        (second,) = queue_all([Letter("tests.letter", about, other)])
    queue(kind="tests.letter", about=about, to=other, occurrence="later")
    assert messages == [first, second]


def test_many_that_are_muted_are_skipped_and_wake_nobody(letter, django_capture_on_commit_callbacks):
    about = UserFactory()
    with django_capture_on_commit_callbacks() as hooks, muted("The past."):
        (message,) = queue_all([Letter("tests.letter", about, about)])
    assert (message.state, message.reason, hooks) == ("skipped", "The past.", [])
    with django_capture_on_commit_callbacks() as hooks:
        queue_all([Letter("tests.letter", about, about, "2"), Letter("tests.letter", about, about, "3")])
    assert len(hooks) == 1
