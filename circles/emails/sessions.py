"""Messages about sessions, ceremonies and certificates.

Subjects and calendar titles are neutral: colleagues may see them.
"""

import datetime as dt
from dataclasses import replace

from accounts import clock
from circles import links
from circles.addresses import reply_address
from circles.calendar import event_part, event_sequence, session_part, where
from circles.emails import glossary
from circles.models import Attendance, Membership, Session
from circles.selectors.stand_ins import led_by
from circles.selectors.wording import is_discreet
from cohorts.models import Event
from outbox import kinds
from outbox.calendar import CalendarPart
from outbox.hours import Hours
from outbox.models import Message, State
from participants.models import Enrolment, Reply
from ui.dates import uk_date, uk_datetime, uk_time

GONE = "The person is not in the circle any more."


def _seated(message: Message) -> Enrolment:
    """With which enrolment the recipient sits, or sat, in the circle of the session that a message is about."""
    circle = message.about.circle
    return Enrolment.objects.get(cohort=circle.cohort_id, user=message.recipient_id)


def _is_seated(message: Message) -> bool:
    seats = Membership.objects.current().filter(circle=message.about.circle_id, enrolment__user=message.recipient_id)
    return seats.exists()


def _earlier(message: Message, kind: str) -> bool:
    """Whether the person was sent another message of the kind about the same thing."""
    sent = Message.objects.about(message.about).filter(kind=kind, recipient=message.recipient_id)
    return sent.filter(state__in=[State.SENT, State.SENDING]).exclude(pk=message.pk).exists()


def _replaced(message: Message) -> bool:
    """Whether a later message of the kind, about the same thing, is on its way to the person."""
    same = Message.objects.about(message.about).filter(kind=message.kind, recipient=message.recipient_id)
    return same.filter(created_at__gt=message.created_at).exists()


# --- sessions ---------------------------------------------------------------------------------
def session_context(message: Message) -> kinds.Context:
    session = message.about
    key = links.token(session, _seated(message))
    return {
        "first_name": message.recipient.first_name,
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "when": uk_datetime(session.starts_at),
        "day": uk_date(session.starts_at),
        "until": uk_time(session.ends_at),
        "where": where(session.mode, session.place),
        "changed": _earlier(message, "circles.session_invited"),
        "called_off": session.state == Session.State.CANCELLED,
        "preparation": session.preparation,
        "online": session.mode != Session.Mode.IN_PERSON,
        **links.answers("portal:reply_by_link", key),
        "join_url": links.page("portal:join_session", key),
        "session_url": links.page("portal:session", session.pk),
        "led_by": led_by(session),
    }


def invitation_due(message: Message) -> str:
    session = message.about
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if session.is_past:
        return "The session has started."
    if _replaced(message):
        return "A newer invitation to the same session replaces it."
    return "" if _is_seated(message) else GONE


def cancellation_due(message: Message) -> str:
    if message.about.is_past:
        return "The session’s time is over."
    return "" if _earlier(message, "circles.session_invited") else "The person was never sent the invitation."


def session_request(message: Message) -> CalendarPart:
    key = links.token(message.about, _seated(message))
    lines = [f"Will you come? {links.page('portal:reply_by_link', key)}"]
    if message.about.mode != Session.Mode.IN_PERSON:
        lines.append(f"Join the meeting: {links.page('portal:join_session', key)}")
    return session_part(
        message.about,
        method="REQUEST",
        sequence=message.about.sequence,
        description="\n".join(lines),
        organiser=reply_address(message.recipient),
        discreet=is_discreet(message.recipient),
    )


def session_cancel(message: Message) -> CalendarPart:
    """Its number is that of the moment at which somebody left: who is back before it is sent has a higher one."""
    return session_part(
        message.about,
        method="CANCEL",
        sequence=int(message.occurrence),
        organiser=reply_address(message.recipient),
        discreet=is_discreet(message.recipient),
    )


# What is called off sooner than this is told at once, at night too.
CALLED_OFF_SOON = dt.timedelta(hours=24)


def session_hours(session: Session) -> Hours:
    return Hours(nation=session.circle.cohort.bank_holidays, starts_at=session.starts_at)


def cancellation_hours(session: Session) -> Hours:
    return replace(session_hours(session), urgent_before=CALLED_OFF_SOON)


def event_hours(event: Event) -> Hours:
    return Hours(nation=event.cohort.bank_holidays, starts_at=event.starts_at)


# --- reminders --------------------------------------------------------------------------------
def occurrence(days: int, starts_at: dt.datetime) -> str:
    """Which reminder of which start: a session that moves is reminded of anew, and the old row loses its reason."""
    return f"{days}d {starts_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M}"


