"""Messages about leading one session for another mentor. They name nobody of the circle but who leads it."""

from circles import links
from circles.calendar import session_part
from circles.emails import glossary
from circles.emails.shared import (
    called_off_soon,
    cancellation_hours,
    facts_of,
    invitation_hours,
    is_of_this_start,
    may_have,
    moved_off_soon,
    not_to_come,
    readdressed,
    replaced,
    sent_before,
    session_hours,
)
from circles.models import Attendance, Membership, Session, StandIn
from circles.selectors.stand_ins import is_busy
from circles.selectors.wording import is_discreet
from outbox import kinds
from outbox.calendar import CalendarPart
from outbox.hours import Hours
from outbox.models import Message
from participants.models import Enrolment
from ui.dates import uk_date

INVITED = "circles.stand_in_invited"
NOT_THEIRS = "They do not stand in for this session any more."


def _about(session: Session) -> kinds.Context:
    lead = _lead(session)
    return {**facts_of(session), "lead": lead.user.get_full_name() if lead else ""}


def _lead(session: Session) -> Enrolment | None:
    seats = Membership.objects.current().filter(circle=session.circle_id, seat=Membership.LEAD_SEAT)
    seat = seats.select_related("enrolment__user").first()
    return seat.enrolment if seat else None


# --- asked, and answered ----------------------------------------------------------------------
def asked_context(message: Message) -> kinds.Context:
    asked = message.about
    key = links.token(asked, asked.enrolment)
    lead = _lead(asked.session)
    by_lead = lead is not None and lead.user_id == asked.asked_by_id
    return {
        "first_name": message.recipient.first_name,
        **_about(asked.session),
        "by_team": not by_lead,
        "stand_in_url": links.page("portal:stand_in_by_link", key),
    }


def asked_due(message: Message) -> str:
    asked = message.about
    if over := not_to_come(asked.session):
        return over
    if not asked.is_current:
        return "They are not asked any more."
    return "They have answered since." if asked.accepted_at else ""


def reminder_due(message: Message) -> str:
    of_this_start = is_of_this_start(message, message.about.session)
    return asked_due(message) if of_this_start else "The session was moved."


def answered_context(message: Message) -> kinds.Context:
    asked = message.about
    seats = Membership.objects.current().filter(circle=asked.session.circle_id, enrolment__user=message.recipient_id)
    # The programme team may have asked; the circle's own pages are not for them.
    page = "portal:session" if seats.exists() else "admin:session_stand_in"
    return {
        "first_name": message.recipient.first_name,
        **_about(asked.session),
        "name": asked.enrolment.user.get_full_name(),
        "answer": message.occurrence,
        "session_url": links.page(page, asked.session_id),
    }


def answered_due(message: Message) -> str:
    return "The session has started." if message.about.session.is_past else ""


def asked_hours(asked: StandIn) -> Hours:
    return session_hours(asked.session)


# --- in their calendar ------------------------------------------------------------------------
def _enrolment(message: Message) -> Enrolment:
    return Enrolment.objects.get(cohort=message.about.circle.cohort_id, user=message.recipient_id)


def _leads(message: Message) -> bool:
    return message.about.stand_ins.accepted().filter(enrolment__user=message.recipient_id).exists()


def session_context(message: Message) -> kinds.Context:
    session = message.about
    return {
        "first_name": message.recipient.first_name,
        **_about(session),
        "changed": sent_before(message, INVITED),
        "clash": is_busy(session, _enrolment(message)),
        "called_off": session.state == Session.State.CANCELLED,
        "readdressed": readdressed(message),
        "online": session.mode != Session.Mode.IN_PERSON,
        "join_url": links.page("portal:join_session", links.token(session, _enrolment(message))),
        "session_url": links.page("portal:session", session.pk),
    }


def invitation_due(message: Message) -> str:
    if over := not_to_come(message.about):
        return over
    if not _leads(message):
        return NOT_THEIRS
    return "A newer invitation to the same session replaces it." if replaced(message) else ""


def coming_due(message: Message) -> str:
    of_this_start = is_of_this_start(message, message.about)
    return invitation_due(message) if of_this_start else "The session was moved."


