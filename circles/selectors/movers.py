"""Those who were moved from one circle to another, and what it takes to know that it can be undone."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts import clock
from circles.models import Membership
from circles.selectors.leavers import UNDO_WITHIN
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentChange

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
    before = seats.filter(left_at__lte=after.created_at).exclude(circle=after.circle_id).order_by("-left_at").first()
    if before is None:
        return None
    steps = enrolment.changes.filter(created_at__gte=before.left_at).select_related("by").order_by("created_at")
    moves = [step for step in steps if step.note.startswith(MOVED_FROM) and step.created_at <= after.created_at]
    undone = any(step.note == MOVE_UNDONE for step in steps)
    return LastMove(moves[-1], before, after) if moves and not undone else None


def just_moved(cohort: Cohort) -> QuerySet[EnrolmentChange]:
    """The moves of a cohort that can still be undone by their time, the latest first."""
    seats = Membership.objects.filter(enrolment=OuterRef("enrolment"), created_at__gte=OuterRef("created_at"))
    rows = EnrolmentChange.objects.filter(
        Exists(seats.current()), ~Exists(seats.filter(left_at__isnull=False)), enrolment__cohort=cohort,
        note__startswith=MOVED_FROM, created_at__gt=clock.now() - UNDO_WITHIN,
    )  # fmt: skip
    return rows.select_related("enrolment__user", "enrolment__organisation", "by").order_by("-created_at")
