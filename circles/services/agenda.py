"""What a circle wants to talk about."""

from django.db import transaction

from accounts import clock
from circles.models import AgendaItem, Circle
from participants.models import Enrolment
from privacy.services import record


@transaction.atomic
def add_item(*, circle: Circle, text: str, enrolment: Enrolment) -> AgendaItem:
    """Put one thing on the circle's agenda."""
    item = AgendaItem.objects.create(circle=circle, text=text, added_by=enrolment)
    record(by=enrolment.user, verb="agenda.added", about=item)
    return item


@transaction.atomic
def change_item(*, item: AgendaItem, text: str, enrolment: Enrolment) -> None:
    """Correct a thing that one put on the agenda; the votes for it stay."""
    item.text = text
    item.save(update_fields=["text"])
    record(by=enrolment.user, verb="agenda.changed", about=item)


@transaction.atomic
def take_away(*, item: AgendaItem, enrolment: Enrolment) -> None:
    """Take a thing off the agenda for good, with the votes for it. Its words stay nowhere."""
    record(by=enrolment.user, verb="agenda.taken_away", about=item)
    item.delete()


@transaction.atomic
def set_done(*, item: AgendaItem, done: bool, enrolment: Enrolment) -> AgendaItem:
    """Tick a thing off, or bring it back."""
    if done is (item.done_at is not None):
        return item
    item.done_at = clock.now() if done else None
    item.save(update_fields=["done_at"])
    record(by=enrolment.user, verb="agenda.done" if done else "agenda.reopened", about=item)
    return item