def cancellation_due(message: Message) -> str:
    if message.about.is_past:
        return "The session’s time is over."
    return "" if may_have(message, INVITED) else "The person was never sent the invitation."


def session_request(message: Message) -> CalendarPart:
    session = message.about
    lines = [f"You lead this session: {links.page('portal:session', session.pk)}"]
    if session.mode != Session.Mode.IN_PERSON:
        key = links.token(session, _enrolment(message))
        lines.append(f"Join the meeting: {links.page('portal:join_session', key)}")
    return session_part(
        session,
        method="REQUEST",
        sequence=session.sequence,
        description="\n".join(lines),
        discreet=is_discreet(message.recipient),
    )


def session_cancel(message: Message) -> CalendarPart:
    """Its number is that of the moment of the cancellation, as `circles.emails.sessions.session_cancel` explains."""
    discreet = is_discreet(message.recipient)
    return session_part(message.about, method="CANCEL", sequence=int(message.occurrence), discreet=discreet)


# --- afterwards -------------------------------------------------------------------------------
def attendance_context(message: Message) -> kinds.Context:
    session = message.about
    return {
        "first_name": message.recipient.first_name,
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "day": uk_date(session.starts_at),
        "record_url": links.page("portal:session_attendance", session.pk),
    }


def attendance_due(message: Message) -> str:
    session = message.about
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if not is_of_this_start(message, session) or not session.is_past:
        return "The session was moved."
    if Attendance.objects.filter(session=session, attended__isnull=False).exists():
        return "Who was there is recorded already."
    reach = session.stand_ins.in_reach().filter(enrolment__user=message.recipient_id)
    return "" if reach.exists() else NOT_THEIRS


KINDS = [
    kinds.MessageKind(
        key="circles.stand_in_asked",
        title="Will you lead one session?",
        audience="The mentor who is asked to stand in",
        context=asked_context,
        still_due=asked_due,
        hours=asked_hours,
        variables=glossary.STAND_IN_ASKED,
        required=("when", "stand_in_url"),
    ),
    kinds.MessageKind(
        key="circles.stand_in_answered",
        title="Whether somebody stands in",
        audience="Who asked a mentor to stand in",
        context=answered_context,
        still_due=answered_due,
        hours=asked_hours,
        variables=glossary.STAND_IN_ANSWERED,
        required=("when",),
    ),
    kinds.MessageKind(
        key="circles.stand_in_reply",
        title="Reminder: will you lead one session?",
        audience="The mentor who is asked to stand in and has not answered",
        context=asked_context,
        still_due=reminder_due,
        hours=asked_hours,
        variables=glossary.STAND_IN_ASKED,
        required=("when", "stand_in_url"),
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key=INVITED,
        title="Invitation to lead a session",
        audience="Who has said that they stand in",
        context=session_context,
        still_due=invitation_due,
        hours=invitation_hours,
        urgent=moved_off_soon,
        calendar=session_request,
        variables=glossary.STAND_IN,
        required=("when", "session_url"),
    ),
    kinds.MessageKind(
        key="circles.stand_in_coming",
        title="Reminder: you lead a session soon",
        audience="Who has said that they stand in",
        context=session_context,
        still_due=coming_due,
        hours=session_hours,
        variables=glossary.STAND_IN,
        required=("when", "session_url"),
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.stand_in_attendance",
        title="Who was there?",
        audience="Who stood in, while nobody has said who came",
        context=attendance_context,
        still_due=attendance_due,
        hours=session_hours,
        variables=glossary.STAND_IN_ATTENDANCE,
        required=("record_url",),
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.stand_in_cancelled",
        title="A session is taken out of a stand-in’s calendar",
        audience="Who was going to stand in, when the session is cancelled or they step back",
        context=session_context,
        still_due=cancellation_due,
        hours=cancellation_hours,
        urgent=called_off_soon,
        calendar=session_cancel,
        variables=glossary.STAND_IN,
        required=("when",),
    ),
]
for kind in KINDS:
    kinds.register(kind)
