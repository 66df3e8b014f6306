"""Answers that calendars send by themselves (iMIP REPLY), taken as if their person had pressed the button.

Whoever can send mail can write any sender into it. What is believed is the address that it came to: each person's
invitations name one of their own as organiser, and nobody else has seen it.
"""

import datetime as dt
import email
import email.policy
import hashlib
import logging
from email.message import EmailMessage
from email.utils import getaddresses
from uuid import UUID

from django.conf import settings
from django.db import transaction
from icalendar import Calendar
from icalendar.cal import Event as Entry

from accounts import clock
from accounts.models import User
from circles.addresses import owner_of
from circles.calendar import event_sequence
from circles.models import CalendarReply, Membership, Session
from circles.services import events, sessions
from circles.services.sessions import INVITED, SessionError
from cohorts.models import Event
from outbox import stop_address
from outbox.models import Message
from outbox.retention import forget
from participants.models import Enrolment, Reply
from participants.services import RefusedError, reply_to_event

log = logging.getLogger("comc.calendar_replies")

ANSWERS = {"ACCEPTED": Reply.YES, "TENTATIVE": Reply.MAYBE, "DECLINED": Reply.NO}
LARGEST = 1024 * 1024
# A mail that was put off comes again within days; this is far beyond.
KEPT_FOR = dt.timedelta(days=365)


class IgnoredError(ValueError):
    """Why a mail sets nothing; holds nobody's name or address."""


def _owner(addresses: list[str]) -> User:
    keys = [key for address in addresses if (key := owner_of(address))]
    user = User.objects.today(keys[0]) if keys else None
    if user is None or not user.is_active:
        raise IgnoredError("It came to no address of ours.")
    return user


def receive(raw: bytes, *, came_to: str = "") -> bool:
    """Take a mail as it came, and the address that the mail service says it came to; whether it set anything.

    A calendar's answer sets a reply; a mail to somebody's address to unsubscribe, whatever is in it, does just that.
    Never raises, and logs nothing of a mail but why it was left alone. The same mail twice sets nothing twice.
    """
    try:
        with transaction.atomic():
            _take(raw, came_to)
    except (IgnoredError, SessionError, RefusedError) as reason:
        log.info("A calendar's answer was left alone: %s", reason)
        return False
    except Exception as error:  # whatever a stranger's program wrote: the mail service must not send it for ever
        # Without its trace, in which addresses stand.
        log.error("A calendar's answer could not be read (%s).", type(error).__name__)
        return False
    return True


def _take(raw: bytes, came_to: str) -> None:
    if not settings.INBOUND_DOMAIN or len(raw) > LARGEST:
        raise IgnoredError("No mail is taken, or it is too large.")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    to = [came_to, *(address for _, address in getaddresses([str(line) for line in message.get_all("To", [])]))]
    if stop_address.take(to):
        return
    entry = _entry(message)
    meeting, enrolment, answer = _meant(entry, _owner(to))
    name = str(message.get("Message-ID", "")).strip().encode() or raw
    _, is_new = CalendarReply.objects.get_or_create(message_hash=hashlib.sha256(name).hexdigest())
    if not is_new:
        raise IgnoredError("It has been taken already.")
    if isinstance(meeting, Event):
        reply_to_event(event=meeting, enrolment=enrolment, reply=answer)
    else:
        sessions.reply(session=meeting, enrolment=enrolment, reply=answer)


def _entry(message: EmailMessage) -> Entry:
    parts = [part for part in message.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
    if not parts:
        raise IgnoredError("It holds no calendar.")
    calendar = Calendar.from_ical(parts[0].get_payload(decode=True))
    entries = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(entries) != 1:
        raise IgnoredError("It is no answer to one invitation.")
    return entries[0]


def _meant(entry: Entry, user: User) -> tuple[Session | Event, Enrolment, Reply]:
    """Which session or event, who, and what they say. Raises IgnoredError."""
    meeting, seat = _found(str(entry.get("UID", "")), user)
    if meeting is None or seat is None:
        raise IgnoredError("There is no such session of theirs.")
    attendees = entry.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    mine = [one for one in attendees if str(one).lower().removeprefix("mailto:") == user.email.lower()]
    answer = ANSWERS.get(str(mine[0].params.get("PARTSTAT", "")).upper()) if mine else None
    if answer is None:
        raise IgnoredError("It does not say whether they come.")
    if int(entry.get("SEQUENCE", 0)) < _last_asked(meeting, user):
        raise IgnoredError("It answers an invitation that a newer one has replaced.")
    return meeting, seat.enrolment, answer


def _found(uid: str, user: User) -> tuple[Session | Event | None, Membership | None]:
    """What an entry is about, and the person's seat where it takes place."""
    kind, key = _key(uid)
    seats = Membership.objects.current().filter(enrolment__user=user).select_related("enrolment__user")
    if kind == "event":
        event = Event.objects.standing().filter(pk=key, starts_at__gt=clock.now()).first()
        return event, seats.filter(circle__cohort=event.cohort_id).first() if event else None
    session = Session.objects.select_related("circle").filter(pk=key).first()
    return session, seats.filter(circle=session.circle_id).first() if session else None


def _key(uid: str) -> tuple[str, UUID | None]:
    """Of what sort an entry of ours is, and its key; None for one that is not ours."""
    kind, _, rest = uid.partition("-")
    key, _, domain = rest.partition("@")
    try:
        return kind, UUID(key) if kind in {"session", "event"} and domain == settings.MAIL_DOMAIN else None
    except ValueError:
        return kind, None


def _last_asked(meeting: Session | Event, user: User) -> int:
    """The number with which they were asked last; its own may be higher, by somebody else's leaving."""
    kind = events.INVITED if isinstance(meeting, Event) else INVITED
    asked = Message.objects.about(meeting).filter(kind=kind, recipient=user).order_by("-created_at")
    last = asked.values_list("occurrence", flat=True).first()
    if not last:
        return meeting.sequence
    number, _, cancelled = last.partition(".")
    return event_sequence(int(number), int(cancelled or 0))


def forget_old_replies() -> int:
    """Forget which mails were taken a year ago; returns how many."""
    return forget(CalendarReply.objects.filter(created_at__lt=clock.now() - KEPT_FOR))
