"""The calendar part of a message (iMIP, RFC 5546 and 6047), and a calendar to subscribe to, built from plain values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText

LONDON = ZoneInfo("Europe/London")

# The rules of British time since 1996, as two recurring observances: short, and right for every year to come.
_VTIMEZONE = b"""BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:BST\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:GMT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
END:STANDARD\r
END:VTIMEZONE\r
"""


@dataclass(frozen=True)
class CalendarPart:
    """One meeting as one person's calendar is told of it.

    `uid` never changes; `sequence` is raised by every material change and every cancellation. `title` must be
    neutral: calendars are seen by colleagues. The only attendee is the person written to.
    """

    method: str  # REQUEST or CANCEL
    uid: str
    sequence: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    location: str = ""
    description: str = ""
    organiser: str = ""  # where a calendar sends its answers; blank: to the programme team


@cache
def _vtimezone() -> Timezone:
    return Timezone.from_ical(_VTIMEZONE)


def build(part: CalendarPart, *, organiser: str, attendee: str, stamp: dt.datetime) -> bytes:
    """The part as an iCalendar object, for one attendee."""
    event = _event(part, stamp)
    event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    event.add("attendee", _attendee(attendee, part.method))
    calendar = _calendar()
    calendar.add("method", part.method)
    calendar.add_component(_vtimezone())
    calendar.add_component(event)
    return calendar.to_ical()


def subscription(entries: Iterable[tuple[CalendarPart, dt.datetime]], *, title: str, refresh: dt.timedelta) -> bytes:
    """A calendar to subscribe to: each part with the moment of its last change, and nobody's name or address.

    It has no METHOD: it asks nobody for anything. The same entries give the same bytes.
    """
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    calendar.add_component(_vtimezone())
    for part, changed in entries:
        calendar.add_component(_event(part, changed))
    return calendar.to_ical()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//COMC//Mentoring//EN")
    calendar.add("version", "2.0")
    return calendar


def _event(part: CalendarPart, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", part.uid)
    event.add("sequence", part.sequence)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", part.starts_at.astimezone(LONDON))
    event.add("dtend", part.ends_at.astimezone(LONDON))
    event.add("summary", part.title)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if part.method == "CANCEL" else "CONFIRMED")
    if part.location:
        event.add("location", part.location)
    if part.description:
        event.add("description", part.description)
    return event


def _attendee(address: str, method: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    if method == "REQUEST":
        attendee.params["partstat"] = vText("NEEDS-ACTION")
        attendee.params["rsvp"] = vText("TRUE")
    return attendee
