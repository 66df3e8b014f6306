"""What messages about a session have in common, whether somebody sits in its circle or stands in for its mentor."""

import datetime as dt
from dataclasses import replace

from django.db.models import Q

from accounts import clock
from circles.calendar import where
from circles.models import Session
from cohorts.models import Event
from outbox import kinds
from outbox.hours import Hours
from outbox.models import Message, State
from ui.dates import uk_date, uk_datetime, uk_time

# What is called off sooner than this is told at once, at night too.
CALLED_OFF_SOON = dt.timedelta(hours=24)


def facts_of(session: Session) -> kinds.Context:
    """Which session it is, when and where."""
    return {
        "number": session.number,
        "group_word": session.circle.cohort.format.group_word,
        "when": uk_datetime(session.starts_at),
        "day": uk_date(session.starts_at),
        "until": uk_time(session.ends_at),
        "where": where(session.mode, session.place),
    }


def session_hours(session: Session) -> Hours:
    return Hours(nation=session.circle.cohort.bank_holidays, starts_at=session.starts_at)


def cancellation_hours(session: Session) -> Hours:
    return replace(session_hours(session), urgent_before=CALLED_OFF_SOON)


def invitation_hours(session: Session) -> Hours:
    return mindful_of_a_move(session_hours(session), session)


def mindful_of_a_move(hours: Hours, meeting: Session | Event) -> Hours:
    """Who expects it earlier than it is now learns that as of a cancellation: in time not to come, at night too."""
    before = meeting.moved_from
    if before is None or not clock.now() < before < meeting.starts_at:
        return hours
    return replace(hours, starts_at=before, urgent_before=CALLED_OFF_SOON)


def moved_off_soon(meeting: Session | Event, at: dt.datetime) -> bool:
    before = meeting.moved_from
    return before is not None and at < before and before - at < CALLED_OFF_SOON


def called_off_soon(meeting: Session | Event, at: dt.datetime) -> bool:
    return meeting.starts_at - at < CALLED_OFF_SOON


def occurrence(days: int, starts_at: dt.datetime) -> str:
    """Which reminder of which start: a session that moves is reminded of anew, and the old row loses its reason."""
    return f"{days}d {starts_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M}"


def is_of_this_start(message: Message, session: Session) -> bool:
    """Whether a reminder was written for the time at which the session is now."""
    return message.occurrence.endswith(occurrence(0, session.starts_at).removeprefix("0d "))


def sent_before(message: Message, kind: str) -> bool:
    """Whether the person was sent another message of the kind about the same thing, at the same address."""
    same = {"recipient": message.recipient_id, "address": message.address}
    sent = Message.objects.about(message.about).filter(kind=kind, **same)
    return sent.filter(state__in=[State.SENT, State.SENDING]).exclude(pk=message.pk).exists()


def was_tried(one: Message) -> bool:
    """Whether an unsent message was handed over before, and the mail server may have taken it.

    Where a worker died or the line broke nobody knows. Finding out that it is not due any more is an attempt too.
    """
    return one.attempts > {State.WAITING: 0, State.SKIPPED: 1}.get(State(one.state), one.attempts)


def may_have(message: Message, kind: str) -> bool:
    """Whether the person may have another message of the kind about the same thing, for all that we know."""
    same = Message.objects.about(message.about).filter(kind=kind, recipient=message.recipient_id)
    tried = Q(state=State.WAITING, attempts__gt=0) | Q(state=State.SKIPPED, attempts__gt=1)
    return sent_before(message, kind) or same.filter(tried, address=message.address).exclude(pk=message.pk).exists()


def replaced(message: Message) -> bool:
    """Whether a later message of the kind, about the same thing, is on its way to the person."""
    same = Message.objects.about(message.about).filter(kind=message.kind, recipient=message.recipient_id)
    return same.filter(created_at__gt=message.created_at).exists()


def readdressed(message: Message) -> bool:
    """Whether it goes to an address that its person has no more: from there a calendar is to lose its entries."""
    return message.recipient is not None and message.address != message.recipient.email.lower()


def not_to_come(session: Session) -> str:
    """Why nobody is asked to a session any more; blank while it is to come."""
    if session.state == Session.State.CANCELLED:
        return "The session was cancelled."
    return "The session has started." if session.is_past else ""
