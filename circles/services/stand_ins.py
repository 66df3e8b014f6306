"""A stand-in for one session: asked, answered, and ended. The circle's mentor stays its mentor, and stays invited."""

from django.db import transaction

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership, Session, StandIn
from circles.selectors.stand_ins import candidate
from circles.services.sessions import CANCELLED, IN_PLACE, INVITED, SessionError, locked_for_change, raise_sequence
from outbox.models import Message
from outbox.services import Letter, queue, queue_all
from participants.models import Enrolment
from privacy.services import record

ASKED, ANSWERED = "circles.stand_in_asked", "circles.stand_in_answered"
STAND_IN_INVITED, STAND_IN_CANCELLED = IN_PLACE[INVITED], IN_PLACE[CANCELLED]


@transaction.atomic
def ask_stand_in(*, session: Session, enrolment: Enrolment, by: User) -> StandIn:
    """Ask another mentor of the cohort to lead one session. They see nothing of the circle before they say yes.

    Raises SessionError, with the reason, when a rule of the circle forbids it, when somebody is asked already, and when
    the session is over or cancelled.
    """
    session = locked_for_change(session)
    if session.stand_ins.current().exists():
        raise SessionError("Somebody is asked already. Take that back first.")
    _check(session, enrolment)
    asked = StandIn.objects.create(session=session, enrolment=enrolment, asked_by=by)
    record(by=by, verb="stand_in.asked", about=asked)
    queue(kind=ASKED, about=asked, to=enrolment.user)
    return asked


def _check(session: Session, enrolment: Enrolment) -> None:
    found = candidate(session, enrolment)
    if found is None:
        raise SessionError("Choose another mentor of the same cohort.")
    if found.why_not:
        raise SessionError(f"{enrolment.user.get_full_name()} can’t lead this session: {found.why_not_to_fellows}.")


@transaction.atomic
def answer_stand_in(*, stand_in: StandIn, will_lead: bool) -> StandIn:
    """Take the answer of who was asked, and tell who asked and the circle's mentor.

    A yes brings the session into their calendar.
    Raises SessionError when they are not asked any more, have said yes already, or the circle has changed so that a
    rule forbids it now.
    """
    session = locked_for_change(stand_in.session)
    found = _locked(stand_in)
    if found.accepted_at:
        raise SessionError("You have said yes already. To step back, open the session’s page.")
    if will_lead:
        _check(session, found.enrolment)
    setattr(found, "accepted_at" if will_lead else "declined_at", clock.now())
    found.save(update_fields=["accepted_at", "declined_at"])
    verb = "stand_in.accepted" if will_lead else "stand_in.declined"
    record(by=found.enrolment.user, verb=verb, about=found)
    if will_lead:
        _invite(session, found)
    _tell(found, "yes" if will_lead else "no", by=found.enrolment.user)
    return found


@transaction.atomic
def end_stand_in(*, stand_in: StandIn, by: User | None) -> StandIn:
    """They step back, or are not needed any more: the session leaves their calendar, and their page of it is gone.

    Who asked and the circle's mentor hear of it, unless they did it themselves. Raises SessionError when that has been
    done.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=stand_in.session_id)
    found = _locked(stand_in)
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    record(by=by, verb="stand_in.ended", about=found)
    if found.accepted_at and _is_to_come(session) and not _sits_there(session, found):
        raise_sequence(session)
        queue(kind=STAND_IN_CANCELLED, about=session, to=found.enrolment.user, occurrence=str(session.sequence))
    _tell(found, "ended", by=by)
    return found


def end_those_of(*, enrolment: Enrolment, by: User | None) -> None:
    """End what somebody who leaves the cohort has said they will lead."""
    for one in StandIn.objects.current().filter(enrolment=enrolment).select_related("session"):
        if not one.session.is_past:
            end_stand_in(stand_in=one, by=by)


def end_those_ruled_out(*, circle: Circle, by: User | None) -> None:
    """End, after somebody has joined a circle, whichever stand-in of its sessions to come may not lead it now."""
    for session in circle.sessions.upcoming().filter(stand_ins__in=StandIn.objects.current()):
        one = session.stand_ins.current().select_related("enrolment").get()
        found = candidate(session, one.enrolment)
        if found is None or found.why_not:
            end_stand_in(stand_in=one, by=by)


def _locked(stand_in: StandIn) -> StandIn:
    rows = StandIn.objects.current().select_for_update(of=("self",)).select_related("enrolment__user", "asked_by")
    found = rows.filter(pk=stand_in.pk).first()
    if found is None:
        raise SessionError("You are not asked to lead this session any more.")
    return found


def _is_to_come(session: Session) -> bool:
    return session.state == Session.State.PLANNED and not session.is_past


def _sits_there(session: Session, stand_in: StandIn) -> bool:
    """Whether they have come to sit in the circle, so that the session stays in their calendar."""
    seats = Membership.objects.current().filter(circle=session.circle_id, enrolment=stand_in.enrolment_id)
    return seats.exists()


def _invite(session: Session, stand_in: StandIn) -> None:
    told = Message.objects.about(session).filter(
        recipient=stand_in.enrolment.user_id, kind__in=[STAND_IN_INVITED, STAND_IN_CANCELLED]
    )
    last = told.order_by("-created_at").first()
    if last is not None and last.kind == STAND_IN_CANCELLED:
        raise_sequence(session)  # their calendar has seen a cancellation: only a higher number brings it back
    queue(kind=STAND_IN_INVITED, about=session, to=stand_in.enrolment.user, occurrence=str(session.sequence))


def _tell(stand_in: StandIn, what: str, by: User | None) -> None:
    """Tell who asked and the circle's mentor: where the programme team asks, these are two."""
    lead = Membership.objects.current().filter(circle=stand_in.session.circle_id, seat=Membership.LEAD_SEAT)
    people = [stand_in.asked_by, *(seat.enrolment.user for seat in lead.select_related("enrolment__user"))]
    told = {one.pk: one for one in people if one is not None and (by is None or one.pk != by.pk)}
    queue_all(Letter(ANSWERED, stand_in, one, what) for one in told.values())
