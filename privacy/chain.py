"""The chain that seals the audit trail, and its end after two years.

Sealing runs apart from what is written down: a chain that each line had to wait for would make every audited act wait
for every other one. Until then a line is held by the database, which refuses to change or delete it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from accounts import clock
from privacy.models import AuditEvent, AuditSeal

KEPT_FOR = dt.timedelta(days=730)
AT_ONCE = 5000
FIRST = "0" * 64
# Two runs at a time would make two links of one number; any constant that nothing else locks.
LOCK = 0x5EA1


def seal_trail() -> int:
    """Seal the lines that are not sealed yet; how many."""
    sealed = 0
    while lines := _seal():
        sealed += lines
    return sealed


@transaction.atomic
def _seal() -> int:
    _alone()
    lines = list(AuditEvent.objects.filter(seal=None).select_related("content_type").order_by("at", "pk")[:AT_ONCE])
    if not lines:
        return 0
    last = AuditSeal.objects.order_by("-number").first()
    number, content = (last.number if last else 0) + 1, content_of(lines)
    seal = AuditSeal.objects.create(
        number=number, lines=len(lines), until=max(line.at for line in lines), content=content,
        digest=digest_of(last.digest if last else FIRST, number, len(lines), content),
    )  # fmt: skip
    AuditEvent.objects.filter(pk__in=[line.pk for line in lines]).update(seal=seal)
    return len(lines)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def content_of(lines: Iterable[AuditEvent]) -> str:
    """A hash of everything that lines say, in the order of their keys."""
    found = hashlib.sha256()
    for line in sorted(lines, key=lambda line: line.pk):
        kind = f"{line.content_type.app_label}.{line.content_type.model}"
        actor = str(line.actor_id) if line.actor_id else ""
        said = [str(line.pk), _moment(line.at), _moment(line.created_at), actor, line.verb, kind, str(line.object_id)]
        found.update(json.dumps([*said, line.data], sort_keys=True, ensure_ascii=True).encode() + b"\n")
    return found.hexdigest()


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def digest_of(before: str, number: int, lines: int, content: str) -> str:
    """The hash of a link: that of the one before it, and what this one seals."""
    return hashlib.sha256(f"{before} {number} {lines} {content}".encode()).hexdigest()


@transaction.atomic
def forget_old_lines() -> int:
    """Cut from the chain what is two years old, lines and links, down to the one that stays as its anchor."""
    _alone()
    limit = clock.now() - KEPT_FOR
    young = AuditSeal.objects.filter(until__gt=limit).order_by("number").first()
    old = AuditSeal.objects.filter(number__lt=young.number) if young else AuditSeal.objects.all()
    anchor = old.order_by("-number").first()
    if anchor is None:
        return 0
    gone = AuditEvent.objects.filter(seal__number__lte=anchor.number).delete()[0]
    AuditSeal.objects.filter(number__lt=anchor.number).delete()
    AuditSeal.objects.filter(pk=anchor.pk, forgotten_at=None).update(forgotten_at=clock.now())
    return gone


def faults(kept_elsewhere: dict[int, str] | None = None) -> list[str]:
    """What is wrong with the chain, in words; nothing if it holds.

    `kept_elsewhere` has digests by the number of their link, as they were noted outside the database.
    """
    found: list[str] = []
    before: AuditSeal | None = None
    for seal in AuditSeal.objects.order_by("number"):
        found += _faults(seal, before)
        if (kept_elsewhere or {}).get(seal.number, seal.digest) != seal.digest:
            found.append(f"Seal {seal.number} is not the one that was noted elsewhere.")
        before = seal
    newest = max(kept_elsewhere, default=0) if kept_elsewhere else 0
    if newest > (before.number if before else 0):
        found.append(f"Seal {newest}, which was noted elsewhere, is missing.")
    return found


def _faults(seal: AuditSeal, before: AuditSeal | None) -> Iterator[str]:
    lines = list(seal.events.select_related("content_type"))
    if seal.forgotten_at is not None:
        if before is not None or lines:
            yield f"Seal {seal.number} is an anchor, and something stands before it."
        return
    if before is None and seal.number != 1:
        yield f"Seal {seal.number} hangs on nothing."
        return
    if before is not None and seal.number != before.number + 1:
        yield f"Seals between {before.number} and {seal.number} are missing."
    if len(lines) != seal.lines:
        yield f"Seal {seal.number} was put on {seal.lines} lines and there are {len(lines)}."
    elif content_of(lines) != seal.content:
        yield f"A line under seal {seal.number} was changed."
    if digest_of(before.digest if before else FIRST, seal.number, seal.lines, seal.content) != seal.digest:
        yield f"Seal {seal.number} does not hang on the one before it."


def newest() -> AuditSeal | None:
    """The end of the chain: its digest, kept elsewhere, tells whether the whole chain was made anew."""
    return AuditSeal.objects.order_by("-number").first()
