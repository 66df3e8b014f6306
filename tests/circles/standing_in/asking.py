"""Asking for a stand-in, and what somebody was sent."""

import icalendar
from django.core import mail

from circles.models import Session, StandIn
from circles.services import stand_ins
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.circle import Published


def ask(ours: Published, session: Session, who: Enrolment) -> StandIn:
    return stand_ins.ask_stand_in(session=session, enrolment=who, by=ours.lead.user)


def kinds_to(one: Enrolment) -> list[str]:
    return list(Message.objects.filter(recipient=one.user).order_by("created_at").values_list("kind", flat=True))


def entries(one: Enrolment) -> list[tuple[str, str, int, int]]:
    """Method, UID, SEQUENCE and number of attendees of each calendar part that somebody got."""
    found = []
    for message in mail.outbox:
        if one.user.email not in message.to[0]:
            continue
        for body, kind in message.alternatives:
            if kind.startswith("text/calendar"):
                calendar = icalendar.Calendar.from_ical(str(body))
                event = calendar.walk("VEVENT")[0]
                attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
                found.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), len(attendees)))
    return found
