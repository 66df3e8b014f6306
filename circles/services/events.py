"""Asking circles' people to the ceremonies and masterclasses of their cohort.

Derived, not called: whoever has a seat and has not been told of an event as it stands is told at the next tick. So
somebody who joins late is asked, and an event that staff move is sent again, without anybody having to think of it.
"""

from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.models import User
from circles.models import Membership
from cohorts.models import Event
from outbox.models import Message
from outbox.services import queue

INVITED = "circles.event_invited"
CANCELLED = "circles.event_cancelled"


def queue_event_invitations() -> int:
    """Queue what is missing for every event to come of a published cohort; returns how many messages."""
    coming = Event.objects.filter(
        starts_at__gt=clock.now(), cohort__published_at__isnull=False, cohort__closed_at__isnull=True
    )
    return sum(_invite_missing(event) + _uninvite_leavers(event) for event in coming)


def _told(event: Event, kind: str) -> QuerySet[Message]:
    return Message.objects.about(event).filter(kind=kind)


def _seated(event: Event) -> QuerySet[Membership]:
    return Membership.objects.current().filter(circle__cohort=event.cohort_id)


@transaction.atomic
def _invite_missing(event: Event) -> int:
    told = _told(event, INVITED).filter(occurrence=str(event.sequence))
    people = User.objects.filter(enrolments__memberships__in=_seated(event)).distinct()
    missing = list(people.exclude(pk__in=told.values("recipient")))
    for user in missing:
        queue(kind=INVITED, about=event, to=user, occurrence=str(event.sequence))
    return len(missing)


@transaction.atomic
def _uninvite_leavers(event: Event) -> int:
    """Take the event out of the calendar of those who no longer sit in a circle."""
    seated = _seated(event).values("enrolment__user")
    invited, gone = (_told(event, kind).values("recipient") for kind in (INVITED, CANCELLED))
    leavers = User.objects.filter(pk__in=invited).exclude(pk__in=seated).exclude(pk__in=gone)
    for user in leavers:
        queue(kind=CANCELLED, about=event, to=user, occurrence=str(event.sequence + 1))
    return len(leavers)
