"""The inventory of personal data, read: which rows are a person's, and what is to happen to each field of theirs.

`inventory.toml` is the policy, and tests hold it to the models; here it is what erasing goes by, so that a model that
comes later is erased as its entry says, and not when somebody remembers it.
"""

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

# The models that a person is found by, and the way from each to the person's account.
WAYS = {"accounts.User": "", "participants.Enrolment": "__user"}
DELETE, NULL = "delete", "null"
# What a row of theirs says to nobody but the database.
BY_WHOM = {"user", "enrolment", "recipient"}


@dataclass(frozen=True)
class Link:
    """A field by which a row is somebody's, and what erasing does: `delete` the row, `null` the link, or keep it."""

    name: str
    erase: str
    way: str

    @property
    def lookup(self) -> str:
        return f"{self.name}{self.way}"


@dataclass(frozen=True)
class Entry:
    """A model with personal fields, and what its entry in the inventory says."""

    model: type[models.Model]
    purpose: str
    retention: str
    links: tuple[Link, ...]
    emptied: tuple[models.Field, ...]
    # Under which title, and with which fields, the person reads the rows; blank where an app explains them itself.
    copied: str = ""
    told: tuple[str, ...] = ()
    # Of what goes with its cohort: the way to that, and whether whole rows go or only what the inventory says.
    to_cohort: str = ""
    goes: bool = False

    def rows(self, user: models.Model, *, erase: tuple[str, ...]) -> models.QuerySet:
        """The rows that are the person's by a link of one of these kinds."""
        found = models.Q(pk__in=[])
        for link in self.links:
            if link.erase in erase:
                found |= models.Q(**{link.lookup: user})
        return self.model._base_manager.filter(found)


@functools.cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("inventory.toml").read_text("utf-8"))


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every model by which something is a person's, except the account itself."""
    return tuple(_entries())


def _entries() -> Iterator[Entry]:
    inventory = _read()
    for model in apps.get_models(include_auto_created=True):
        said = inventory.get(model._meta.label, {})
        personal = said.get("personal", {})
        links = tuple(_links(model, personal))
        if links and model._meta.label != "accounts.User":
            kept = inventory["retention"][said["retention"]]
            told = tuple(name for name, one in personal.items() if one["export"] and name not in BY_WHOM)
            emptied = tuple(_emptied(model, personal, links))
            yield Entry(model, said["purpose"], kept, links, emptied, said.get("copied", ""), told)


@functools.cache
def of_cohorts() -> tuple[Entry, ...]:
    """Every model whose rows are forgotten with their cohort, those that hang on others first.

    What an app forgets by itself because more must be asked than how long ago it was, says so in the inventory.
    """
    inventory = _read()
    found = []
    for model in apps.get_models(include_auto_created=True):
        said = inventory.get(model._meta.label, {})
        if said.get("retention") == "cohort" and not said.get("forgotten_by"):
            personal = said["personal"]
            links = tuple(_links(model, personal))
            emptied = [*_emptied(model, personal, links), *_replaced(model, personal, links)]
            goes = any(one["erase"] == DELETE and _is_column(model, name) for name, one in personal.items())
            way = _to_cohort(model)
            kept = inventory["retention"]["cohort"]
            found.append(Entry(model, said["purpose"], kept, links, tuple(emptied), to_cohort=way, goes=goes))
    return tuple(sorted(found, key=lambda entry: -entry.to_cohort.count("__")))


def cohort_model() -> type[models.Model]:
    return apps.get_model("cohorts.Cohort")


def _to_cohort(model: type[models.Model]) -> str:
    """The shortest way from a row to its cohort, never through a person."""
    waiting: list[tuple[type[models.Model], tuple[str, ...]]] = [(model, ())]
    seen = {model, apps.get_model("accounts.User")}
    for at, way in waiting:
        for field in at._meta.concrete_fields:
            to = field.related_model if isinstance(field, models.ForeignKey) else None
            if to is cohort_model():
                return "__".join([*way, field.name])
            if to is not None and to not in seen:
                seen.add(to)
                waiting.append((to, (*way, field.name)))
    raise LookupError(f"Nothing leads from {model._meta.label} to its cohort.")


def _is_column(model: type[models.Model], name: str) -> bool:
    return not model._meta.get_field(name).many_to_many


def _replaced(
    model: type[models.Model], personal: dict[str, dict[str, str]], links: tuple[Link, ...]
) -> Iterator[models.Field]:
    """Words of one person about another, which an app replaces with no words."""
    for name, said in personal.items():
        field = model._meta.get_field(name)
        if said["erase"] == "replace" and name not in {link.name for link in links} and field.blank:
            yield field


def _links(model: type[models.Model], personal: dict[str, dict[str, str]]) -> Iterator[Link]:
    for name, said in personal.items():
        field = model._meta.get_field(name)
        to = getattr(field.related_model, "_meta", None)
        if isinstance(field, models.ForeignKey) and to is not None and to.label in WAYS:
            yield Link(name, said["erase"], WAYS[to.label])


def _emptied(
    model: type[models.Model], personal: dict[str, dict[str, str]], links: tuple[Link, ...]
) -> Iterator[models.Field]:
    """What goes from a row that stays; what a link leads to is the link's own matter."""
    for name, said in personal.items():
        field = model._meta.get_field(name)
        if said["erase"] == NULL and name not in {link.name for link in links} and field.concrete:
            yield field


def nothing_in(field: models.Field) -> Any:
    """What an emptied field holds."""
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""
