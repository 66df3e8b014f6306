"""The team's daily summary: only what is stuck, once a day, to those who look after it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from accounts.clock import LONDON
from cohorts.models import Cohort
from cohorts.services import default_reminder_rules
from outbox.delivery import deliver_all
from outbox.models import Message, State
from staff.digests import queue_staff_digests
from staff.tasks import log_missed_reminders, queue_digests
from tests.factories import CircleFactory, CohortFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 11, 18, 8, 1, tzinfo=LONDON)


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    """One that runs, with a circle that nobody leads."""
    move_clock(MORNING)
    made = CohortFactory(launch=dt.date(2026, 10, 1), published_at=MORNING)
    default_reminder_rules(made)
    CircleFactory(cohort=made)
    return made


def test_one_a_day_for_who_looks_after_what_is_stuck(cohort: Cohort, move_clock: Callable) -> None:
    lead, analyst = StaffFactory(), StaffFactory(role="analyst")
    for minute in (1, 2, 3):
        move_clock(MORNING + dt.timedelta(minutes=minute))
        queue_digests()
    assert list(Message.objects.values_list("recipient", flat=True)) == [lead.pk]
    deliver_all()
    (sent,) = mail.outbox
    assert sent.subject == "What needs attention today"
    assert f"{cohort}: circle without a mentor (1)" in sent.body
    assert analyst.email not in sent.to[0]
    move_clock(MORNING + dt.timedelta(days=1))
    assert queue_staff_digests() == 1


def test_two_cohorts_are_one_message(cohort: Cohort) -> None:
    StaffFactory()
    other = CohortFactory(launch=dt.date(2026, 10, 1), published_at=MORNING)
    default_reminder_rules(other)
    CircleFactory(cohort=other)
    queue_staff_digests()
    deliver_all()
    (sent,) = mail.outbox
    assert str(cohort) in sent.body
    assert str(other) in sent.body


def test_failed_messages_are_in_it(cohort: Cohort) -> None:
    StaffFactory()
    Message.objects.create(key="x", kind="circles.placed", address="a@b.example", state=State.FAILED)
    queue_staff_digests()
    deliver_all()
    assert "message could not be delivered (1)" in mail.outbox[0].body


def test_nothing_when_nothing_is_stuck_and_none_at_the_weekend(cohort: Cohort, move_clock: Callable) -> None:
    lead = StaffFactory()
    move_clock(dt.datetime(2026, 11, 21, 9, tzinfo=LONDON))
    assert queue_staff_digests() == 0
    cohort.circles.all().delete()
    move_clock(dt.datetime(2026, 11, 23, 8, 1, tzinfo=LONDON))
    Cohort.objects.filter(pk=cohort.pk).update(published_at=MORNING)
    queue_staff_digests()
    deliver_all()
    assert [m for m in mail.outbox if lead.email in m.to[0] and "circle without" in m.body] == []


def test_what_is_settled_before_it_leaves_is_not_sent(cohort: Cohort) -> None:
    StaffFactory()
    queue_staff_digests()
    cohort.reminder_rules.update(enabled=False)
    deliver_all()
    assert Message.objects.get().reason == "Nothing is stuck that they look after."


def test_a_cohort_without_the_rule_is_left_out(cohort: Cohort) -> None:
    StaffFactory()
    UserFactory()
    cohort.reminder_rules.filter(kind="staff_digest").update(enabled=False)
    assert queue_staff_digests() == 0


def test_one_that_came_too_late_is_written_down(cohort: Cohort, move_clock: Callable) -> None:
    StaffFactory()
    move_clock(MORNING + dt.timedelta(hours=5))
    assert queue_staff_digests() == 0
    assert log_missed_reminders() == 1
    assert Message.objects.get().state == State.SKIPPED
