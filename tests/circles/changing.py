"""A published cohort with circles that meet, to change."""

import datetime as dt

from accounts import clock
from circles.models import Circle, Membership
from circles.selectors.standing import CircleNow, Standing
from circles.services import sessions
from circles.services.changes.plans import Plan
from cohorts.models import Cohort, Slot
from participants.models import Enrolment
from tests.circles.forming import enrol
from tests.factories import CircleFactory, CohortFactory, MembershipFactory, SlotFactory

LAUNCH = dt.date(2026, 10, 1)
# Two sessions of most circles are over, four are to come.
TODAY = dt.date(2026, 11, 25)


def published(minimum: int = 3, target: int = 4, **values: object) -> Cohort:
    """A cohort in its second month, with one slot on Tuesdays and one on Wednesdays."""
    given = {"launch": LAUNCH, "circle_minimum": minimum, "circle_target": target, "published_at": clock.now()}
    cohort = CohortFactory(**given | values)
    SlotFactory(cohort=cohort)
    SlotFactory(cohort=cohort, weekday=2, start=dt.time(17, 30))
    return cohort


def tuesday(cohort: Cohort) -> Slot:
    return cohort.slots.get(weekday=1)


def wednesday(cohort: Cohort) -> Slot:
    return cohort.slots.get(weekday=2)


def circle_of(
    cohort: Cohort, members: int = 3, *, led: bool = True, slot: Slot | None = None, week: int = 2, **values: object
) -> Circle:
    """A circle with a mentor and members, all of different employers, whose sessions are planned and sent."""
    slot = slot or tuesday(cohort)
    number = cohort.circles.count() + 1
    circle = CircleFactory(cohort=cohort, number=number, slot=slot, week_of_month=week, **values)
    people = [enrol(cohort, role="mentor", slots=[slot])] if led else []
    for seat, lead in enumerate(people):
        MembershipFactory(circle=circle, enrolment=lead, seat=seat)
    for seat in range(1, members + 1):
        MembershipFactory(circle=circle, enrolment=enrol(cohort, slots=[slot]), seat=seat)
    sessions.plan_sessions(circle=circle, by=None)
    for one in everybody(circle):
        for session in circle.sessions.upcoming():
            sessions.invite(session=session, enrolment=one)
    return circle


def everybody(circle: Circle) -> list[Enrolment]:
    return [seat.enrolment for seat in circle.memberships.current().select_related("enrolment__user")]


def lead_of(circle: Circle) -> Enrolment:
    return circle.memberships.current().get(seat=Membership.LEAD_SEAT).enrolment


def members_of(circle: Circle) -> list[Enrolment]:
    return [one for one in everybody(circle) if one.side == "member"]


def standing(cohort: Cohort) -> Standing:
    return Standing(Cohort.objects.select_related("format").get(pk=cohort.pk))


def now_of(circle: Circle, found: Standing | None = None) -> CircleNow:
    return (found or standing(circle.cohort)).circles[str(circle.pk)]


def keys(plan: Plan) -> list[str]:
    """The kinds of a plan's options, in their order."""
    return [option.key.partition(":")[0] for option in plan.options]
