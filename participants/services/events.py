"""Replies to a cohort's ceremonies and masterclasses."""

from django.db import transaction

from cohorts.models import Event
from participants.models import Enrolment, EventReply
from participants.services.errors import RefusedError


@transaction.atomic
def reply_to_event(*, event: Event, enrolment: Enrolment, reply: str) -> None:
    """Say, or change, whether somebody comes. Raises RefusedError for another cohort's event."""
    if event.cohort_id != enrolment.cohort_id:
        raise RefusedError("This event belongs to another cohort.")
    EventReply.objects.bulk_create(
        [EventReply(event=event, enrolment=enrolment, reply=reply)],
        update_conflicts=True,
        unique_fields=["event", "enrolment"],
        update_fields=["reply"],
    )
