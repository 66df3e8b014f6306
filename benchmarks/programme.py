"""A programme of any size with real sessions and reminders, made by bulk inserts, for what measures it."""

import datetime as dt
from typing import Any

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership
from circles.services.reminders import queue_due_reminders
from circles.services.sessions import plan_all
from cohorts.models import Cohort
from cohorts.services import default_reminder_rules
from outbox.models import Message
from participants.models import Enrolment
from tests.factories import CohortFactory, OrganisationFactory, SlotFactory

A_COHORT = 250  # circles
SEATS = 10
LAUNCH = dt.date(2026, 10, 1)
PLANNED = dt.datetime(2026, 9, 1, 12, tzinfo=clock.LONDON)
# The first sessions are on Tuesday 13 October 2026, 12:30; everybody is asked a week before.
ASKED = dt.datetime(2026, 10, 6, 12, 31, tzinfo=clock.LONDON)


def grow(circles: int) -> list[Cohort]:
    """Cohorts with so many circles together, all of whose people are asked on the same morning: the worst of days."""
    return [_cohort(min(A_COHORT, circles - made)) for made in range(0, circles, A_COHORT)]


def _cohort(circles: int) -> Cohort:
    cohort = CohortFactory(launch=LAUNCH, published_at=clock.now())
    default_reminder_rules(cohort)
    slot = SlotFactory(cohort=cohort)
    employers = {"mentor": OrganisationFactory(), "mentee": OrganisationFactory()}
    made = Circle.objects.bulk_create(
        Circle(cohort=cohort, number=n + 1, slot=slot, week_of_month=2) for n in range(circles)
    )
    names = [f"p{n}.{cohort.number}" for n in range(circles * SEATS)]
    people = User.objects.bulk_create(
        User(email=f"{name}@employer.example", first_name="Ada", last_name=name) for name in names
    )
    answered: dict[str, Any] = {"state": "enrolled", "level": 3, "function": "finance", "agreed_at": clock.now()}
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, user=person, organisation=employers[role["role"]], **role, **answered)
        for person, role in ((person, _role(n % SEATS)) for n, person in enumerate(people))
    )
    Membership.objects.bulk_create(
        Membership(circle=made[n // SEATS], enrolment=enrolment, seat=n % SEATS)
        for n, enrolment in enumerate(enrolments)
    )
    return cohort


def _role(seat: int) -> dict[str, Any]:
    return {"role": "mentor", "side": "lead"} if seat == 0 else {"role": "mentee", "side": "member"}


def plan(cohort: Cohort) -> int:
    return plan_all(cohort=cohort, circles=list(cohort.circles.all()), by=None)


def queue_reminders(circles: int) -> int:
    """Everybody in so many new circles is asked at once whether they will come; returns how many messages wait."""
    clock.move_to(PLANNED)
    for cohort in grow(circles):
        plan(cohort)
    Message.objects.all().delete()
    clock.move_to(ASKED)
    queue_due_reminders()
    Message.objects.exclude(state="waiting").delete()
    return Message.objects.count()
