"""Who is reminded of a session, when, and when not any more."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from accounts.clock import LONDON
from circles.models import Session
from circles.services import sessions
from circles.services.reminders import queue_due_reminders
from circles.tasks.reminders import queue_reminders
from cohorts import reminders
from cohorts.models import Cohort, ReminderRule
from outbox.delivery import deliver_all
from outbox.models import Message, State
from participants.models import Enrolment
from tests.circles.circle import Published, add_member, published

# The first session is on Tuesday 13 October 2026 at 12:30.
LAUNCH = dt.date(2026, 10, 1)


def at(day: int, hour: int = 12, minute: int = 31) -> dt.datetime:
    return dt.datetime(2026, 10, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    """A published circle whose people have been sent their invitations."""
    move_clock(dt.date(2026, 9, 1))
    made = published(LAUNCH, members=3)
    for session in sessions.plan_sessions(circle=made.circle, by=None):
        for enrolment in made.everybody:
            sessions.invite(session=session, enrolment=enrolment)
    deliver_all()
    mail.outbox.clear()
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


def reminded(kind: str = "") -> list[str]:
    """The addresses for which there is a reminder, of a kind or of any."""
    kinds = [kind] if kind else ["circles.session_reply", "circles.session_coming"]
    return sorted(Message.objects.filter(kind__in=kinds).values_list("address", flat=True))


def emails(*people: Enrolment) -> list[str]:
    return sorted(person.user.email for person in people)


@pytest.mark.parametrize(
    ("starts", "days", "leaves"),
    [
        ("2026-10-13T12:30", 7, "2026-10-06T12:30"),
        ("2026-10-13T19:00", 1, "2026-10-13T08:00"),  # after hours: the next morning is still in time
        ("2026-10-12T12:30", 1, "2026-10-12T08:00"),  # a Sunday: Monday morning is still in time
        ("2026-10-12T09:00", 1, "2026-10-09T17:00"),  # a Sunday, and Monday morning would be too late
        ("2026-11-01T12:30", 7, "2026-10-26T08:00"),  # over the end of summer time
        ("2027-03-30T12:30", 2, "2027-03-30T08:00"),  # over its beginning, and past Easter Monday
    ],
)
def test_reminders_leave_in_working_hours(db: None, starts: str, days: int, leaves: str) -> None:
    moment = dt.datetime.fromisoformat(starts).replace(tzinfo=LONDON)
    rule = ReminderRule(cohort=Cohort(), days=days)
    assert reminders.before(moment, rule) == dt.datetime.fromisoformat(leaves).replace(tzinfo=LONDON)


def test_seven_days_before_those_who_have_not_replied(ours: Published, first: Session, move_clock: Callable) -> None:
    sessions.reply(session=first, enrolment=ours.members[0], reply="no")
    move_clock(at(6, minute=29))
    queue_due_reminders()
    assert reminded() == []
    move_clock(at(6))
    assert queue_due_reminders() == 3
    assert reminded("circles.session_reply") == emails(ours.lead, ours.members[1], ours.members[2])
    deliver_all()
    assert all(m.subject.startswith("Will you come?") for m in mail.outbox)
    assert not any(kind.startswith("text/calendar") for m in mail.outbox for _, kind in m.alternatives)


def test_one_day_before_those_who_come_or_may(ours: Published, first: Session, move_clock: Callable) -> None:
    for member, reply in zip(ours.members, ["yes", "maybe", "no"], strict=True):
        sessions.reply(session=first, enrolment=member, reply=reply)
    move_clock(at(12))
    queue_due_reminders()
    assert reminded("circles.session_coming") == emails(*ours.members[:2])


def test_many_ticks_remind_once(ours: Published, move_clock: Callable) -> None:
    move_clock(at(6))
    for _ in range(3):
        queue_reminders()
    move_clock(at(7))
    queue_reminders()
    assert len(reminded()) == 4


def test_nothing_leaves_at_night(ours: Published, move_clock: Callable) -> None:
    move_clock(at(6, hour=20))
    assert queue_due_reminders() == 0
    move_clock(at(7, hour=8, minute=1))
    assert queue_due_reminders() == 4


def test_after_a_long_silence_only_what_is_still_useful(ours: Published, move_clock: Callable) -> None:
    move_clock(at(9, hour=12, minute=0))
    assert queue_due_reminders() == 4  # within three days
    Message.objects.filter(kind="circles.session_reply").delete()
    move_clock(at(9, hour=13))
    assert queue_due_reminders() == 0


def test_nothing_once_the_session_has_started(ours: Published, first: Session, move_clock: Callable) -> None:
    sessions.reply(session=first, enrolment=ours.members[0], reply="yes")
    move_clock(at(13))
    assert queue_due_reminders() == 0


def test_a_rule_switched_off_reminds_nobody(ours: Published, move_clock: Callable) -> None:
    ours.circle.cohort.reminder_rules.filter(kind="session_reply").update(enabled=False)
    move_clock(at(6))
    assert queue_due_reminders() == 0


def test_a_closed_cohort_reminds_nobody(ours: Published, move_clock: Callable) -> None:
    move_clock(at(6))
    type(ours.circle.cohort).objects.update(closed_at=at(5))
    assert queue_due_reminders() == 0


def test_a_session_that_moves_is_reminded_of_anew(ours: Published, first: Session, move_clock: Callable) -> None:
    move_clock(at(6))
    queue_due_reminders()
    deliver_all()
    sessions.move_session(session=first, by=ours.lead.user, starts_at=at(27, minute=0))
    move_clock(at(20))
    assert queue_due_reminders() == 4
    assert len(reminded()) == 8


def test_who_was_only_just_asked_is_not_reminded_at_once(ours: Published, first: Session, move_clock: Callable) -> None:
    move_clock(at(5))
    sessions.move_session(session=first, by=ours.lead.user, starts_at=at(8))  # in three days
    move_clock(at(5, hour=13))
    assert queue_due_reminders() == 0


@pytest.mark.parametrize("change", ["replied", "cancelled", "moved", "left"])
def test_a_reminder_that_waits_loses_its_reason(
    ours: Published, first: Session, move_clock: Callable, change: str
) -> None:
    move_clock(at(6))
    queue_due_reminders()
    me = ours.members[0]
    {
        "replied": lambda: sessions.reply(session=first, enrolment=me, reply="yes"),
        "cancelled": lambda: sessions.cancel_session(session=first, by=ours.lead.user),
        "moved": lambda: sessions.move_session(session=first, by=ours.lead.user, starts_at=at(20)),
        "left": lambda: me.memberships.update(left_at=at(6)),
    }[change]()
    deliver_all()
    message = Message.objects.get(kind="circles.session_reply", recipient=me.user)
    assert message.state == State.SKIPPED
    assert message.reason


def test_a_reminder_to_come_is_not_sent_to_who_has_changed_their_mind(
    ours: Published, first: Session, move_clock: Callable
) -> None:
    sessions.reply(session=first, enrolment=ours.members[0], reply="yes")
    move_clock(at(12))
    queue_due_reminders()
    sessions.reply(session=first, enrolment=ours.members[0], reply="no")
    deliver_all()
    assert [m for m in mail.outbox if m.subject.startswith("See you soon")] == []


def test_asking_who_is_due_takes_as_many_queries_for_two_circles_as_for_one(
    ours: Published, move_clock: Callable, count_queries: Callable
) -> None:
    move_clock(at(6))
    queue_due_reminders()
    once = count_queries(queue_due_reminders)
    move_clock(dt.date(2026, 9, 1))
    for number in (2, 3):
        other = published(LAUNCH, members=4)
        sessions.plan_sessions(circle=other.circle, by=None)
        add_member(other.circle, 4 + number)
    move_clock(at(6))
    queue_due_reminders()
    assert count_queries(queue_due_reminders) == once == 10


def test_a_tick_without_news_costs_little_and_misses_nobody_who_joins(
    ours: Published, first: Session, move_clock: Callable, count_queries: Callable
) -> None:
    sessions.reply(session=first, enrolment=ours.members[0], reply="no")
    move_clock(at(6))
    told = queue_due_reminders()
    idle = count_queries(queue_due_reminders)
    late = add_member(ours.circle, seat=9)
    move_clock(at(6, 14))
    news = count_queries(queue_due_reminders)
    assert (told, idle < news) == (3, True)
    assert late.user.email in reminded("circles.session_reply")
