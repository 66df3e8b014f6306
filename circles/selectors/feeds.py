"""What a person's calendar link shows: their own meetings, and nobody's name or address."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from circles import links
from circles.calendar import event_part, event_sequence, generic_event_place, generic_session_place, session_part
from circles.models import CalendarFeed, Membership, Session, StandIn
from circles.selectors.sessions import sat_through
from circles.selectors.wording import is_discreet
from cohorts.models import Event
from outbox.calendar import CalendarPart, subscription
from outbox.models import Message

TITLE, DISCREET_TITLE = "Mentoring", "Meetings"
REFRESH = dt.timedelta(hours=6)
# For how long after its time a cancelled session is still shown as cancelled.
CANCELLED_FOR = dt.timedelta(days=14)

Entry = tuple[CalendarPart, dt.datetime]


def _seats() -> QuerySet[Membership]:
    """The seats of today, in cohorts that are not closed."""
    return Membership.objects.current().filter(circle__cohort__closed_at__isnull=True)


def has_meetings(user: User) -> bool:
    """Whether somebody sits in a circle today, or stands in at a session of one."""
    return bool(_seated(user.pk) or _leads(user.pk))


@prepared
def _seated(user: UUID) -> QuerySet[Membership, tuple[UUID]]:
    return _seats().filter(enrolment__user=user).order_by().values_list("pk")[:1]


@prepared
def _leads(user: UUID) -> QuerySet[StandIn, tuple[UUID]]:
    return StandIn.objects.in_reach().filter(enrolment__user=user).order_by().values_list("pk")[:1]


def digest(token: str) -> str:
    """What is kept of the token in a calendar link. It has 256 random bits, so a plain hash can't be worked back."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(user: User) -> CalendarFeed | None:
    """A person's calendar link; None while they have none."""
    return CalendarFeed.objects.filter(user=user).first()


def feed_by_token(token: str) -> CalendarFeed | None:
    """The link that a token belongs to; nothing for one that was never made, was replaced, or whose owner has left."""
    feeds = CalendarFeed.objects.filter(token_hash=digest(token), user__is_active=True).select_related("user")
    feed = feeds.first()
    return feed if feed and has_meetings(feed.user) else None


def calendar_of(user: User) -> bytes:
    """A person's sessions and events as a calendar to subscribe to; the same bytes until something changes."""
    discreet = is_discreet(user)
    return subscription(_entries(user, discreet), title=DISCREET_TITLE if discreet else TITLE, refresh=REFRESH)


def _entries(user: User, discreet: bool = False) -> Iterator[Entry]:
    told = _told(user)
    for session in _sessions(user):
        changed, _ = told.get(session.pk, (session.created_at, 0))
        yield _session(session, discreet), changed
    cohorts = _seats().filter(enrolment__user=user).values("circle__cohort")
    # Those called off are shown as such for a while, as sessions are.
    shown = Q(called_off_at=None) | Q(called_off_at__gt=clock.now() - CANCELLED_FOR)
    for event in Event.objects.filter(shown, cohort__in=cohorts).order_by("starts_at", "pk"):
        changed, cancelled = told.get(event.pk, (event.created_at, 0))
        yield _event(event, cancelled, discreet), changed


def _sessions(user: User) -> QuerySet[Session]:
    """Those to come and those that found the person in their seat; and cancelled ones for a while, shown as such.

    Those at which they stand in for a mentor too, for as long as they may see them.
    """
    seat = Q(circle__memberships__in=_seats().filter(enrolment__user=user))
    coming = Q(state=Session.State.PLANNED, starts_at__gt=clock.now())
    cancelled = Q(
        state=Session.State.CANCELLED,
        starts_at__gt=clock.now() - CANCELLED_FOR,
        starts_at__gte=F("circle__memberships__created_at"),
    )
    shown = coming | cancelled | sat_through("circle__memberships__", "", "circle__")
    theirs = Session.objects.filter(seat & shown).values("pk")
    led = StandIn.objects.in_reach().filter(enrolment__user=user).values("session")
    return Session.objects.filter(Q(pk__in=theirs) | Q(pk__in=led)).order_by("starts_at", "pk")


def _told(user: User) -> dict[UUID, tuple[dt.datetime, int]]:
    """By session or event: when the person was last sent a change of it, and how often it was taken from them."""
    kinds = ["circles.session_invited", "circles.session_cancelled", "circles.event_invited", "circles.event_cancelled"]
    kinds += ["circles.stand_in_invited", "circles.stand_in_cancelled"]
    rows = Message.objects.filter(recipient=user, kind__in=kinds).values("object_id")
    rows = rows.annotate(last=Max("created_at"), cancelled=Count("pk", filter=Q(kind="circles.event_cancelled")))
    return {row["object_id"]: (row["last"], row["cancelled"]) for row in rows.order_by()}


def _session(session: Session, discreet: bool) -> CalendarPart:
    """Who finds the address may see that there is a meeting; to read more, to answer or to join, one signs in."""
    place = generic_session_place(session)
    if session.state == Session.State.CANCELLED:
        return session_part(session, method="CANCEL", sequence=session.sequence, location=place, discreet=discreet)
    words = f"Reply and join: {links.page('portal:session', session.pk)}"
    return session_part(
        session,
        method="REQUEST",
        sequence=session.sequence,
        description=words,
        location=place,
        discreet=discreet,
    )


def _sequence(event: Event, cancelled: int) -> int:
    """The number that the last mail about the event has."""
    if event.called_off_at:
        return event_sequence(event.sequence, max(cancelled - 1, 0)) + 1
    return event_sequence(event.sequence, cancelled)


def _event(event: Event, cancelled: int, discreet: bool) -> CalendarPart:
    return event_part(
        event,
        method="CANCEL" if event.called_off_at else "REQUEST",
        sequence=_sequence(event, cancelled),
        description=f"Reply and join: {links.page('portal:event', event.pk)}",
        location=generic_event_place(event),
        discreet=discreet,
    )
