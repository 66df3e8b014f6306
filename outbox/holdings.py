"""Messages to a person who had no account when they were written to: found by the address."""

from django.db.models import QuerySet

from accounts.models import User
from outbox.models import MailEvent, Message, Suppression
from privacy import registry
from privacy.registry import Entry, Holding


def messages_to(user: User) -> QuerySet[Message]:
    return Message.objects.filter(recipient=None, address__iexact=user.email)


def export_early_messages(user: User) -> list[Entry]:
    rows = messages_to(user).order_by("created_at")
    return [{"To": one.address, "Subject": one.subject, "Sent": one.sent_at or "Not sent"} for one in rows]


def erase_by_address(user: User) -> int:
    """What is kept under the address alone; rows that name the account go with it."""
    rows = (
        messages_to(user),
        MailEvent.objects.filter(address__iexact=user.email),
        Suppression.objects.filter(address__iexact=user.email),
    )
    return sum(one.delete()[0] for one in rows)


def register() -> None:
    registry.register(
        Holding(
            key="early_messages",
            title="Messages to you before you had an account",
            export=export_early_messages,
            erase=erase_by_address,
            position=20,
            apart=True,
            of_them="Messages from before they had an account",
        )
    )
