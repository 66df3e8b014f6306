"""A session and an event as a calendar entry: the same title, number and place in an invitation and in a feed."""

from django.conf import settings

from circles.models import Session
from cohorts.models import Event
from outbox.calendar import CalendarPart

DISCREET = "Meeting"


def where(mode: str, place: str) -> str:
    """Where a session is, in words."""
    return {"online": "Online", "hybrid": f"{place or 'In person'}, and online"}.get(mode, place or "In person")


def session_part(
    session: Session,
    *,
    method: str,
    sequence: int,
    description: str = "",
    location: str | None = None,
    organiser: str = "",
    discreet: bool = False,
) -> CalendarPart:
    """A session's entry; `location` stands in for its place. A discreet one says no more than that one meets."""
    if discreet:
        location = generic_session_place(session)
    return CalendarPart(
        method=method,
        uid=f"session-{session.pk}@{settings.MAIL_DOMAIN}",
        sequence=sequence,
        title=DISCREET if discreet else f"Mentoring – session {session.number}",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        location=where(session.mode, session.place) if location is None else location,
        description=description,
        organiser=organiser,
    )


def event_part(
    event: Event,
    *,
    method: str,
    sequence: int,
    description: str = "",
    location: str | None = None,
    organiser: str = "",
    discreet: bool = False,
) -> CalendarPart:
    """A ceremony’s or masterclass’s entry, titled by its kind: the title that staff wrote stands in the mail.

    `location` stands in for its place. A discreet one says no more than that one meets.
    """
    if discreet:
        location = generic_event_place(event)
    return CalendarPart(
        method=method,
        uid=f"event-{event.pk}@{settings.MAIL_DOMAIN}",
        sequence=sequence,
        title=DISCREET if discreet else f"Mentoring – {event.get_kind_display().lower()}",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        location=(event.place or "Online") if location is None else location,
        description=description,
        organiser=organiser,
    )


def event_sequence(sequence: int, cancelled: int) -> int:
    """An event's own number, raised by two for each time it was taken out of one person's calendar before.

    Only a higher number than that of a cancellation brings an event back to who left and has returned.
    """
    return sequence + 2 * cancelled


def generic_session_place(session: Session) -> str:
    """Where a session is, without the address: for calendars that others may see."""
    return Session.Mode(session.mode).label


def generic_event_place(event: Event) -> str:
    """Where an event is, without the address."""
    return Session.Mode.IN_PERSON.label if event.place else Session.Mode.ONLINE.label
