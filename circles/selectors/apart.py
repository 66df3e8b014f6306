"""Who is kept apart from whom in a cohort, and who has shared a circle before."""

from collections import defaultdict
from itertools import combinations
from uuid import UUID

from django.db.models import QuerySet

from circles.models import KeptApart, Membership
from cohorts.models import Cohort
from participants.models import Enrolment

Pairs = list[list[str]]


def kept_apart(cohort: Cohort) -> QuerySet[KeptApart]:
    """Everybody who is kept apart in a cohort, with their names and who said so."""
    people = ["first__user", "first__organisation", "second__user", "second__organisation", "added_by"]
    return cohort.kept_apart.select_related(*people)


def apart_pairs(cohort: Cohort, people: list[Enrolment]) -> Pairs:
    """The pairs of these people whom staff keep apart, by the keys of their enrolments."""
    known = {one.pk for one in people}
    pairs = cohort.kept_apart.values_list("first_id", "second_id")
    return sorted([str(a), str(b)] for a, b in pairs if a in known and b in known)


def met_pairs(cohort: Cohort, people: list[Enrolment]) -> Pairs:
    """The pairs of these people who shared a circle of a cohort that was launched before this one.

    Who led it counts like everybody else, and so does who left it before the end.
    """
    enrolment_of = {one.user_id: str(one.pk) for one in people}
    seats = Membership.objects.filter(
        circle__cohort__launch_from__lt=cohort.launch_from, enrolment__user__enrolments__cohort=cohort
    )
    shared: dict[UUID, set[str]] = defaultdict(set)
    for circle, user in seats.order_by().values_list("circle_id", "enrolment__user_id"):
        if user in enrolment_of:
            shared[circle].add(enrolment_of[user])
    met = {pair for together in shared.values() for pair in combinations(sorted(together), 2)}
    return sorted([a, b] for a, b in met)
