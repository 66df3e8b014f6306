"""After publication: somebody leaves a circle, or joins one late."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.formation import rules
from circles.models import Circle, Membership
from circles.selectors import formation as selectors
from circles.services import board
from circles.services.board import FormationError
from circles.services.publishing import PLACED
from circles.services.sessions import invite, uninvite
from cohorts.models import Side
from outbox.services import queue
from participants.models import Enrolment, EnrolmentState
from participants.services.enrolment import withdraw_enrolment
from privacy.services import record

LEFT = "circles.left"


@transaction.atomic
def withdraw(*, enrolment: Enrolment, by: User | None, note: str = "") -> Enrolment:
    """Take somebody out of the cohort and tell them: seat and place are free, their calendar loses coming sessions.

    A circle whose lead leaves goes on without one and shows on the dashboard. Doing it twice changes nothing.
    """
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return enrolment
    for seat in Membership.objects.current().select_for_update(of=("self",)).filter(enrolment=enrolment):
        _leave(seat, by)
    board.drop(enrolment=enrolment)
    enrolment = withdraw_enrolment(enrolment=enrolment, by=by, note=note)
    queue(kind=LEFT, about=enrolment, to=enrolment.user)
    return enrolment


def _leave(seat: Membership, by: User | None) -> None:
    seat.left_at = clock.now()
    seat.save(update_fields=["left_at"])
    for session in seat.circle.sessions.upcoming():
        uninvite(session=session, enrolment=seat.enrolment)
    record(by=by, verb="circle.left", about=seat.circle, lead=seat.is_lead)


@transaction.atomic
def add_to_circle(*, enrolment: Enrolment, circle: Circle, by: User | None) -> Membership:
    """Seat somebody who enrolled late, or waited, in a published circle; nobody else moves.

    Raises FormationError when a hard rule forbids it.
    """
    circle = Circle.objects.select_for_update(of=("self",)).select_related("cohort__format").get(pk=circle.pk)
    _check(enrolment, circle)
    seat = Membership.objects.create(circle=circle, enrolment=enrolment, seat=_free_seat(enrolment, circle))
    record(by=by, verb="circle.joined", about=circle, lead=seat.is_lead)
    queue(kind=PLACED, about=seat, to=enrolment.user)
    for session in circle.sessions.upcoming():
        invite(session=session, enrolment=enrolment)
    return seat


def _check(enrolment: Enrolment, circle: Circle) -> None:
    if enrolment.state != EnrolmentState.ENROLLED or enrolment.cohort_id != circle.cohort_id:
        raise FormationError(f"{enrolment.user} is not enrolled in {circle.cohort}.")
    if enrolment.memberships.current().exists():
        raise FormationError(f"{enrolment.user} sits in a circle already.")


def _free_seat(enrolment: Enrolment, circle: Circle) -> int:
    """The seat for this person: the lead's, or the first that is free. Raises FormationError."""
    taken = {seat.seat: seat.enrolment_id for seat in circle.memberships.current()}
    seats = [Membership.LEAD_SEAT] if enrolment.side == Side.LEAD else range(1, circle.capacity + 1)
    free = [seat for seat in seats if seat not in taken]
    if not free:
        raise FormationError(f"{circle} has no free seat for {enrolment.user}.")
    if broken := _broken(enrolment, taken):
        raise FormationError(f"{enrolment.user} can't join {circle}: {'; '.join(broken)}.")
    return free[0]


def _broken(enrolment: Enrolment, taken: dict[int, object]) -> list[str]:
    """Which rules the circle would break with the person; its meeting stays as it is, and they may not make it."""
    problem = selectors.problem_of(enrolment.cohort)
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    ids = {seat: str(pk) for seat, pk in taken.items()}
    if enrolment.side == Side.LEAD:
        ids[Membership.LEAD_SEAT] = str(enrolment.pk)
    members = [ident for seat, ident in ids.items() if seat] + (
        [str(enrolment.pk)] if enrolment.side != Side.LEAD else []
    )
    lead = mentors.get(ids.get(Membership.LEAD_SEAT, ""))
    if lead is None:
        return []
    return rules.broken(problem, lead, [mentees[ident] for ident in members if ident in mentees])
