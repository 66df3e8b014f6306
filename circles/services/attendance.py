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
from privacy.services import record, record_each

RECORDED = "attendance.recorded"
STATED = ["attended", "recorded_by", "recorded_at"]


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
    people = seats_at(session).values_list("enrolment_id", flat=True)
    facts = [known.get(person) or Attendance(session=session, enrolment_id=person) for person in people]
    changed = [fact for fact in facts if fact.attended is not (fact.enrolment_id in came)]
    for fact in changed:
        _state(fact, fact.enrolment_id in came, by)
    Attendance.objects.bulk_create([fact for fact in changed if fact.enrolment_id not in known])
    Attendance.objects.bulk_update([fact for fact in changed if fact.enrolment_id in known], STATED)
    record_each(by=by, verb=RECORDED, about=[(fact, {"attended": fact.attended}) for fact in changed])
    return len(changed)


def _check(session: Session) -> None:
    if session.state == Session.State.CANCELLED:
        raise SessionError("This session was cancelled, so nobody attended it.")
    if not session.is_past:
        raise SessionError("Attendance can be recorded once the session has started.")


def _write(fact: Attendance, attended: bool, by: User) -> Attendance:
    _state(fact, attended, by)
    fact.save(update_fields=STATED)
    record(by=by, verb=RECORDED, about=fact, attended=attended)
    return fact


def _state(fact: Attendance, attended: bool, by: User) -> None:
    fact.attended, fact.recorded_by, fact.recorded_at = attended, by, clock.now()
