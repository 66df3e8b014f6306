"""Writing to the two ledgers: what was done, and what was agreed to."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from accounts.models import User
from privacy.models import BESIDE_THE_NAME, AuditEvent, ConsentEvent, ConsentWording, Purpose


def record(*, by: User | None, verb: str, about: models.Model, **data: Any) -> AuditEvent:
    """Write one line of the audit trail, in the caller's transaction.

    `data` says what changed in counts, states and keys: never names, addresses or other values of a person.
    """
    event = _event(by, verb, about, data)
    event.save(force_insert=True)
    return event


def record_each(*, by: User | None, verb: str, about: Iterable[tuple[models.Model, dict[str, Any]]]) -> None:
    """Write the same thing done to many: a line for each, with its own `data`, as `record` would."""
    AuditEvent.objects.bulk_create([_event(by, verb, row, data) for row, data in about])


def _event(by: User | None, verb: str, about: models.Model, data: dict[str, Any]) -> AuditEvent:
    content_type = ContentType.objects.get_for_model(about)
    return AuditEvent(actor=by, verb=verb, content_type=content_type, object_id=about.pk, data=data)


def current_wording(purpose: str) -> ConsentWording:
    """The words put to people today; made from the purpose's own words where nobody has written better ones."""
    return current_wordings([purpose])[purpose]


def current_wordings(purposes: Iterable[str]) -> dict[str, ConsentWording]:
    """By purpose, see `current_wording`; one query."""
    versions = ConsentWording.objects.filter(purpose__in=purposes).order_by("version")
    known = {wording.purpose: wording for wording in versions}  # the newest comes last
    return {
        purpose: known.get(purpose)
        or ConsentWording.objects.create(purpose=purpose, version=1, text=Purpose(purpose).label)
        for purpose in purposes
    }


def set_consent(*, user: User, purpose: str, given: bool, how: str) -> ConsentEvent | None:
    """Record a change of mind; None when nothing changes. A first "no" is recorded too."""
    changed = set_consents(user=user, choices={purpose: given}, how=how)
    return changed[0] if changed else None


@transaction.atomic
def set_consents(*, user: User, choices: Mapping[str, bool], how: str) -> list[ConsentEvent]:
    """Record what a person chose for each purpose; returns the events of those that changed."""
    wordings = current_wordings(choices)
    said = ConsentEvent.objects.filter(user=user, wording__purpose__in=choices).order_by("at", "created_at")
    last = {event.wording.purpose: event for event in said.select_related("wording")}
    changed = [
        ConsentEvent(user=user, wording=wording, wording_digest=wording.digest, given=choices[purpose], how=how)
        for purpose, wording in wordings.items()
        if not _said_already(last.get(purpose), wording, choices[purpose])
    ]
    return ConsentEvent.objects.bulk_create(changed)


@transaction.atomic
def carry_consents(*, of: User, to: User, how: str) -> list[str]:
    """Write down for one account of a person what they said with another; returns the purposes that changed.

    The rows of the other stay as they are. Where the two differ, the no counts; the words that were put to the person
    stay those that were.
    """
    theirs, kept = _last_words(of), _last_words(to)
    carried = []
    for purpose, event in theirs.items():
        said = kept.get(purpose)
        # Words of old that named three purposes are carried once, as what they were; a no to them also counts against
        # what the other account chose by itself.
        words = next((one for one in (event, said) if one and one.wording.purpose == purpose), None)
        if words and (said is None or (said.given and not event.given)):
            ConsentEvent.objects.create(
                user=to, wording=words.wording, wording_digest=words.wording_digest, given=event.given, how=how
            )
            carried.append(purpose)
    return carried


def _last_words(user: User) -> dict[str, ConsentEvent]:
    """What was said last, by purpose; also of what words of old named beside the name, where nothing else was said."""
    events = ConsentEvent.objects.filter(user=user).select_related("wording").order_by("at", "created_at")
    words = {event.wording.purpose: event for event in events}
    of_old = [event for event in events if event.wording.names_all]
    return dict.fromkeys(BESIDE_THE_NAME, of_old[-1]) | words if of_old else words


def _said_already(last: ConsentEvent | None, wording: ConsentWording, given: bool) -> bool:
    return last is not None and last.given == given and last.wording_id == wording.pk
