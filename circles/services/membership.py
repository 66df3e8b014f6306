"""After publication: taking a seat in a circle, and leaving one. Whoever does so has been told by these acts.

Which seat, and whether it is the least change, is planned in `circles.services.changes`.
"""

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership
from circles.services import board
from circles.services.board import FormationError
from circles.services.feeds import end_feed_of_leaver
from circles.services.publishing import PLACED
from circles.services.sessions import invite, uninvite
from circles.services.stand_ins import end_those_of, end_those_ruled_out
from cohorts.models import Side
from outbox.services import queue
from participants.models import Enrolment, EnrolmentState
from participants.services.enrolment import time_of_leaving, withdraw_enrolment
from privacy.services import record

LEFT = "circles.left"


@transaction.atomic
def withdraw(*, enrolment: Enrolment, by: User | None, note: str = "") -> Enrolment:
    """Take somebody out of the cohort and tell them: seat and place are free, their calendar loses coming sessions.

    A circle whose lead leaves goes on without one and shows on the dashboard. Doing it twice changes nothing.
    """
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return enrolment
    leave_circle(enrolment=enrolment, by=by)
    end_those_of(enrolment=enrolment, by=by)
    end_feed_of_leaver(user=enrolment.user, by=by)
    board.drop(enrolment=enrolment)
    enrolment = withdraw_enrolment(enrolment=enrolment, by=by, note=note)
    queue(kind=LEFT, about=enrolment, to=enrolment.user, occurrence=time_of_leaving(enrolment))
    return enrolment


@transaction.atomic
def write_hand_over(*, circle: Circle, text: str, by: User) -> None:
    """Leave a note for whoever leads the circle next. The audit row holds none of it."""
    circle.hand_over = text
    circle.save(update_fields=["hand_over"])
    record(by=by, verb="circle.hand_over_written", about=circle)


@transaction.atomic
def leave_circle(*, enrolment: Enrolment, by: User | None) -> Membership | None:
    """Free somebody's seat and take the coming sessions out of their calendar; None for who has no seat."""
    seats = Membership.objects.current().select_for_update(of=("self",)).filter(enrolment=enrolment)
    seat = seats.select_related("circle", "enrolment__user").first()
    if seat is None:
        return None
    seat.left_at = clock.now()
    seat.save(update_fields=["left_at"])
    for session in seat.circle.sessions.upcoming():
        uninvite(session=session, enrolment=seat.enrolment)
    record(by=by, verb="circle.left", about=seat.circle, lead=seat.is_lead)
    return seat


@transaction.atomic
def add_to_circle(*, enrolment: Enrolment, circle: Circle, by: User | None, kind: str = PLACED) -> Membership:
    """Give somebody the first free seat of their side in a circle, with the sessions to come; nobody else moves.

    `kind` is the message that tells them; blank where whoever calls does. Raises FormationError where there is no seat
    for them; PostgreSQL refuses what else the rules forbid.
    """
    circle = Circle.objects.select_for_update(of=("self",)).select_related("cohort__format").get(pk=circle.pk)
    _check(enrolment, circle)
    seat = Membership.objects.create(circle=circle, enrolment=enrolment, seat=_free_seat(enrolment, circle))
    record(by=by, verb="circle.joined", about=circle, lead=seat.is_lead)
    if kind:
        queue(kind=kind, about=seat, to=enrolment.user)
    for session in circle.sessions.upcoming():
        invite(session=session, enrolment=enrolment)
    end_those_ruled_out(circle=circle, by=by)
    return seat


def _check(enrolment: Enrolment, circle: Circle) -> None:
    if enrolment.state != EnrolmentState.ENROLLED or enrolment.cohort_id != circle.cohort_id:
        raise FormationError(f"{enrolment.user} is not enrolled in {circle.cohort}.")
    if circle.closed_at:
        raise FormationError(f"{circle} is closed.")
    if enrolment.memberships.current().exists():
        raise FormationError(f"{enrolment.user} sits in a circle already.")


def _free_seat(enrolment: Enrolment, circle: Circle) -> int:
    """The seat for this person: the lead's, or the first that is free. Raises FormationError."""
    taken = set(circle.memberships.current().values_list("seat", flat=True))
    seats = [Membership.LEAD_SEAT] if enrolment.side == Side.LEAD else range(1, circle.capacity + 1)
    free = [seat for seat in seats if seat not in taken]
    if not free:
        raise FormationError(f"{circle} has no free seat for {enrolment.user}.")
    return free[0]
