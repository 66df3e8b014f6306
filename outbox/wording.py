"""The words in which a kind of message is sent: those of the team, or else those that came with the product."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from outbox import batch, rendering, sandbox
from outbox.kinds import Context, MessageKind, every
from outbox.models import Message, Wording
from outbox.rendering import Rendered, Url
from outbox.wording_check import EVERYWHERE, check, sample, sample_value
from privacy.services import record

log = logging.getLogger("comc.outbox")
RECENT = 10
# Nobody but the person reads what signs them in.
NEVER_REAL = "account."


class StaleWordingError(Exception):
    """Somebody else has changed the words in the meantime."""


class BrokenWordingError(ValueError):
    """A wording of the team can't be used for a message as things are."""


# --- reading --------------------------------------------------------------------------------------
def newest() -> dict[str, Wording]:
    """The version of each kind that counts, by kind; one query."""
    rows = Wording.objects.order_by("kind", "-number").distinct("kind").select_related("written_by")
    return {wording.kind: wording for wording in rows}


def in_use(kind: MessageKind) -> Wording | None:
    """The team's words for the kind; None where the shipped ones are sent."""
    found = batch.once("outbox.wording", newest).get(kind.key)
    return None if found is None or found.is_shipped else found


def source_of(kind: MessageKind, wording: Wording | None) -> tuple[str, str, str]:
    """Subject, text and HTML as they are written; no HTML where it is made from the text."""
    if wording is not None and not wording.is_shipped:
        return wording.subject, wording.body, wording.html
    subject, body, _ = rendering.shipped(kind.template)
    return subject, body, ""


def render(kind: MessageKind, context: Context, refuse: Url | None = None) -> Rendered:
    """One message of the kind. Words of the team that can't be used are set aside, and staff are told.

    `refuse` is where its reader can ask for no more mail like it.
    """
    wording = in_use(kind)
    if wording is not None:
        try:
            return _in_their_words(kind, wording, context, refuse)
        except Exception as error:  # a text that somebody wrote must never keep a message from leaving
            log.exception("The wording of %s, version %s, could not be used", kind.key, wording.number)
            _mark_broken(wording, str(error))
    return rendering.render(kind.template, context, refuse)


def _in_their_words(kind: MessageKind, wording: Wording, context: Context, refuse: Url | None) -> Rendered:
    words = sandbox.pair(wording.subject, wording.body, html=wording.html)
    if gone := words.names - set(context) - set(EVERYWHERE):
        raise BrokenWordingError(f"There is no “{min(gone)}” in this message any more.")
    if missing := set(kind.required) - words.names:
        raise BrokenWordingError(f"“{min(missing)}” is missing.")
    mail = rendering.fill(words, context, refuse)
    if not mail.subject or not mail.text.strip():
        raise BrokenWordingError("The subject or the text came out empty.")
    return mail


def _mark_broken(wording: Wording, words: str) -> None:
    Wording.objects.filter(pk=wording.pk, fault="").update(fault=words[:300])


def broken() -> list[tuple[MessageKind, Wording]]:
    """The kinds whose newest words could not be used."""
    found = newest()
    return [(kind, found[kind.key]) for kind in every() if kind.key in found and found[kind.key].fault]


# --- previewing -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Preview:
    """A message as it would be; `on` says on whose data, `note` why not on the one that was asked for."""

    mail: Rendered
    on: str
    note: str = ""


def recent(kind: MessageKind) -> list[Message]:
    """The latest messages of the kind, for trying words on; none that sign somebody in or tell of a confidence."""
    if kind.key.startswith(NEVER_REAL) or kind.known_to is not None:
        return []
    rows = Message.objects.filter(kind=kind.key, object_id__isnull=False).select_related("recipient")
    return list(rows.order_by("-created_at")[:RECENT])


def preview(kind: MessageKind, subject: str, body: str, message: Message | None, html: str = "") -> Preview:
    """The words on a real message, or on invented values. Links in it are invented: a real one acts for its owner."""
    words = sandbox.pair(subject, body, html=html)
    if message is not None:
        try:
            values = _without_links(kind, kind.context(message))
            return Preview(rendering.fill(words, values), f"The message to {message.name or message.address}")
        except Exception:  # its object has gone or changed; what it was is of no use for a preview
            note = "What that message was about has changed or gone since, so it is shown with invented values."
            return Preview(rendering.fill(words, sample(kind)), "Invented values", note)
    return Preview(rendering.fill(words, sample(kind)), "Invented values")


def _without_links(kind: MessageKind, context: Context) -> dict[str, Any]:
    links = {variable.name: sample_value(variable) for variable in kind.variables if variable.is_link}
    return {name: links.get(name, value) if isinstance(value, Url) else value for name, value in context.items()}


# --- writing --------------------------------------------------------------------------------------
def change(*, kind: MessageKind, subject: str, body: str, html: str = "", started_from: int, by: User) -> Wording:
    """Send the kind in these words from now on. `started_from` is the version that was changed; 0 for the first.

    Without `html` the HTML part is made from the text.

    Raises ValueError for words that `check` refuses, StaleWordingError when there is a newer version.
    """
    if faults := check(kind, subject, body, html):
        raise BrokenWordingError(str(faults.of))
    return _add(kind, started_from, by, "wording.changed", subject=subject, body=body, html=html)


def ship(*, kind: MessageKind, started_from: int, by: User) -> Wording:
    """Send the kind in the shipped words again. What the team wrote is kept."""
    return _add(kind, started_from, by, "wording.shipped", is_shipped=True)


@transaction.atomic
def _add(kind: MessageKind, started_from: int, by: User, verb: str, **values: Any) -> Wording:
    last = Wording.objects.select_for_update().filter(kind=kind.key).order_by("-number").first()
    if (last.number if last else 0) != started_from:
        raise StaleWordingError
    made = Wording(kind=kind.key, number=started_from + 1, written_by=by, **values)
    # Two first versions at one moment: the constraint lets one of them through.
    if (
        not Wording.objects.bulk_create([made], ignore_conflicts=True)
        or not Wording.objects.filter(pk=made.pk).exists()
    ):
        raise StaleWordingError
    record(by=by, verb=verb, about=made, kind=kind.key, number=made.number)
    return made
