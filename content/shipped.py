"""Texts that came with the product and that staff may have changed: how each stands beside the shipped words.

A row remembers the shipped words that it was last looked at beside, as a digest. While those are still the shipped
ones there is nothing to say. Once they are others, staff see both and take the new ones or keep theirs. Nothing that
staff wrote is ever replaced by itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Model, Value

from accounts.models import User
from content.comparing import Line, compare, digest
from content.models import Faq, PageText, Resource
from content.reference import WORDS, shipped_words, words_of
from privacy.services import record

# What each kind of text is called in an address.
KINDS: dict[str, type[Model]] = {"page": PageText, "question": Faq, "guide": Resource}


class State(StrEnum):
    OWN = "Written by the team"
    SAME = "As shipped"
    EDITED = "Changed by the team"
    NEW = "The shipped text has changed since"


@dataclass(frozen=True)
class Part:
    """One field of a text: what it is called, and line by line what taking the shipped words would do."""

    label: str
    lines: list[Line]

    @property
    def differs(self) -> bool:
        return any(line.mark for line in self.lines)


def kind_of(row: Model) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(row, model))


def state_of(row: Any) -> State:
    """How a text stands beside the shipped one; reads no other row."""
    theirs = shipped_words(type(row)).get(row.shipped_as)
    if theirs is None:
        return State.OWN
    if digest(words_of(row)) == digest(theirs):
        return State.SAME
    return State.EDITED if row.shipped_digest == digest(theirs) else State.NEW


def parts_of(row: Any) -> list[Part]:
    """What is different, field by field; empty for a text that was never shipped."""
    ours, theirs = words_of(row), shipped_words(type(row)).get(row.shipped_as)
    if theirs is None:
        return []
    fields = {name: str(type(row)._meta.get_field(name).verbose_name).capitalize() for name in WORDS[type(row)]}
    return [Part(label, compare(ours[name], theirs[name])) for name, label in fields.items()]


def changed_since() -> list[tuple[str, UUID, str]]:
    """Texts whose shipped words have changed since staff looked: kind, key and title; one query."""
    name = CharField()
    rows = [
        model.objects.exclude(shipped_as="").values_list(
            Value(kind, output_field=name), "pk", WORDS[model][0], "shipped_as", "shipped_digest"
        )
        for kind, model in KINDS.items()
    ]
    known = {(kind, key): digest(words) for kind, model in KINDS.items() for key, words in shipped_words(model).items()}
    found = rows[0].union(*rows[1:], all=True)
    return [
        (kind, pk, title) for kind, pk, title, key, seen in found if (kind, key) in known and known[kind, key] != seen
    ]


@transaction.atomic
def take(*, row: Any, by: User) -> bool:
    """Put the shipped words in the place of the team's, which are kept nowhere; whether there are any."""
    theirs = shipped_words(type(row)).get(row.shipped_as)
    if theirs is None:
        return False
    for name, words in theirs.items():
        setattr(row, name, words)
    row.shipped_digest = digest(theirs)
    row.save(update_fields=[*theirs, "shipped_digest"])
    record(by=by, verb="text.taken_as_shipped", about=row)
    return True


@transaction.atomic
def keep(*, row: Any, by: User) -> bool:
    """Stay with the team's words: the shipped ones are known, and not spoken of until they change again."""
    theirs = shipped_words(type(row)).get(row.shipped_as)
    if theirs is None:
        return False
    row.shipped_digest = digest(theirs)
    row.save(update_fields=["shipped_digest"])
    record(by=by, verb="text.kept", about=row)
    return True
