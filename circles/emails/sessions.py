"""Messages about sessions, ceremonies and certificates.

Subjects and calendar titles are neutral: colleagues may see them.
"""

from dataclasses import replace

from accounts import clock
from circles import links
from circles.addresses import reply_address
from circles.calendar import event_part, event_sequence, session_part
from circles.emails import facts, glossary
from circles.emails.shared import (
    CALLED_OFF_SOON,
    called_off_soon,
    cancellation_hours,
    facts_of,
    invitation_hours,
    is_of_this_start,
    mindful_of_a_move,
    moved_off_soon,
    not_to_come,
    readdressed,
    session_hours,
)
from circles.models import Session
from cohorts.models import Event
from outbox import kinds
from outbox.calendar import CalendarPart
from outbox.hours import Hours
from outbox.models import Message
from participants.models import Reply
from ui.dates import uk_date, uk_datetime, uk_time

GONE = "The person is not in the circle any more."
NEVER_INVITED = "The person was never sent the invitation."


# --- sessions ---------------------------------------------------------------------------------
def session_context(message: Message) -> kinds.Context:
    session, known = message.about, facts.of(message)
    key = links.token(session, known.enrolment(message))
    return {
        "first_name": message.recipient.first_name,
        **facts_of(session),
        "changed": known.earlier(message, "circles.session_invited"),
        "called_off": session.state == Session.State.CANCELLED,
        "readdressed": readdressed(message),
        "because": session.because,
        "preparation": session.preparation,
        "online": session.mode != Session.Mode.IN_PERSON,
        **links.answers("portal:reply_by_link", key),
        "join_url": links.page("portal:join_session", key),
        "session_url": links.page("portal:session", session.pk),
        "led_by": known.led_by.get(session.pk, ""),
    }


def invitation_due(message: Message) -> str:
    if over := not_to_come(message.about):
        return over
    if facts.of(message).replaced(message):
        return "A newer invitation to the same session replaces it."
    return "" if facts.of(message).sits(message) else GONE


def cancellation_due(message: Message) -> str:
    if message.about.is_past:
        return "The session’s time is over."
    return "" if facts.of(message).may_have(message, "circles.session_invited") else NEVER_INVITED


def session_request(message: Message) -> CalendarPart:
    known = facts.of(message)
    key = links.token(message.about, known.enrolment(message))
    lines = [f"Will you come? {links.page('portal:reply_by_link', key)}"]
    if message.about.mode != Session.Mode.IN_PERSON:
        lines.append(f"Join the meeting: {links.page('portal:join_session', key)}")
    return session_part(
        message.about,
        method="REQUEST",
        sequence=message.about.sequence,
        description="\n".join(lines),
        organiser=reply_address(message.recipient),
        discreet=message.recipient_id in facts.of(message).discreet,
    )


def session_cancel(message: Message) -> CalendarPart:
    """Its number is that of the moment at which somebody left: who is back before it is sent has a higher one."""
    return session_part(
        message.about,
        method="CANCEL",
        sequence=int(message.occurrence),
        organiser=reply_address(message.recipient),
        discreet=message.recipient_id in facts.of(message).discreet,
    )


def event_hours(event: Event) -> Hours:
    return Hours(nation=event.cohort.bank_holidays, starts_at=event.starts_at)


def event_invitation_hours(event: Event) -> Hours:
    return mindful_of_a_move(event_hours(event), event)


def event_cancellation_hours(event: Event) -> Hours:
    return replace(event_hours(event), urgent_before=CALLED_OFF_SOON)


# --- reminders --------------------------------------------------------------------------------
def attendance_context(message: Message) -> kinds.Context:
    session, known = message.about, facts.of(message)
    key = links.token(session, known.enrolment(message))
    return {
        "first_name": message.recipient.first_name,
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "day": uk_date(session.starts_at),
        "answer_url": links.page("portal:attendance_by_link", key),
        "check_in_url": links.page("portal:check_in_by_link", key),
        "leads": known.leads(message),
        "record_url": links.page("portal:session_attendance", session.pk),
    }


def attendance_due(message: Message) -> str:
    session = message.about
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if not is_of_this_start(message, session) or not session.is_past:
        return "The session was moved."
    if facts.of(message).attended(message).attended is not None:
        return "Whether they were there is recorded already."
    return "" if facts.of(message).sits(message) else GONE


def _reply_of(message: Message) -> str:
    return facts.of(message).attended(message).reply


def _reminder_due(message: Message) -> str:
    if not is_of_this_start(message, message.about):
        return "The session was moved."
    return invitation_due(message)


def ask_due(message: Message) -> str:
    return _reminder_due(message) or ("They have replied since." if _reply_of(message) else "")


def coming_due(message: Message) -> str:
    coming = _reply_of(message) in {Reply.YES, Reply.MAYBE}
    return _reminder_due(message) or ("" if coming else "They have said since that they can’t come.")


