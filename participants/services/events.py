"""Replies to a cohort's ceremonies and masterclasses, and the waiting list of one that is full."""

from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from cohorts.models import Event
from participants import emails
from participants.models import Enrolment, EnrolmentState, EventReply, Reply
from participants.services.errors import RefusedError


@transaction.atomic
def reply_to_event(*, event: Event, enrolment: Enrolment, reply: str) -> EventReply:
    """Say, or change, whether somebody comes. Raises RefusedError for another cohort's event or one called off.

    Who says yes when every place is taken waits, first come first served; saying yes again changes nothing.
    """
    if event.cohort_id != enrolment.cohort_id:
        raise RefusedError("This event belongs to another cohort.")
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.called_off_at:
        raise RefusedError("This has been called off.")
    said = EventReply.objects.filter(event=event, enrolment=enrolment).first()
    if said is None:
        said = EventReply(event=event, enrolment=enrolment)
    elif said.reply == reply:
        return said
    said.reply, said.replied_at = reply, clock.now()
    said.waiting = reply == Reply.YES and event.capacity is not None and _free(event) <= 0
    said.save()
    promote_waiting(event=event)
    return said


@transaction.atomic
def promote_waiting(*, event: Event) -> int:
    """Give free places to those who have waited longest, and tell them; returns how many. Twice changes nothing."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.starts_at <= clock.now() or event.called_off_at:
        return 0
    waiting = _coming(event).filter(waiting=True).select_related("enrolment__user").order_by("replied_at", "pk")
    places = waiting.count() if event.capacity is None else max(_free(event), 0)
    promoted = list(waiting[:places])
    for one in promoted:
        one.waiting = False
        one.save(update_fields=["waiting"])
        emails.tell_place_free(one)
    return len(promoted)


def _coming(event: Event) -> QuerySet[EventReply]:
    """Those who said yes and have not left the cohort."""
    return EventReply.objects.filter(event=event, reply=Reply.YES).exclude(enrolment__state=EnrolmentState.WITHDRAWN)


def _free(event: Event) -> int:
    return (event.capacity or 0) - _coming(event).filter(waiting=False).count()
