"""Putting messages into the outbox, and taking them out of it."""

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts import clock
from accounts.models import User
from outbox import claims, kinds, vault
from outbox.models import Message, State

_muted: ContextVar[str] = ContextVar("muted", default="")
_gathered: ContextVar[list[Message] | None] = ContextVar("gathered", default=None)


@contextlib.contextmanager
def muted(reason: str) -> Iterator[None]:
    """Within this block messages are written down as skipped for `reason`: the past makes no mail."""
    token = _muted.set(reason)
    try:
        yield
    finally:
        _muted.reset(token)


@contextlib.contextmanager
def gathered() -> Iterator[list[Message]]:
    """Within this block every message that is put into the outbox is gathered in a list too, in order."""
    messages: list[Message] = []
    token = _gathered.set(messages)
    try:
        yield messages
    finally:
        _gathered.reset(token)


def queue(
    *,
    kind: str,
    about: models.Model,
    to: User | None = None,
    address: str = "",
    name: str = "",
    occurrence: str = "",
    not_before: Any = None,
    secret: dict[str, Any] | None = None,
) -> Message:
    """Put one message into the outbox, once: the same kind, thing, person and occurrence never make a second row.

    Give `to` for somebody with an account, else `address` and `name`; both where it goes to an address that is not the
    one they have now. It leaves after the transaction commits.
    `secret` holds what must not be stored (a sign-in code): it is kept for ten minutes outside the database.
    """
    key, values = _row(kind, about, to, address, name, occurrence)
    if not_before:
        values["next_attempt_at"] = not_before
    made = Message(key=key, **values)
    Message.objects.bulk_create([made], ignore_conflicts=True)
    message = Message.objects.get(key=key)
    created = message.pk == made.pk
    if created and secret is not None:
        vault.put(message.pk, secret)
    _created([message] if created else [])
    return message


def _row(
    kind: str, about: models.Model, to: User | None, address: str, name: str, occurrence: str
) -> tuple[str, dict[str, Any]]:
    """The key of a message and its other values."""
    found = kinds.get(kind)
    email = (address or (to.email if to else "")).strip().lower()
    recipient = str(to.pk) if to else vault.digest(email)
    return f"{kind}:{about.pk}:{recipient}:{occurrence}", {
        "kind": kind,
        "recipient": to,
        "address": email,
        "name": to.get_full_name() if to else name,
        "content_type": ContentType.objects.get_for_model(about),
        "object_id": about.pk,
        "occurrence": occurrence,
        "next_attempt_at": clock.now(),
        "urgent": found.is_urgent(about, clock.now()),
        "state": State.SKIPPED if _muted.get() else State.WAITING,
        "reason": _muted.get(),
    }


def _created(messages: list[Message]) -> None:
    if (gathering := _gathered.get()) is not None:
        gathering += messages
    if messages and not _muted.get():
        wake()


@dataclass(frozen=True)
class Letter:
    """One message to somebody with an account, to be queued with many others."""

    kind: str
    about: models.Model
    to: User
    occurrence: str = ""


def queue_all(letters: Iterable[Letter]) -> list[Message]:
    """Put many messages into the outbox, each once, in a few queries; returns those that were not there before."""
    rows = dict(_row(letter.kind, letter.about, letter.to, "", "", letter.occurrence) for letter in letters)
    if not rows:
        return []
    there = set(Message.objects.filter(key__in=rows).values_list("key", flat=True))
    new = [Message(key=key, **values) for key, values in rows.items() if key not in there]
    # Whoever queues the same at the same moment was first: theirs stays.
    Message.objects.bulk_create(new, ignore_conflicts=True)
    _created(new)
    return new


def wake() -> None:
    """Ask a worker to look once this transaction commits. Only a tick: when it is lost, the next beat finds the row.

    However many messages a transaction queues, it asks once.
    """
    from outbox.tasks import deliver

    waiting = (hook for _, hook, *_ in transaction.get_connection().run_on_commit)
    if deliver.try_delay not in waiting:
        transaction.on_commit(deliver.try_delay)


@transaction.atomic
def put_aside(*, about: models.Model, reason: str) -> None:
    """What waits for somebody without an account, or has failed, is skipped for `reason`: they are written to anew.

    What a worker has in hand stays with it; its kind finds out whether it is still due, should it come back.
    """
    rows = Message.objects.about(about).filter(recipient=None).select_for_update(of=("self",))
    aside = [*rows.filter(state=State.WAITING), *rows.failed()]
    for message in aside:
        message.state, message.reason = State.SKIPPED, reason
    Message.objects.bulk_update(aside, ["state", "reason"])
    claims.note(aside, State.SKIPPED, reason)


@transaction.atomic
def retry(*, message: Message, by: User) -> None:
    """Put a failed message back, once what was wrong has been mended."""
    from privacy.services import record

    locked = Message.objects.select_for_update().get(pk=message.pk)
    if locked.state != State.FAILED:
        return
    locked.state, locked.reason, locked.attempts, locked.next_attempt_at = State.WAITING, "", 0, clock.now()
    if locked.recipient is not None:
        locked.address = locked.recipient.email
    locked.save()
    claims.note([locked], locked.state, "Somebody of the team has it sent again.")
    record(by=by, verb="message.retried", about=locked)
    wake()
