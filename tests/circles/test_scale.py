"""A programme that grows costs more rows, not more queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts import clock
from accounts.clock import LONDON
from circles.models import Circle, Session
from circles.services import nudges, sessions
from circles.services import reminders as session_reminders
from circles.services.sessions import SessionError
from cohorts import reminders
from cohorts.models import Cohort
from cohorts.services import default_reminder_rules
from outbox.models import Message
from privacy.models import AuditEvent
from surveys.models import Survey
from surveys.services import ensure_surveys, queue_survey_reminders
from tests.circles.circle import add_member
from tests.factories import CircleFactory, CohortFactory, EnrolmentFactory, MembershipFactory, SlotFactory

LAUNCH = dt.date(2026, 10, 1)
PEOPLE = 2


def cohort_of(circles: int) -> Cohort:
    """Circles on the second Tuesday at 12:30, each with a lead and a member who has just enrolled."""
    cohort = CohortFactory(launch=LAUNCH, published_at=clock.now())
    default_reminder_rules(cohort)
    ensure_surveys(cohort=cohort)
    slot = SlotFactory(cohort=cohort)
    for _ in range(circles):
        made = CircleFactory(cohort=cohort, slot=slot, week_of_month=2)
        lead = EnrolmentFactory(cohort=cohort, role="mentor", completed_at=clock.now())
        MembershipFactory(circle=made, enrolment=lead, seat=0)
        add_member(made, 1)
    cohort.enrolments.update(completed_at=clock.now())
    return cohort


def plan(cohort: Cohort) -> int:
    return sessions.plan_all(cohort=cohort, circles=list(cohort.circles.all()), by=None)


def test_planning(db: None, move_clock: Callable, count_queries: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    few, many = cohort_of(3), cohort_of(12)
    plan(cohort_of(1))
    assert count_queries(lambda: plan(few)) == count_queries(lambda: plan(many))
    assert Session.objects.filter(circle__cohort=many).count() == 12 * 6


def test_planning_all_plans_what_planning_one_does(db: None, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    cohort = cohort_of(2)
    first, second = cohort.circles.order_by("number")
    sessions.plan_sessions(circle=first, by=None)
    assert plan(cohort) == 6
    assert plan(cohort) == 0
    starts = [list(circle.sessions.values_list("number", "starts_at", "minutes", "mode")) for circle in (first, second)]
    assert starts[0] == starts[1]
    assert AuditEvent.objects.filter(verb="circle.sessions_planned", object_id=second.pk).count() == 1


def test_a_circle_that_cannot_be_planned_is_named_and_none_is(db: None, move_clock: Callable) -> None:
    move_clock(dt.date(2026, 9, 1))
    cohort = cohort_of(1)
    slot = SlotFactory(cohort=cohort, weekday=6, start=dt.time(1, 30))
    bad = CircleFactory(cohort=cohort, slot=slot, week_of_month=4)
    with pytest.raises(SessionError, match=f"The sessions of {bad} can’t be planned"):
        plan(cohort)
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("tick", "moment", "each"),
    [
        (session_reminders.queue_due_reminders, "2026-10-06T12:31", PEOPLE),
        (session_reminders.queue_due_reminders, "2026-10-14T14:01", PEOPLE),
        (nudges.queue_nudges, "2026-10-05T09:00", 1),
        (queue_survey_reminders, "2026-09-02T13:00", PEOPLE),
    ],
)
def test_reminding(
    db: None, move_clock: Callable, count_queries: Callable, tick: Callable, moment: str, each: int
) -> None:
    """The first tick writes, the second finds that all is written: each costs the same with 3 and with 12 circles."""
    ContentType.objects.get_for_models(Session, Circle, Survey)  # each process reads these once
    costs = []
    for circles in (3, 12):
        Message.objects.all().delete()
        Session.objects.all().delete()
        Cohort.objects.update(closed_at=clock.now())
        move_clock(dt.date(2026, 9, 1))
        cohort = cohort_of(circles)
        plan(cohort)
        if tick is nudges.queue_nudges:
            Session.objects.filter(number=1).update(state="cancelled")
        move_clock(dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON))
        costs.append((count_queries(tick), count_queries(tick)))
        assert Message.objects.count() == circles * each
    assert costs[0] == costs[1]


def test_each_batch_costs_the_same(
    db: None, move_clock: Callable, count_queries: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_clock(dt.date(2026, 9, 1))
    plan(cohort_of(8))
    monkeypatch.setattr(reminders, "OCCASIONS", 2)
    move_clock(dt.datetime(2026, 10, 6, 12, 31, tzinfo=LONDON))
    four_batches = count_queries(session_reminders.queue_due_reminders)
    Message.objects.all().delete()
    monkeypatch.setattr(reminders, "OCCASIONS", 4)
    two_batches = count_queries(session_reminders.queue_due_reminders)
    Message.objects.all().delete()
    monkeypatch.setattr(reminders, "OCCASIONS", 8)
    one_batch = count_queries(session_reminders.queue_due_reminders)
    assert four_batches - two_batches == 2 * (two_batches - one_batch)
    assert Circle.objects.count() * PEOPLE == Message.objects.count()
