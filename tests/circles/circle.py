"""A published circle to test with: one who leads, members, and a cohort that runs."""

import datetime as dt
from dataclasses import dataclass

from accounts import clock
from circles.models import Circle, Membership
from cohorts.services import default_reminder_rules
from participants.models import Enrolment
from tests.factories import CircleFactory, CohortFactory, EnrolmentFactory, MembershipFactory, SlotFactory


@dataclass
class Published:
    circle: Circle
    lead: Enrolment
    members: list[Enrolment]

    @property
    def everybody(self) -> list[Enrolment]:
        return [self.lead, *self.members]


def published(launch: dt.date, members: int = 2, **circle: object) -> Published:
    """A circle that meets on the second Tuesday, 12:30, published today."""
    cohort = CohortFactory(launch=launch, published_at=clock.now())
    default_reminder_rules(cohort)
    made = CircleFactory(cohort=cohort, slot=SlotFactory(cohort=cohort), week_of_month=2, **circle)
    lead = EnrolmentFactory(cohort=cohort, role="mentor")
    MembershipFactory(circle=made, enrolment=lead, seat=Membership.LEAD_SEAT)
    people = [add_member(made, seat) for seat in range(1, members + 1)]
    return Published(made, lead, people)


def add_member(circle: Circle, seat: int) -> Enrolment:
    enrolment = EnrolmentFactory(cohort=circle.cohort)
    MembershipFactory(circle=circle, enrolment=enrolment, seat=seat)
    return enrolment
