"""What comes back: addresses that do not work are not written to again, and complaints switch optional mail off."""

from collections.abc import Collection

from django.db import transaction

from accounts import clock
from accounts.models import User
from outbox import preferences
from outbox.kinds import Category
from outbox.models import MailEvent, Message, Suppression
from privacy.services import record

What, Why = MailEvent.What, Suppression.Why
SOFT_LIMIT = 3  # of those that came back for now, since the address last worked


def suppressed(addresses: Collection[str]) -> dict[str, str]:
    """Of addresses, those to which nothing is sent, each with the reason; one query."""
    rows = Suppression.objects.filter(address__in=addresses, lifted_at=None)
    return {row.address: f"{row.get_why_display()}." for row in rows}


@transaction.atomic
def note(*, event_id: str, what: str, address: str) -> bool:
    """Take one event of the mail service; returns whether it changed anything.

    A repeated one does nothing, and neither does one about an address that we never wrote to.
    """
    address = address.strip().lower()
    user = User.objects.by_address(address)
    if user is None and not Message.objects.filter(address=address).exists():
        return False
    made = MailEvent(event_id=event_id[:200], what=What(what), address=address, user=user)
    MailEvent.objects.bulk_create([made], ignore_conflicts=True)
    if not MailEvent.objects.filter(pk=made.pk).exists():
        return False
    if made.what == What.COMPLAINT:
        _no_more_optional_mail(user)
    elif made.what == What.HARD:
        _suppress(made, Why.BOUNCED)
    elif _soft_since_lifted(address) >= SOFT_LIMIT:
        _suppress(made, Why.PAUSED)
    return True


def _no_more_optional_mail(user: User | None) -> None:
    if user is not None:
        for category in Category:
            preferences.choose(user=user, category=category, wanted=False, how="complaint")


def _soft_since_lifted(address: str) -> int:
    events = MailEvent.objects.filter(address=address, what=What.SOFT)
    lifted = Suppression.objects.filter(address=address).values_list("lifted_at", flat=True).first()
    return (events.filter(created_at__gt=lifted) if lifted else events).count()


def _suppress(event: MailEvent, why: str) -> None:
    values = {"user": event.user, "why": why, "since": clock.now(), "lifted_at": None, "lifted_by": None}
    row, created = Suppression.objects.get_or_create(address=event.address, defaults=values)
    if not created and row.lifted_at is not None:
        Suppression.objects.filter(pk=row.pk).update(**values)


@transaction.atomic
def lift(*, suppression: Suppression, by: User) -> None:
    """Write to the address again, once it has been found to work. Doing it twice changes nothing."""
    now = clock.now()
    if Suppression.objects.filter(pk=suppression.pk, lifted_at=None).update(lifted_at=now, lifted_by=by):
        record(by=by, verb="suppression.lifted", about=suppression)
