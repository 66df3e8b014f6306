"""Two accounts that are one person: what moves and what stands against it, looked at first; then one act.

The account that goes stays as an empty row: the two ledgers point to it, and they can't be changed. Survey answers are
kept under a random key that hangs on a person's part in a cohort, so they move with that part; nothing here reads it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import AddressChange, User
from circles.models import Attendance, CalendarFeed, DiscreetWording
from circles.services.address_change import enter_calendar, leave_calendar
from organisations.models import Coordinator
from outbox.models import Message, OptOut, State
from outbox.services import queue
from participants.models import Nomination
from privacy.models import AuditEvent, ConsentEvent, Erasure, Purpose
from privacy.selectors import consents
from privacy.services import carry_consents, record
from staff import roles
from staff.models import OpeningView, PastLoad

MERGED, HOW = "staff.merged", "accounts merged"
STALE = "Something changed while you were looking, so nothing was done. This is how it stands now."


@dataclass(frozen=True)
class Row:
    """One thing of the two accounts, and what it becomes."""

    label: str
    keep: str
    duplicate: str
    becomes: str


@dataclass(frozen=True)
class Plan:
    """What merging comes to. Where there are `conflicts` it is refused, and they say why."""

    keep: User
    duplicate: User
    rows: tuple[Row, ...]
    conflicts: tuple[str, ...]
    notes: tuple[str, ...]

    @cached_property
    def fingerprint(self) -> str:
        rows = [[row.label, row.keep, row.duplicate, row.becomes] for row in self.rows]
        text = json.dumps([str(self.keep.pk), str(self.duplicate.pk), rows, self.conflicts, self.notes])
        return hashlib.sha256(text.encode()).hexdigest()


# --- looking --------------------------------------------------------------------------------------
def plan(keep: User, duplicate: User) -> Plan:
    """Changes nothing."""
    return Plan(keep, duplicate, tuple(_rows(keep, duplicate)), tuple(_conflicts(keep, duplicate)), tuple(
        _notes(keep, duplicate)
    ))  # fmt: skip


def _rows(keep: User, duplicate: User) -> list[Row]:
    def both(label: str, words: Callable[[User], str], becomes: str) -> Row:
        return Row(label, words(keep), words(duplicate), becomes)

    return [
        both("Name", str, f"{keep}"),
        both("E-mail addresses", _addresses, f"{keep.email} is written to; {duplicate.email} leads to it too"),
        both("Roles", lambda user: "; ".join(roles.held(user)) or "None", "All of them"),
        both("Sessions attended or missed", _attended, "Counted with their part in each cohort"),
        both("People put forward by them", _nominated, "Theirs"),
        both("Messages", lambda user: str(user.messages.count()), "One history. Nothing is sent twice"),
        both("Mail they refused", _refused, "Everything that either refused"),
        both("What they agreed to", _agreed, "Where the two differ, no"),
        both("Private calendar link", _link, "The first one’s, else the other’s"),
        Row("Survey answers", "Not shown", "Not shown", "Stay with the part in the cohort that they were given in"),
        both("Second factor", _factor, "The first one’s alone"),
        both("Trail of what was done", _trail, "Stays as it was written; the emptied account is still named in it"),
    ]


def _addresses(user: User) -> str:
    others = EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).values_list("email", flat=True)
    return ", ".join([user.email, *others])


def _attended(user: User) -> str:
    return str(Attendance.objects.filter(enrolment__user=user, attended__isnull=False).count())


def _nominated(user: User) -> str:
    return str(Nomination.objects.filter(nominated_by=user).count())


def _refused(user: User) -> str:
    return ", ".join(one.get_category_display() for one in user.opt_outs.order_by("category")) or "None"


def _agreed(user: User) -> str:
    return "; ".join(Purpose(purpose).label for purpose, given in consents(user).items() if given) or "Nothing"


def _link(user: User) -> str:
    return "Yes" if CalendarFeed.objects.filter(user=user).exists() else "No"


def _factor(user: User) -> str:
    return "Yes" if Authenticator.objects.filter(user=user).exists() else "No"


def _trail(user: User) -> str:
    return f"{AuditEvent.objects.filter(actor=user).count()} lines"


def _conflicts(keep: User, duplicate: User) -> list[str]:
    found = []
    if keep.pk == duplicate.pk or keep.merged_into_id or duplicate.merged_into_id:
        return ["Choose two accounts, neither of which was merged before."]
    shared = keep.enrolments.filter(cohort__in=duplicate.enrolments.values("cohort"))
    for one in shared.select_related("cohort"):
        found.append(_in_one_cohort(one.cohort, keep, duplicate))
    if duplicate.is_staff or duplicate.staff_assignments.exists():
        found.append(f"{duplicate.email} is of the programme team: keep that account, or take its roles away first.")
    return found


def _in_one_cohort(cohort: Any, keep: User, duplicate: User) -> str:
    """Both take part there: in one circle even, or each in their own."""
    theirs = [
        {seat.circle for one in user.enrolments.filter(cohort=cohort) for seat in _seats(one)}
        for user in (keep, duplicate)
    ]
    if both := theirs[0] & theirs[1]:
        where = f"have sat in {min(both, key=lambda circle: circle.number)} of {cohort}"
    else:
        where = f"are enrolled in {cohort}"
    return (
        f"Both {where}, and a person is in a cohort once: what they attended and answered there can’t be made one. "
        "Withdraw one of the two there and keep both accounts until that cohort’s data is deleted."
    )


def _seats(enrolment: Any) -> Any:
    return enrolment.memberships.select_related("circle__cohort__format")


def _notes(keep: User, duplicate: User) -> list[str]:
    live = Nomination.objects.live().filter(email__iexact=duplicate.email, enrolment=None).select_related("cohort")
    mine = set(keep.enrolments.values_list("cohort", flat=True))
    return [
        f"{duplicate.email} is put forward for {one.cohort}, where {keep} takes part already: withdraw that nomination."
        for one in live
        if one.cohort_id in mine
    ]


# --- doing it -------------------------------------------------------------------------------------
def merge(*, keep: User, duplicate: User, fingerprint: str, by: User) -> User:
    """Make the two one, as the plan with this fingerprint says. It can't be undone.

    Raises ValidationError, and does nothing, when it is refused or when things have changed since.
    """
    try:
        return _merge(keep, duplicate, fingerprint, by)
    except IntegrityError as error:
        raise ValidationError(STALE) from error


@transaction.atomic
def _merge(keep: User, duplicate: User, fingerprint: str, by: User) -> User:
    rows = User.objects.select_for_update(of=("self",)).in_bulk(sorted([keep.pk, duplicate.pk]))
    keep, duplicate = rows[keep.pk], rows[duplicate.pk]
    found = plan(keep, duplicate)
    if found.conflicts:
        raise ValidationError(list(found.conflicts))
    if found.fingerprint != fingerprint:
        raise ValidationError(STALE)
    old = duplicate.email
    leave_calendar(duplicate)
    carried = carry_consents(of=duplicate, to=keep, how=HOW)
    moved = _move_everything(keep, duplicate)
    if duplicate.seats_changed_at:  # the seats are theirs now, which no seat's own row tells
        User.objects.filter(pk=keep.pk).update(seats_changed_at=clock.now())
    _close(keep, duplicate)
    enter_calendar(keep)
    record(by=by, verb="person.merged", about=keep, duplicate=str(duplicate.pk), moved=moved, consents=carried)
    for address in (keep.email, old):
        queue(kind=MERGED, about=keep, to=keep, address=address, occurrence=f"{duplicate.pk.hex}:{address}"[:80])
    return keep


def _move_everything(keep: User, duplicate: User) -> dict[str, int]:
    """Let every row that points to the one account point to the other; how many of each kind."""
    moved: Counter[str] = Counter()
    for relation in User._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        model, name = relation.related_model, relation.field.name
        special = SPECIAL.get((model._meta.label, name), _repoint)
        moved[model._meta.label] += special(model, name, keep, duplicate)
    return {label: number for label, number in sorted(moved.items()) if number}


def _repoint(model: Any, name: str, keep: User, duplicate: User) -> int:
    return model._base_manager.filter(**{name: duplicate}).update(**{name: keep})


def _stays(model: Any, name: str, keep: User, duplicate: User) -> int:
    """A ledger: its rows are never changed."""
    return 0


def _goes(model: Any, name: str, keep: User, duplicate: User) -> int:
    model._base_manager.filter(**{name: duplicate}).delete()
    return 0


def _if_none(model: Any, name: str, keep: User, duplicate: User) -> int:
    """Of what a person has one, the first account's; the other's where that has none."""
    if model.objects.filter(**{name: keep}).exists():
        return _goes(model, name, keep, duplicate)
    return _repoint(model, name, keep, duplicate)


def _opt_outs(model: Any, name: str, keep: User, duplicate: User) -> int:
    OptOut.objects.filter(user=duplicate, category__in=keep.opt_outs.values("category")).delete()
    return _repoint(model, name, keep, duplicate)


def _coordinators(model: Any, name: str, keep: User, duplicate: User) -> int:
    current = keep.coordinations.filter(ended_at=None).values("organisation")
    Coordinator.objects.filter(user=duplicate, ended_at=None, organisation__in=current).delete()
    return _repoint(model, name, keep, duplicate)


def _addresses_of(model: Any, name: str, keep: User, duplicate: User) -> int:
    """The addresses of both lead to the one account; only its main one is written to."""
    EmailAddress.objects.get_or_create(
        user=keep, email=keep.email.lower(), defaults={"verified": True, "primary": True}
    )
    known = {address.lower() for address in keep.emailaddress_set.values_list("email", flat=True)}
    theirs = {duplicate.email.lower()}
    theirs |= {one.lower() for one in duplicate.emailaddress_set.filter(verified=True).values_list("email", flat=True)}
    duplicate.emailaddress_set.all().delete()
    new = [EmailAddress(user=keep, email=one, verified=True, primary=False) for one in sorted(theirs - known)]
    return len(EmailAddress.objects.bulk_create(new))


def _messages(model: Any, name: str, keep: User, duplicate: User) -> int:
    """History moves, and with it what a message is known by, so that nothing is sent to the person a second time."""
    rows = list(Message.objects.filter(recipient=duplicate).only("pk", "key", "address", "state"))
    renamed = {row.pk: row.key.replace(f":{duplicate.pk}:", f":{keep.pk}:", 1) for row in rows}
    taken = set(Message.objects.filter(key__in=renamed.values()).values_list("key", flat=True))
    for row in rows:
        row.recipient = keep
        row.key = row.key if renamed[row.pk] in taken else renamed[row.pk]
    stays = _out_of_calendar(duplicate)
    for row in (one for one in rows if one.state == State.WAITING and one.pk not in stays):
        row.address = keep.email
    Message.objects.bulk_update(rows, ["recipient", "key", "address"], batch_size=500)
    return len(rows)


def _out_of_calendar(duplicate: User) -> set[Any]:
    """What takes entries out of the calendar of the address that goes: it goes there."""
    rows = Message.objects.filter(recipient=duplicate, state=State.WAITING, kind__endswith="_cancelled")
    return set(rows.values_list("pk", flat=True))


# Everything else that points to a person is let point to the other account. A test holds the two lists against what
# there is, so that a new row which a person has only one of is not forgotten here.
Special = Callable[[Any, str, User, User], int]


def _erasures(model: Any, name: str, keep: User, duplicate: User) -> int:
    """Who asked from both accounts asked once: the request that the first one has is answered for both."""
    if keep.erasures.open().exists():
        duplicate.erasures.open().delete()
    return _repoint(model, name, keep, duplicate)


SPECIAL: dict[tuple[str, str], Special] = {
    (ConsentEvent._meta.label, "user"): _stays,
    (AuditEvent._meta.label, "actor"): _stays,
    ("account.EmailAddress", "user"): _addresses_of,
    ("mfa.Authenticator", "user"): _goes,
    ("accounts.User_groups", "user"): _goes,
    ("accounts.User_user_permissions", "user"): _goes,
    (AddressChange._meta.label, "user"): _goes,
    (CalendarFeed._meta.label, "user"): _if_none,
    (DiscreetWording._meta.label, "user"): _if_none,
    (OptOut._meta.label, "user"): _opt_outs,
    (Coordinator._meta.label, "user"): _coordinators,
    (Message._meta.label, "recipient"): _messages,
    (Erasure._meta.label, "user"): _erasures,
    (OpeningView._meta.label, "user"): _goes,
    (PastLoad.new_people.through._meta.label, "user"): _goes,
}


def _close(keep: User, duplicate: User) -> None:
    """Nobody signs in with the other account any more; its address is free for the one that stays."""
    duplicate.is_active, duplicate.merged_into = False, keep
    duplicate.email = f"merged-{duplicate.pk.hex}@merged.invalid"
    duplicate.set_unusable_password()
    duplicate.save(update_fields=["is_active", "merged_into", "email", "password"])
