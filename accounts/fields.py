"""Model fields and the base model that every app builds on."""

import unicodedata
import uuid
from typing import Any

from django.db import models
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
