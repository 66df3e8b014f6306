"""Messages about leading one session for another mentor. They name nobody of the circle but who leads it."""

from circles import links
from circles.calendar import session_part, where
from circles.emails import glossary
from circles.emails.sessions import called_off_soon, cancellation_hours, session_hours
from circles.models import Membership, Session, StandIn
from circles.selectors.wording import is_discreet
from outbox import kinds
from outbox.calendar import CalendarPart
from outbox.hours import Hours
from outbox.models import Message, State
from participants.models import Enrolment
from ui.dates import uk_date, uk_datetime, uk_time

INVITED = "circles.stand_in_invited"


def _about(session: Session) -> kinds.Context:
    return {
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "when": uk_datetime(session.starts_at),
        "day": uk_date(session.starts_at),
        "until": uk_time(session.ends_at),
        "where": where(session.mode, session.place),
        "lead": _lead(session),
    }


def _lead(session: Session) -> str:
    seats = Membership.objects.current().filter(circle=session.circle_id, seat=Membership.LEAD_SEAT)
    seat = seats.select_related("enrolment__user").first()
    return seat.enrolment.user.get_full_name() if seat else ""


# --- asked, and answered ----------------------------------------------------------------------
def asked_context(message: Message) -> kinds.Context:
    asked = message.about
    key = links.token(asked, asked.enrolment)
    return {
        "first_name": message.recipient.first_name,
        **_about(asked.session),
        "stand_in_url": links.page("portal:stand_in_by_link", key),
    }


def asked_due(message: Message) -> str:
    asked = message.about
    if asked.session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if asked.session.is_past:
        return "The session has started."
    if not asked.is_current:
        return "They are not asked any more."
    return "They have answered since." if asked.accepted_at else ""


def answered_context(message: Message) -> kinds.Context:
    asked = message.about
    return {
        "first_name": message.recipient.first_name,
        **_about(asked.session),
        "name": asked.enrolment.user.get_full_name(),
        "answer": message.occurrence,
        "session_url": links.page("portal:session", asked.session_id),
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


def _invited_before(message: Message) -> bool:
    sent = Message.objects.about(message.about).filter(kind=INVITED, recipient=message.recipient_id)
    return sent.filter(state__in=[State.SENT, State.SENDING]).exclude(pk=message.pk).exists()


def session_context(message: Message) -> kinds.Context:
    session = message.about
    return {
        "first_name": message.recipient.first_name,
        **_about(session),
        "changed": _invited_before(message),
        "called_off": session.state == Session.State.CANCELLED,
        "online": session.mode != Session.Mode.IN_PERSON,
        "join_url": links.page("portal:join_session", links.token(session, _enrolment(message))),
        "session_url": links.page("portal:session", session.pk),
    }


def invitation_due(message: Message) -> str:
    session = message.about
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if session.is_past:
        return "The session has started."
    if not _leads(message):
        return "They do not stand in for this session any more."
    later = Message.objects.about(session).filter(kind=INVITED, recipient=message.recipient_id)
    if later.filter(created_at__gt=message.created_at).exists():
        return "A newer invitation to the same session replaces it."
    return ""


def cancellation_due(message: Message) -> str:
    if message.about.is_past:
        return "The session’s time is over."
    return "" if _invited_before(message) else "The person was never sent the invitation."


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
        key=INVITED,
        title="Invitation to lead a session",
        audience="Who has said that they stand in",
        context=session_context,
        still_due=invitation_due,
        hours=session_hours,
        calendar=session_request,
        variables=glossary.STAND_IN,
        required=("when", "session_url"),
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
