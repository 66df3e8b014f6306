"""Those who were withdrawn within the last day, and the seat that they left by it."""

import datetime as dt

from django.db.models import QuerySet

from accounts import clock
from circles.models import Membership
from cohorts.models import Cohort
from participants.models import Enrolment, EnrolmentChange, EnrolmentState

# For how long a withdrawal can be undone.
UNDO_WITHIN = dt.timedelta(hours=24)


def withdrawal_of(enrolment: Enrolment) -> EnrolmentChange | None:
    """When and by whom somebody was last withdrawn."""
    return enrolment.changes.filter(state=EnrolmentState.WITHDRAWN).order_by("-created_at").first()


def just_left(cohort: Cohort) -> QuerySet[EnrolmentChange]:
    """The withdrawals of a cohort that can still be undone by their time, the latest first."""
    rows = EnrolmentChange.objects.filter(
        enrolment__cohort=cohort, enrolment__state=EnrolmentState.WITHDRAWN, state=EnrolmentState.WITHDRAWN,
        created_at__gt=clock.now() - UNDO_WITHIN,
    )  # fmt: skip
    return rows.select_related("enrolment__user", "enrolment__organisation", "by").order_by("-created_at")


def left_seat(enrolment: Enrolment, withdrawal: EnrolmentChange) -> Membership | None:
    """The seat that somebody left when they were withdrawn; None for who had none.

    One that they had left before has a step of their history between the two.
    """
    left = enrolment.memberships.filter(left_at__lte=withdrawal.created_at)
    seat = left.select_related("circle__cohort__format").order_by("-left_at").first()
    if seat is None:
        return None
    between = enrolment.changes.filter(created_at__gte=seat.left_at, created_at__lt=withdrawal.created_at)
    return None if between.exists() else seat


def seat_to_arrange(enrolment: Enrolment) -> Membership | None:
    """The seat of somebody who can't leave before the team has seen to it: they lead, or only one would be left.

    None for everybody else, who leaves in the moment in which they say so.
    """
    seat = enrolment.memberships.current().select_related("circle__cohort__format").first()
    if seat is None or seat.is_lead:
        return seat
    others = seat.circle.memberships.current().exclude(pk=seat.pk).exclude(seat=Membership.LEAD_SEAT)
    return None if others.exists() else seat


def left_by_themselves(enrolment: Enrolment) -> EnrolmentChange | None:
    """The withdrawal of somebody who left of their own accord within the last day; None for anybody else."""
    change = withdrawal_of(enrolment) if enrolment.state == EnrolmentState.WITHDRAWN else None
    if change is None or change.by_id != enrolment.user_id or clock.now() > change.created_at + UNDO_WITHIN:
        return None
    return change
