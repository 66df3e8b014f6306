"""Model fields and the base model that every app builds on."""

import functools
import unicodedata
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.utils.text import capfirst

from accounts import clock


class Base(models.Model):
    """A row with a random key, so that no address on the web tells how many rows there are or which comes next."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Never a key: what has no name of its own is called what it is."""
        return capfirst(str(self._meta.verbose_name))

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:
        """A row as an object, as Django makes it but in one go: column by column it took a tenth of a page's time.

        Where setting a column does something, or somebody listens, it is left to Django.
        """
        if not _holds_values_only(cls) or pre_init.receivers or post_init.receivers:
            return super().from_db(db, field_names, values)
        one = cls.__new__(cls)
        one._state = state = ModelState()
        state.adding, state.db = False, db
        one.__dict__.update(zip(field_names, values, strict=True))
        return one


@functools.cache
def _holds_values_only(model: type[models.Model]) -> bool:
    """Whether to set a column of a new object is to keep its value, and no more."""
    plain = {DeferredAttribute, ForeignKeyDeferredAttribute}
    columns = {type(getattr(model, field.attname)) for field in model._meta.concrete_fields}
    return columns <= plain and model.__init__ is models.Model.__init__


def sort_key(*parts: str) -> str:
    """Letters without case or accents, for ordering names under the plain C.UTF-8 collation."""
    joined = " ".join(part for part in parts if part)
    return "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c)).casefold()


class SortKeyField(models.CharField):
    """Keeps `sort_key` of other fields beside them: the database's collation knows no alphabet."""

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**{"max_length": 320, "editable": False, "default": "", "db_index": True} | kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [*self.sources, *args], kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sort_key(*(getattr(model_instance, source) for source in self.sources))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
