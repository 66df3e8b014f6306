"""Asking circles' people to the ceremonies and masterclasses of their cohort, and calling one off.

Derived, not called: whoever has a seat and has not been told of an event as it stands is told at the next tick. So
somebody who joins late is asked, and an event that staff move is sent again, without anybody having to think of it.
One that is called off is taken out of the calendar of everybody who was told of it, in the same way.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.models import User
from circles.models import Membership
from cohorts.models import Event
from outbox.models import Message
from outbox.services import Letter, queue_all
from participants.services import promote_waiting
from privacy.services import record

INVITED = "circles.event_invited"
CANCELLED = "circles.event_cancelled"


class EventError(Exception):
    """An event that can't be called off, in words for the person who tried."""


def queue_event_invitations() -> int:
    """Queue what is missing for every event to come of a published cohort; returns how many messages."""
    coming = Event.objects.filter(
        starts_at__gt=clock.now(), cohort__published_at__isnull=False, cohort__closed_at__isnull=True
    )
    return sum(_bring_up_to_date(event) for event in coming)


def _bring_up_to_date(event: Event) -> int:
    if event.called_off_at:
        return _take_out(event)
    return _invite_missing(event) + _take_out(event) + promote_waiting(event=event)


@transaction.atomic
def call_off_event(*, event: Event, words: str, by: User) -> int:
    """Call off a ceremony or masterclass that is to come and tell everybody who was asked; returns how many are told.

    `words` are for everybody who was asked; they may be blank. Raises EventError for one that has begun, is called
    off already, or is of a cohort that is closed.
    """
    event = Event.objects.select_for_update(of=["self"]).select_related("cohort").get(pk=event.pk)
    if reason := why_not_call_off(event):
        raise EventError(reason)
    event.called_off_at, event.called_off_words = clock.now(), words
    event.save(update_fields=["called_off_at", "called_off_words"])
    record(by=by, verb="event.called_off", about=event, kind=event.kind)
    return _take_out(event)


def why_not_call_off(event: Event) -> str:
    """Why an event can't be called off; blank where it can."""
    if event.called_off_at:
        return "This has been called off already."
    if event.starts_at <= clock.now():
        return "This has started already."
    return "This cohort is closed." if event.cohort.closed_at else ""


def asked_to(event: Event) -> int:
    """How many people were asked to an event and have it in their calendar."""
    return sum(last.kind == INVITED for last in _told(event).values())


@dataclass(frozen=True)
class _Told:
    """What a person has last been told of an event, and how often it was taken out of their calendar."""

    kind: str
    occurrence: str
    cancelled: int


def _told(event: Event) -> dict[UUID, _Told]:
    """By person. Who leaves and comes back is told again, so the last message counts."""
    rows = Message.objects.about(event).filter(kind__in=[INVITED, CANCELLED], recipient__isnull=False)
    found: dict[UUID, _Told] = {}
    for person, kind, occurrence in rows.order_by("created_at").values_list("recipient", "kind", "occurrence"):
        before = found[person].cancelled if person in found else 0
        found[person] = _Told(kind, occurrence, before + (kind == CANCELLED))
    return found


def occurrence(sequence: int, cancelled: int) -> str:
    """Which state of an event, and after how many cancellations: “1”, and “1.1” for who has come back once."""
    return f"{sequence}.{cancelled}" if cancelled else str(sequence)


def _seated(event: Event) -> QuerySet[Membership]:
    return Membership.objects.current().filter(circle__cohort=event.cohort_id)


@transaction.atomic
def _invite_missing(event: Event) -> int:
    """Two queries to look, and the same few to write, for however many people."""
    told = _told(event)
    letters = []
    for user in User.objects.filter(enrolments__memberships__in=_seated(event)).distinct():
        last = told.get(user.pk)
        this = occurrence(event.sequence, last.cancelled if last else 0)
        if last is None or (last.kind, last.occurrence) != (INVITED, this):
            letters.append(Letter(INVITED, event, user, this))
    return len(queue_all(letters))


@transaction.atomic
def take_out_of_calendar(*, user: User) -> int:
    """Take the events to come out of somebody's calendar, where they are asked anew: at another address, at next tick.

    Returns how many.
    """
    coming = Event.objects.standing().filter(starts_at__gt=clock.now(), cohort__enrolments__user=user).distinct()
    told = [(event, _told(event).get(user.pk)) for event in coming]
    letters = [
        Letter(CANCELLED, event, user, occurrence(event.sequence + 1, last.cancelled))
        for event, last in told
        if last is not None and last.kind == INVITED
    ]
    return len(queue_all(letters))


@transaction.atomic
def _take_out(event: Event) -> int:
    """Take the event out of the calendar of those who sit in no circle now; of everybody's, if it is called off."""
    told = _told(event)
    people = User.objects.filter(pk__in=[person for person, last in told.items() if last.kind == INVITED])
    if not event.called_off_at:
        people = people.exclude(pk__in=_seated(event).values("enrolment__user"))
    letters = [
        Letter(CANCELLED, event, user, occurrence(event.sequence + 1, told[user.pk].cancelled)) for user in people
    ]
    return len(queue_all(letters))
