"""Messages to a person who had no account when they were written to, and their complaints: found by the address too."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from outbox.complaints import forget_person
from outbox.models import MailEvent, Message, Suppression
from privacy import registry
from privacy.complaint_models import known_to
from privacy.models import Complaint
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


def complaints_of(user: User) -> QuerySet[Complaint]:
    return Complaint.objects.of_person(user).order_by("number")


def export_complaints(user: User) -> list[Entry]:
    return [_told(one, user) for one in complaints_of(user)]


def _told(one: Complaint, user: User) -> Entry:
    """Anybody can give an address: whose account it is not, reads that there is one, and no word of it."""
    known = {"Number": one.number, "Received": one.created_at, "State": one.get_state_display()}
    if one.user_id != user.pk:
        return known
    return known | {
        "Name": one.name, "E-mail address": one.email, "What happened": one.text, "What would put it right": one.wish,
        "To be answered by": one.due_on, "What came of it": one.get_outcome_display(), "Our answer": one.answer,
        "Answered": one.answered_at,
    }  # fmt: skip


def erase_complaints(user: User) -> int:
    """Forget who complained; one that waits for an answer is answered before anybody is erased."""
    found = list(complaints_of(user))
    for one in found:
        forget_person(complaint=one)
    return len(found)


def complaining(since: dt.datetime) -> QuerySet[User]:
    """They wait for an answer, or were given one that is still kept."""
    alone = Complaint.objects.filter(user=None).exclude(email="").values_list(Lower("email"))
    theirs = Q(email__in=alone) | Q(emailaddress__verified=True, emailaddress__email__in=alone)
    written = Complaint.objects.exclude(user=None).values("user")
    return User.objects.filter(theirs | Q(pk__in=written)).values("pk")


def register() -> None:
    registry.need("complaints", complaining)
    registry.confide("privacy.Complaint", known_to)
    registry.register(
        Holding(
            key="complaints",
            title="What you complained about to us",
            export=export_complaints,
            erase=erase_complaints,
            position=15,
            apart=True,
            of_them="What they complained about to us",
        )
    )
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
