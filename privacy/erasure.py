"""Making one person nobody, everywhere: first as each app says, then as the inventory says, the account last.

The link to survey answers goes before anything that it links. What was released about many people stands as it is:
taking one of them out of it is what would tell about that one. A second run finds nothing more to do.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from privacy import inventory, registry
from privacy.inventory import DELETE, NULL, Entry
from privacy.models import AuditEvent, ConsentEvent, Erasure
from ui.admin_words import label

KEEP = ("keep", "replace")
NOBODY = ("Erased", "person")
# What is written once and cannot be taken back; the database itself refuses.
LEDGERS = (ConsentEvent, AuditEvent)


@dataclass(frozen=True)
class Line:
    """One kind of thing that is held about a person, before it is erased."""

    what: str
    purpose: str
    rows: int
    kept_for: str = ""


@dataclass(frozen=True)
class Preview:
    """What erasing a person does: what goes, what stays without saying who it was, and what stays as it is."""

    goes: list[Line]
    stays: list[Line]
    kept: list[Line]


def preview(user: User) -> Preview:
    """What is held about somebody, by what would become of it; a query for each model in which they can be."""
    goes = [
        Line(one.of_them or one.title, "", rows)
        for one in registry.every()
        if one.apart and (rows := len(one.export(user)))
    ]
    stays: list[Line] = []
    kept: list[Line] = []
    for entry in inventory.entries():
        if entry.model._meta.auto_created:
            continue
        if rows := entry.rows(user, erase=(DELETE,)).count():
            goes.append(_line(entry, rows))
        elif rows := entry.rows(user, erase=KEEP).count():
            (kept if entry.model in LEDGERS or entry.model is Erasure else stays).append(_line(entry, rows, kept=True))
    return Preview(goes, stays, kept)


def _line(entry: Entry, rows: int, *, kept: bool = False) -> Line:
    name = label(str(entry.model._meta.verbose_name_plural))
    return Line(f"{name[:1].upper()}{name[1:]}", entry.purpose, rows, entry.retention if kept else "")


@transaction.atomic
def erase(user: User) -> int:
    """Erase somebody; returns how many rows went or changed. Whether they may be is the caller’s question."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    touched = sum(registry.erase(locked).values())
    for entry in inventory.entries():
        touched += _erase(entry, locked)
    return touched + _close_account(locked)


def _erase(entry: Entry, user: User) -> int:
    touched = 0
    if any(link.erase == DELETE for link in entry.links):
        touched += entry.rows(user, erase=(DELETE,)).delete()[0]
    if entry.emptied and any(link.erase in KEEP for link in entry.links):
        empty = {field.attname: inventory.nothing_in(field) for field in entry.emptied}
        rows = entry.rows(user, erase=KEEP).filter(not_yet(empty))
        touched += entry.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).update(**empty)
    for link in entry.links:
        if link.erase == NULL:
            touched += entry.model._base_manager.filter(**{link.lookup: user}).update(**{link.name: None})
    return touched


def not_yet(values: dict[str, Any]) -> models.Q:
    """Where one of these columns holds anything else."""
    found = models.Q()
    for name, value in values.items():
        found |= ~models.Q(**{f"{name}__isnull": True} if value is None else {name: value})
    return found


def _close_account(user: User) -> int:
    """Nobody's name and address in place of theirs; nobody signs in with it."""
    if is_erased(user):
        return 0
    _unname(user)
    user.first_name, user.last_name = NOBODY
    user.email = f"{user.pk}@{ERASED_DOMAIN}"
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = user.seats_changed_at = None
    user.set_unusable_password()
    user.save()
    return 1


def _unname(user: User) -> None:
    """The admin's own log says of each change whose row it was, in words."""
    said = models.Q()
    for words in {user.email, user.get_full_name()} - {""}:
        said |= models.Q(object_repr__icontains=words) | models.Q(change_message__icontains=words)
    LogEntry.objects.filter(said).update(object_repr="Erased", change_message="")


# Nobody has an address here, and nothing is ever sent to one (RFC 2606).
ERASED_DOMAIN = "erased.invalid"


def is_erased(user: User) -> bool:
    return user.email.endswith(f"@{ERASED_DOMAIN}")


def digest(address: str, key: Any = None) -> str:
    """What tells that an address is that of somebody who was erased, and gives the address to nobody."""
    return salted_hmac("privacy.erased", address.strip().lower(), secret=key, algorithm="sha256").hexdigest()


def erased_among(addresses: set[str]) -> set[str]:
    """Those of the addresses that were somebody's who asked to be erased; one query."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    whose = {digest(address, key): address for address in addresses if address for key in keys}
    found = Erasure.objects.filter(address_digest__in=list(whose), outcome=Erasure.Outcome.ERASED)
    return {whose[one] for one in found.values_list("address_digest", flat=True)}