# --- ceremonies and masterclasses -------------------------------------------------------------
def event_context(message: Message) -> kinds.Context:
    event, known = message.about, facts.of(message)
    return {
        "first_name": message.recipient.first_name,
        "title": event.title,
        "when": uk_datetime(event.starts_at),
        "until": uk_time(event.ends_at),
        "where": event.place or "Online",
        "description": event.description,
        "changed": known.earlier(message, "circles.event_invited"),
        "called_off": event.called_off_at is not None,
        "called_off_words": event.called_off_words,
        "readdressed": readdressed(message),
        **links.answers("portal:event_by_link", links.token(event, known.enrolment(message))),
    }


def event_due(message: Message) -> str:
    event = message.about
    if event.starts_at <= clock.now():
        return "It has started."
    if event.called_off_at:
        return "It was called off."
    if facts.of(message).replaced(message):
        return "A newer invitation to the same event replaces it."
    return "" if facts.of(message).sits(message) else GONE


def event_cancellation_due(message: Message) -> str:
    if message.about.starts_at <= clock.now():
        return "Its time is over."
    return "" if facts.of(message).may_have(message, "circles.event_invited") else NEVER_INVITED


def _event_sequence(message: Message) -> int:
    return event_sequence(message.about.sequence, facts.of(message).cancelled_before(message))


def event_request(message: Message) -> CalendarPart:
    link = links.page("portal:event_by_link", links.token(message.about, facts.of(message).enrolment(message)))
    words = f"Will you come? How to join: {link}"
    return event_part(
        message.about,
        method="REQUEST",
        sequence=_event_sequence(message),
        description=words,
        organiser=reply_address(message.recipient),
        discreet=message.recipient_id in facts.of(message).discreet,
    )


def event_cancel(message: Message) -> CalendarPart:
    return event_part(
        message.about,
        method="CANCEL",
        sequence=_event_sequence(message) + 1,
        organiser=reply_address(message.recipient),
        discreet=message.recipient_id in facts.of(message).discreet,
    )


# --- certificates -----------------------------------------------------------------------------
def certificate_context(message: Message) -> kinds.Context:
    certificate = message.about
    return {
        "first_name": message.recipient.first_name,
        "attended": certificate.sessions_attended,
        "held": certificate.sessions_held,
        "home_url": links.page("portal:home"),
        "check_url": links.page("portal:certificate_check", certificate.code),
    }


IN_IT = "Everybody in the circle"
SESSION_HAS = ("circle__cohort__format",)
KINDS = [
    kinds.MessageKind(
        key="circles.session_invited",
        title="Invitation to a session",
        audience=IN_IT,
        context=session_context,
        still_due=invitation_due,
        hours=invitation_hours,
        urgent=moved_off_soon,
        related=SESSION_HAS,
        read=facts.read,
        calendar=session_request,
        variables=glossary.SESSION,
        required=(
            "when",
            "reply_url",
        ),
    ),
    kinds.MessageKind(
        key="circles.session_cancelled",
        title="A session is cancelled",
        audience="Those who were invited",
        context=session_context,
        still_due=cancellation_due,
        hours=cancellation_hours,
        urgent=called_off_soon,
        related=SESSION_HAS,
        read=facts.read,
        calendar=session_cancel,
        variables=glossary.SESSION,
        required=("when",),
    ),
    kinds.MessageKind(
        key="circles.session_reply",
        title="Reminder: will you come?",
        audience="Those in the circle who have not replied",
        context=session_context,
        still_due=ask_due,
        variables=glossary.SESSION,
        required=(
            "when",
            "reply_url",
        ),
        hours=session_hours,
        related=SESSION_HAS,
        read=facts.read,
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.session_coming",
        title="Reminder: see you soon",
        audience="Those in the circle who come, or may come",
        context=session_context,
        still_due=coming_due,
        variables=glossary.SESSION,
        required=("when",),
        hours=session_hours,
        related=SESSION_HAS,
        read=facts.read,
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.session_attendance",
        title="Were you there?",
        audience="Those in the circle of whom nobody has said whether they came to a session",
        context=attendance_context,
        still_due=attendance_due,
        variables=glossary.ATTENDANCE,
        required=("answer_url",),
        hours=session_hours,
        related=SESSION_HAS,
        read=facts.read,
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.event_invited",
        title="Invitation to a ceremony or masterclass",
        audience="Everybody with a seat in a circle of the cohort",
        context=event_context,
        still_due=event_due,
        hours=event_invitation_hours,
        urgent=moved_off_soon,
        related=("cohort",),
        read=facts.read,
        calendar=event_request,
        variables=glossary.EVENT,
        required=(
            "when",
            "reply_url",
        ),
    ),
    kinds.MessageKind(
        key="circles.event_cancelled",
        title="A ceremony or masterclass is taken out of a calendar",
        audience="Those who had been invited, where it is called off; else those of them who left",
        context=event_context,
        still_due=event_cancellation_due,
        hours=event_cancellation_hours,
        urgent=called_off_soon,
        related=("cohort",),
        read=facts.read,
        calendar=event_cancel,
        variables=glossary.EVENT,
        required=("when",),
    ),
    kinds.MessageKind(
        key="circles.certificate_issued",
        title="A certificate",
        audience="Those who attended enough sessions",
        context=certificate_context,
        variables=glossary.CERTIFICATE,
        required=("home_url",),
    ),
]
for kind in KINDS:
    kinds.register(kind)
