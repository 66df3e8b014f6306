"""Keeping contacts and tasks. The trail says who did what about whom and when, and not a word of what was written."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cover
from privacy.services import record
from staff.desk.subjects import Subject
from staff.models import Contact, PutOff, Task

# How long after it was said, done or over each is kept.
KEPT = dt.timedelta(days=730)


# --- contacts -------------------------------------------------------------------------------------
@transaction.atomic
def write_contact(*, subject: Subject, by: User, **fields: Any) -> Contact:
    """Write down a contact; `fields` are those of the form. The history of what it is about has a line of it."""
    made = Contact.objects.create(**subject.among, written_by=by, **fields)
    record(by=by, verb="contact.written", about=made.about, contact=str(made.pk))
    return made


@transaction.atomic
def change_contact(*, contact: Contact, by: User, **fields: Any) -> None:
    """Change what one wrote oneself. Raises PermissionDenied for anybody else; the same again changes nothing."""
    locked = _own(contact, by)
    changed = sorted(name for name, value in fields.items() if getattr(locked, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(locked, name, fields[name])
    locked.changed_at = clock.now()
    locked.save()
    record(by=by, verb="contact.changed", about=locked.about, contact=str(locked.pk), fields=changed)


@transaction.atomic
def delete_contact(*, contact: Contact, by: User) -> None:
    """Remove what one wrote oneself. Raises PermissionDenied for anybody else."""
    locked = _own(contact, by)
    record(by=by, verb="contact.deleted", about=locked.about, contact=str(locked.pk))
    locked.delete()


def _own(contact: Contact, by: User) -> Contact:
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if locked.written_by_id != by.pk:
        raise PermissionDenied
    return locked


# --- tasks ----------------------------------------------------------------------------------------
@transaction.atomic
def give_task(*, subject: Subject, what: str, owner: User, due_on: dt.date, by: User) -> Task:
    """Something for somebody of the team to do about it."""
    about = subject.among | ({"cohort": subject.cohort} if subject.cohort else {})
    made = Task.objects.create(**about, what=what, owner=owner, due_on=due_on, asked_by=by)
    record(by=by, verb="task.given", about=made, to=str(owner.pk), due_on=due_on.isoformat())
    return made


@transaction.atomic
def mark_task(*, task: Task, done: bool, by: User) -> None:
    """Tick it, or take the tick back. The same again changes nothing."""
    locked = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if (locked.done_at is not None) == done:
        return
    locked.done_at, locked.done_by = (clock.now(), by) if done else (None, None)
    locked.save(update_fields=["done_at", "done_by"])
    record(by=by, verb="task.done" if done else "task.reopened", about=locked)


# --- forgetting -----------------------------------------------------------------------------------
def forget_old() -> int:
    """Delete the contacts, done tasks, covers and what was put off whose time is over; returns how many rows went."""
    now = clock.now()
    day = clock.local(now - KEPT).date()
    old = (
        Contact.objects.filter(spoken_on__lte=day),
        Task.objects.filter(done_at__lte=now - KEPT),
        Cover.objects.filter(last_day__lte=day),
        PutOff.objects.filter(until__lte=day),
    )
    return sum(rows.delete()[0] for rows in old)
