"""Those who were moved from one circle to another, and what it takes to know that it can be undone."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts import clock
from circles.models import Membership
from circles.selectors.leavers import UNDO_WITHIN
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentChange, EnrolmentState

# What the history of somebody says of a move, and of one taken back: by the first words it is found again.
MOVED_FROM, MOVE_UNDONE = "Moved from", "The move was undone."


@dataclass(frozen=True)
class LastMove:
    """A step from the seat before to the seat after, both as they are kept."""

    change: EnrolmentChange
    before: Membership
    after: Membership


def last_move(enrolment: Enrolment) -> LastMove | None:
    """The move by which somebody came to the seat that they have; None for who came to it otherwise, or has none."""
    seats = enrolment.memberships.select_related("circle__cohort__format", "enrolment")
    after = seats.filter(left_at=None).first()
    if after is None:
        return None
    before = seats.filter(left_at__lte=after.created_at).order_by("-left_at").first()
    if before is None or before.circle_id == after.circle_id:
        return None
    steps = enrolment.changes.filter(created_at__gte=before.left_at).select_related("by").order_by("created_at")
    moves = [step for step in steps if _is_a_move(step) and step.created_at <= after.created_at]
    undone = any(step.note == MOVE_UNDONE for step in steps)
    return LastMove(moves[-1], before, after) if moves and not undone else None


def _is_a_move(step: EnrolmentChange) -> bool:
    """Who withdraws gives a reason in words of their own, which may begin with the same two."""
    return step.note.startswith(MOVED_FROM) and step.state != EnrolmentState.WITHDRAWN


def just_moved(cohort: Cohort) -> QuerySet[EnrolmentChange]:
    """The moves of a cohort that can still be undone by their time, the latest first; of a circle that goes on."""
    seats = Membership.objects.filter(enrolment=OuterRef("enrolment"), created_at__gte=OuterRef("created_at"))
    before = Membership.objects.filter(enrolment=OuterRef("enrolment"), left_at__lte=OuterRef("created_at"))
    last = before.order_by("-left_at")
    rows = EnrolmentChange.objects.annotate(goes_on=Subquery(last.values("circle__closed_at")[:1])).filter(
        Exists(before), ~Q(state=EnrolmentState.WITHDRAWN), goes_on=None,
    ).filter(
        Exists(seats.current()), ~Exists(seats.filter(left_at__isnull=False)), enrolment__cohort=cohort,
        note__startswith=MOVED_FROM, created_at__gt=clock.now() - UNDO_WITHIN,
    )  # fmt: skip
    return rows.select_related("enrolment__user", "enrolment__organisation", "by").order_by("-created_at")
