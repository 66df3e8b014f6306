"""Asking for answers: in working hours, each once, until the survey is handed in."""

import datetime as dt

import pytest

from accounts import clock
from cohorts.models import ReminderRule
from outbox import kinds
from outbox.models import Message
from outbox.rendering import render
from surveys.services import queue_survey_reminders
from tests.factories import EnrolmentFactory
from tests.surveys.people import AFTER, BEFORE, FIRST_SESSION, answer, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db
WEDNESDAY = BEFORE


def later(days: int) -> dt.datetime:
    """An hour after noon, so many days on: whoever enrolled at noon has been asked by then."""
    return dt.datetime.combine(WEDNESDAY + dt.timedelta(days=days), dt.time(13), tzinfo=clock.LONDON)


def queued() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at").values_list("kind", "occurrence"))


def test_people_are_asked_at_once_and_after_7_14_and_21_days(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(WEDNESDAY)
    seated(cohort_with_sessions())
    for day in range(31):
        move_clock(later(day))
        queue_survey_reminders()
        queue_survey_reminders()
    reminder = "surveys.survey_reminder"
    assert queued() == [("surveys.survey_open", "0"), (reminder, "7"), (reminder, "14"), (reminder, "21")]


def test_who_has_handed_it_in_is_left_alone(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(WEDNESDAY)
    enrolment = seated(cohort_with_sessions())
    queue_survey_reminders()
    message = Message.objects.get()
    still_due = kinds.get(message.kind).still_due
    assert still_due(message) == ""
    answer(enrolment, "pre")
    assert still_due(message) == "It was handed in."
    move_clock(later(7))
    assert queue_survey_reminders() == 0


def test_nothing_leaves_at_night_or_at_the_weekend_and_is_made_up_for(move_clock) -> None:  # type: ignore[no-untyped-def]
    saturday = dt.date(2026, 10, 10)
    move_clock(saturday)
    seated(cohort_with_sessions())
    assert queue_survey_reminders() == 0
    move_clock(dt.datetime(2026, 10, 12, 7, 58, tzinfo=clock.LONDON))
    assert queue_survey_reminders() == 0
    move_clock(dt.datetime(2026, 10, 12, 8, 1, tzinfo=clock.LONDON))
    assert queue_survey_reminders() == 1


def test_after_a_long_silence_nobody_is_flooded(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(WEDNESDAY)
    seated(cohort_with_sessions())
    move_clock(later(12))
    assert queue_survey_reminders() == 0
    move_clock(later(14))
    assert queue_survey_reminders() == 1
    assert queued() == [("surveys.survey_reminder", "14")]


def test_a_late_first_survey_is_not_chased(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(FIRST_SESSION - dt.timedelta(days=7))
    seated(cohort_with_sessions())
    move_clock(FIRST_SESSION + dt.timedelta(minutes=1))
    assert queue_survey_reminders() == 0


def test_the_second_survey_is_asked_of_those_with_a_seat(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    placed = seated(cohort)
    EnrolmentFactory(cohort=cohort, completed_at=clock.now())
    move_clock(AFTER)
    queue_survey_reminders()
    assert [message.recipient for message in Message.objects.all()] == [placed.user]


def test_the_cohorts_own_rules_hold(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(WEDNESDAY)
    cohort = cohort_with_sessions()
    seated(cohort)
    cohort.reminder_rules.update(enabled=False)
    ReminderRule.objects.create(cohort=cohort, kind="survey", days=2, enabled=True)
    assert queue_survey_reminders() == 0
    move_clock(later(2))
    queue_survey_reminders()
    assert queued() == [("surveys.survey_reminder", "2")]


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_the_mail_says_confidential_and_never_anonymous(move_clock, moment) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    move_clock(moment)
    queue_survey_reminders()
    for message in Message.objects.all():
        kind = kinds.get(message.kind)
        rendered = render(kind.template, kind.context(message))
        assert "confidential" in rendered.text
        assert "anonymous" not in rendered.text.lower()
        assert enrolment.cohort.name not in rendered.subject
        assert "/survey/" in rendered.text


def test_a_tick_without_news_costs_the_same_for_three_people_as_for_one(move_clock, count_queries) -> None:  # type: ignore[no-untyped-def]
    move_clock(WEDNESDAY)
    cohort = cohort_with_sessions()
    seated(cohort)
    assert queue_survey_reminders() == 1
    one = count_queries(queue_survey_reminders)
    for _ in range(2):
        seated(cohort)
    assert queue_survey_reminders() == 2
    assert count_queries(queue_survey_reminders) == one
