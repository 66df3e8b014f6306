"""A mentor who enrolled after the circles had been formed takes one over; who led it is in reserve then."""

import datetime as dt
from random import Random

from accounts import clock
from accounts.models import User
from circles.models import Circle
from circles.selectors.standing import Standing
from circles.services import changes
from circles.services.changes import Plan
from circles.services.changes.leaving import LEAD
from circles.services.changes.moving_people import SEAT
from circles.services.membership import write_hand_over
from cohorts.models import Cohort, Role, Side
from organisations.services import set_places
from participants import services
from participants.models import Enrolment
from participants.steps import open_steps
from staff.demonstration import participants
from staff.demonstration.plans import CITIES
from staff.demonstration.sessions import lead_of

NAME = ("Ngozi", "Ashgrove")
NOTE = "They like to begin with a round of news. Promised for next time: two guests on putting oneself forward."


def begin(cohort: Cohort, by: User) -> Enrolment:
    """One mentor more, of the employer with the most people here, who says yes and has not enrolled yet."""
    part = max(cohort.participations.select_related("organisation"), key=lambda one: one.nominations.live().count())
    agreed = {role: part.places.filter(role=role).count() for role in cohort.format.roles}
    set_places(participation=part, places=agreed | {Role.MENTOR: agreed[Role.MENTOR] + 1}, by=by)
    first, last = NAME
    nomination = services.nominate(
        participation=part, role=Role.MENTOR, first_name=first, last_name=last,
        email=f"{first}.{last}@{part.organisation.domain}".lower(), reason="", by=None,
    )  # fmt: skip
    return services.accept_nomination(nomination=nomination)


def enrol(enrolment: Enrolment) -> Enrolment:
    """They can meet on every day and everywhere, so that they can take any circle over."""
    random = Random("reserve mentor")  # noqa: S311 - its own, so that nothing else depends on them
    choices = participants.Choices.of(enrolment.cohort, random)
    given = participants.answers(enrolment, choices, Side.LEAD)
    given["slots"] = {"slots": choices.slots}
    given["place"] |= {"meets_at": ["online", *CITIES]}
    told = {step.key: given[step.key] for step in open_steps(enrolment)}
    return services.complete_enrolment(enrolment=services.save_steps(enrolment=enrolment, answers=told))


def take_over(cohort: Cohort, by: User) -> None:
    """The last circle that they can lead, that has not met in these days and whose mentor has not just asked to go."""
    just_met = clock.now() - dt.timedelta(days=3)
    standing = Standing(cohort)
    for now in reversed(standing.circles.values()):
        if now.circle.sessions.past().filter(starts_at__gt=just_met).exists():
            continue
        if now.lead is None or now.lead.leave_requests.open().exists():
            continue
        if _is_done(cohort, now.circle, by):
            return


def _is_done(cohort: Cohort, circle: Circle, by: User) -> bool:
    def make(found: Standing) -> Plan:
        return changes.plan_new_lead(found, found.circles[str(circle.pk)])

    plan = make(Standing(cohort))
    option = next((one for one in plan.options if one.key.startswith(f"{LEAD}:")), None)
    if option is None:
        return False
    lead = lead_of(circle)
    if lead:
        write_hand_over(circle=circle, text=NOTE, by=lead.user)
    changes.confirm(cohort=cohort, make=make, option=option.key, fingerprint=plan.fingerprint, by=by)
    return True


def move_somebody(cohort: Cohort, by: User) -> None:
    """One member to the circle that suits them best: for a day it can be undone."""
    for one in cohort.enrolments.filter(side=Side.MEMBER, memberships__left_at=None).order_by("-user__sort_name"):

        def make(found: Standing, one: Enrolment = one) -> Plan:
            return changes.plan_move(found, one)

        plan = make(Standing(cohort))
        if plan.options and plan.options[0].key.startswith(f"{SEAT}:"):
            changes.confirm(cohort=cohort, make=make, option=plan.options[0].key, fingerprint=plan.fingerprint, by=by)
            return
