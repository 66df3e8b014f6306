"""What somebody does not want to get. Essential mail always comes; everything else can be refused by its category.

A link to refuse it holds a token that only the server can read: neither an address nor a name is in it, it does not
expire, and nothing is stored for it.
"""

import json
from collections.abc import Collection
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import prepared
from outbox import kinds
from outbox.kinds import Category
from outbox.models import Message, OptOut
from outbox.pages import page
from outbox.rendering import Url
from privacy.fields import decrypt, encrypt
from privacy.services import record

SAID_NO = "They have asked not to get mail of this kind."

Pair = tuple[UUID, str]


def category_of(kind: str) -> str:
    """The category of a kind of message; blank for what is essential."""
    return str(kinds.get(kind).category)


def opted_out(pairs: Collection[Pair]) -> set[Pair]:
    """Of people and kinds of message, those pairs in which the person has refused the kind's category; one query."""
    wanted = {(user, kind): category for user, kind in pairs if (category := category_of(kind))}
    if not wanted:
        return set()
    said_no = set(OptOut.objects.filter(user__in={user for user, _ in wanted}).values_list("user", "category"))
    return {(user, kind) for (user, kind), category in wanted.items() if (user, category) in said_no}


def refused(message: Message, said_no: set[Pair] | None = None) -> str:
    """Why a message must not be sent to who has refused its category; blank when it may.

    `said_no` is what `opted_out` says, where it was asked for many.
    """
    if not message.recipient_id:
        return ""
    pair = (message.recipient_id, message.kind)
    return SAID_NO if pair in (opted_out([pair]) if said_no is None else said_no) else ""


def is_refused(user: User, category: str) -> bool:
    return OptOut.objects.filter(user=user, category=category).exists()


@transaction.atomic
def choose(*, user: User, category: str, wanted: bool, how: str) -> bool:
    """Say whether somebody wants a category of mail. Doing it twice changes nothing; returns whether it changed."""
    if wanted:
        changed = bool(OptOut.objects.filter(user=user, category=Category(category)).delete()[0])
    else:
        changed = OptOut.objects.get_or_create(user=user, category=Category(category))[1]
    if changed:
        record(by=user, verb="mail.wanted" if wanted else "mail.refused", about=user, category=category, how=how)
    return changed


def choices_of(user: User) -> list[tuple[Category, bool]]:
    """Each category that can be refused, and whether the person gets it."""
    said_no = {category for (category,) in _refused(user.pk)}
    return [(category, category.value not in said_no) for category in Category]


@prepared
def _refused(user: UUID) -> QuerySet[OptOut, tuple[str]]:
    return OptOut.objects.filter(user=user).values_list("category")


# --- links ------------------------------------------------------------------------------------
def token(user: User, category: str) -> str:
    return encrypt(json.dumps(["mail", user.pk.hex, category])).rstrip("=")


def read(text: str) -> tuple[User, Category] | None:
    """The person and the category that a link stands for; None for one that is not ours, or of who is gone."""
    try:
        purpose, user, category = json.loads(decrypt(text + "=" * (-len(text) % 4)))
    except (InvalidToken, ValueError):  # UnicodeEncodeError is a ValueError
        return None
    person = User.objects.today(user) if purpose == "mail" else None
    return (person, Category(category)) if person is not None and category in Category.values else None


def link(message: Message) -> Url | None:
    """Where the recipient can refuse mail like this message; None when it is essential or has no account behind it."""
    category = category_of(message.kind)
    if not category or message.recipient is None:
        return None
    return page("portal:unsubscribe", token(message.recipient, category))


def headers(address: Url | None, by_mail: str = "") -> dict[str, str]:
    """RFC 8058: mail programs offer one-click unsubscribing for these two. An address without TLS is never named.

    `by_mail` is an address of ours to which a mail does the same, for programs that know no other way.
    """
    if address is None or not address.startswith("https://"):
        return {}
    ways = f"<{address}>, <mailto:{by_mail}>" if by_mail else f"<{address}>"
    return {"List-Unsubscribe": ways, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
