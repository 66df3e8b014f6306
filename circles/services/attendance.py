"""Who came: one fact for each person and session."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Membership, Session
from circles.selectors.people import seats_at
from circles.services.sessions import SessionError
from participants.models import Enrolment
from privacy.services import record


@transaction.atomic
def record_attendance(*, session: Session, enrolment: Enrolment, attended: bool, by: User) -> Attendance:
    """Say that somebody came or did not. A later word corrects an earlier one.

    Raises SessionError before the session starts, after a cancellation, for somebody who was never in the circle,
    and when a person contradicts what somebody else has recorded of them.
    """
    _check(session)
    if not Membership.objects.filter(circle=session.circle_id, enrolment=enrolment).exists():
        raise SessionError("This person is not in the circle.")
    fact, _ = Attendance.objects.select_for_update().get_or_create(session=session, enrolment=enrolment)
    if by.pk == enrolment.user_id and fact.recorded_by_id not in {None, by.pk}:
        raise SessionError("Your attendance has been recorded already. If it is wrong, tell who leads your circle.")
    return _write(fact, attended, by)


@transaction.atomic
def record_all(*, session: Session, came: Collection[UUID], by: User) -> int:
    """Record the whole circle at once: `came` holds the enrolments of those who did, everyone else did not.

    Returns how many facts are new or different. Raises SessionError as `record_attendance` does.
    """
    _check(session)
    known = {fact.enrolment_id: fact for fact in session.attendances.select_for_update()}
    changed = 0
    for enrolment_id in seats_at(session).values_list("enrolment_id", flat=True):
        fact = known.get(enrolment_id) or Attendance(session=session, enrolment_id=enrolment_id)
        if fact.attended is not (enrolment_id in came):
            _write(fact, enrolment_id in came, by)
            changed += 1
    return changed


def _check(session: Session) -> None:
    if session.state == Session.State.CANCELLED:
        raise SessionError("This session was cancelled, so nobody attended it.")
    if not session.is_past:
        raise SessionError("Attendance can be recorded once the session has started.")


def _write(fact: Attendance, attended: bool, by: User) -> Attendance:
    fact.attended, fact.recorded_by, fact.recorded_at = attended, by, clock.now()
    fact.save()
    record(by=by, verb="attendance.recorded", about=fact, attended=attended)
    return fact