def attendance_context(message: Message) -> kinds.Context:
    session = message.about
    return {
        "first_name": message.recipient.first_name,
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "day": uk_date(session.starts_at),
        "answer_url": links.page("portal:attendance_by_link", links.token(session, _seated(message))),
        "check_in_url": links.page("portal:check_in_by_link", links.token(session, _seated(message))),
        "leads": _leads(message),
        "record_url": links.page("portal:session_attendance", session.pk),
    }


def _leads(message: Message) -> bool:
    seats = Membership.objects.current().filter(circle=message.about.circle_id, seat=Membership.LEAD_SEAT)
    return seats.filter(enrolment__user=message.recipient_id).exists()


def attendance_due(message: Message) -> str:
    session = message.about
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    if not _is_of_this_start(message) or not session.is_past:
        return "The session was moved."
    known = Attendance.objects.filter(session=session, enrolment__user=message.recipient_id, attended__isnull=False)
    if known.exists():
        return "Whether they were there is recorded already."
    return "" if _is_seated(message) else GONE


def _reply_of(message: Message) -> str:
    facts = Attendance.objects.filter(session=message.object_id, enrolment__user=message.recipient_id)
    return facts.values_list("reply", flat=True).first() or ""


def _is_of_this_start(message: Message) -> bool:
    return message.occurrence.endswith(occurrence(0, message.about.starts_at).removeprefix("0d "))


def _reminder_due(message: Message) -> str:
    if not _is_of_this_start(message):
        return "The session was moved."
    return invitation_due(message)


def ask_due(message: Message) -> str:
    return _reminder_due(message) or ("They have replied since." if _reply_of(message) else "")


def coming_due(message: Message) -> str:
    coming = _reply_of(message) in {Reply.YES, Reply.MAYBE}
    return _reminder_due(message) or ("" if coming else "They have said since that they can’t come.")


# --- ceremonies and masterclasses -------------------------------------------------------------
def _enrolment(message: Message) -> Enrolment:
    return Enrolment.objects.get(cohort=message.about.cohort_id, user=message.recipient_id)


def event_context(message: Message) -> kinds.Context:
    event = message.about
    return {
        "first_name": message.recipient.first_name,
        "title": event.title,
        "when": uk_datetime(event.starts_at),
        "until": uk_time(event.ends_at),
        "where": event.place or "Online",
        "description": event.description,
        "changed": _earlier(message, "circles.event_invited"),
        **links.answers("portal:event_by_link", links.token(event, _enrolment(message))),
    }


def event_due(message: Message) -> str:
    event = message.about
    if event.starts_at <= clock.now():
        return "It has started."
    if _replaced(message):
        return "A newer invitation to the same event replaces it."
    seats = Membership.objects.current().filter(circle__cohort=event.cohort_id, enrolment__user=message.recipient_id)
    return "" if seats.exists() else GONE


def event_cancellation_due(message: Message) -> str:
    return "" if _earlier(message, "circles.event_invited") else "The person was never sent the invitation."


def _event_sequence(message: Message) -> int:
    cancelled = Message.objects.about(message.about).filter(
        kind="circles.event_cancelled", recipient=message.recipient_id, created_at__lt=message.created_at
    )
    return event_sequence(message.about.sequence, cancelled.count())


def event_request(message: Message) -> CalendarPart:
    link = links.page("portal:event_by_link", links.token(message.about, _enrolment(message)))
    words = f"Will you come? How to join: {link}"
    return event_part(
        message.about,
        method="REQUEST",
        sequence=_event_sequence(message),
        description=words,
        discreet=is_discreet(message.recipient),
    )


def event_cancel(message: Message) -> CalendarPart:
    return event_part(
        message.about,
        method="CANCEL",
        sequence=_event_sequence(message) + 1,
        discreet=is_discreet(message.recipient),
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
SESSION_HAS = ("circle__cohort",)
KINDS = [
    kinds.MessageKind(
        key="circles.session_invited",
        title="Invitation to a session",
        audience=IN_IT,
        context=session_context,
        still_due=invitation_due,
        hours=session_hours,
        related=SESSION_HAS,
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
        related=SESSION_HAS,
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
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.event_invited",
        title="Invitation to a ceremony or masterclass",
        audience="Everybody with a seat in a circle of the cohort",
        context=event_context,
        still_due=event_due,
        hours=event_hours,
        related=("cohort",),
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
        audience="Those who left and had been invited",
        context=event_context,
        still_due=event_cancellation_due,
        hours=event_hours,
        related=("cohort",),
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
