"""What we hold about one person, as they read it themselves and may take it along (Articles 15 and 20, G-10).

What an app explains in its own words comes from the registry; the rows of every other model come by the inventory, so
that a model that is new is in the copy as its entry says.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import User
from privacy import inventory, registry
from privacy.inventory import Entry


@dataclass(frozen=True)
class Part:
    """One kind of thing that is held: its title, each row as words and values, and until when it is kept."""

    title: str
    rows: list[registry.Entry]
    kept: str = ""


def held_about(user: User) -> list[Part]:
    """Everything, the account first; what nobody holds is left out. A few queries for each kind of thing."""
    explained = [Part(title, rows) for title, rows in registry.export(user).items()]
    copied = [Part(one.copied, _rows(one, user), one.retention) for one in inventory.entries() if one.copied]
    return [*reversed(explained), *(part for part in copied if part.rows)]


def _rows(entry: Entry, user: User) -> list[registry.Entry]:
    """The rows that are the person's own: not those that they wrote about somebody else."""
    own = models.Q(pk__in=[])
    for link in entry.links:
        if link.name in inventory.BY_WHOM:
            own |= models.Q(**{link.lookup: user})
    about = [
        field.name
        for field in entry.model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name not in {link.name for link in entry.links}
    ]
    names = [*(name for name in about if name not in entry.told), *entry.told]
    found = entry.model._base_manager.filter(own).select_related(*about).order_by("created_at", "pk").distinct()
    fields = [entry.model._meta.get_field(name) for name in names]
    return [{_title(field): _value(row, field) for field in fields} | {"Since": row.created_at} for row in found]


def _title(field: Any) -> str:
    name = str(field.verbose_name)
    return f"{name[:1].upper()}{name[1:]}"


def _value(row: models.Model, field: Any) -> object:
    if field.many_to_many:
        return ", ".join(str(one) for one in getattr(row, field.name).all())
    if isinstance(field, models.ForeignKey):
        other = getattr(row, field.name)
        return "" if other is None else str(other)
    return getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.name)
