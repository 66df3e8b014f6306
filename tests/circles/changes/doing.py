"""Making a plan and confirming it, and what came of it."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from circles.models import Circle
from circles.selectors.standing import Standing
from circles.services.changes import Plan, confirm, plan_merge, plan_new_lead, plan_seat, plan_withdrawal
from cohorts.models import Cohort
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.changing import TODAY, standing
from tests.factories import StaffFactory

Make = Callable[[Standing], Plan]


def later(move_clock: Callable) -> None:
    move_clock(TODAY)


def do(cohort: Cohort, make: Make, option: str = "", **values: object) -> Plan:
    """Make a plan and confirm the first of its options, or the first of a kind."""
    plan = make(standing(cohort))
    chosen = next(one.key for one in plan.options if one.key.startswith(option))
    confirm(cohort=cohort, make=make, option=chosen, fingerprint=plan.fingerprint, by=StaffFactory(), **values)
    return plan


def withdrawal(one: Enrolment) -> Make:
    return partial(plan_withdrawal, enrolment=Enrolment.objects.select_related("user", "organisation").get(pk=one.pk))


def seat(one: Enrolment) -> Make:
    return partial(plan_seat, enrolment=Enrolment.objects.select_related("user", "organisation").get(pk=one.pk))


def new_lead(circle: Circle) -> Make:
    return lambda found: plan_new_lead(found, found.circles[str(circle.pk)])


def merge(one: Circle, other: Circle) -> Make:
    return lambda found: plan_merge(found, found.circles[str(one.pk)], found.circles[str(other.pk)])


def told() -> Counter[str]:
    """How many messages of each kind were queued since the circles were sent."""
    return Counter(Message.objects.exclude(kind="circles.session_invited").values_list("kind", flat=True))


def people_told(kind: str) -> set[object]:
    return set(Message.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def users(people: list[Enrolment]) -> set[object]:
    return {one.user_id for one in people}
