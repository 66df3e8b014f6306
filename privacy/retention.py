"""What goes by the calendar because the inventory of personal data says so, whichever app's it is.

The inventory names a class of retention for each model; here are those that no app sees to by itself. What belongs to a
cohort goes by the fields that the inventory says are emptied or deleted with a person; an account goes as if its
person had asked for it, when nothing and nobody needs it any more.
"""

import datetime as dt
from collections import Counter
from typing import Any

from allauth.account.models import EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from accounts import clock
from accounts.models import AddressChange, User
from privacy import erasure, inventory, registry
from privacy.inventory import NULL, Entry
from privacy.models import Complaint, ConsentEvent, Erasure
from privacy.services import record

TWO_YEARS = dt.timedelta(days=730)
SIX_YEARS = dt.timedelta(days=2192)
SAID = ("user_id", "wording__purpose")  # what a later word is a word about
LOG_KEPT_FOR = dt.timedelta(days=365)
ADDRESS_CHANGE_LASTS = dt.timedelta(hours=24)


def forget_cohorts() -> int:
    """Two years after a cohort closed, erase what it left behind, or make it nobody's; how many rows went or changed.

    Of a cohort that was loaded when it was over already, the two years begin when it was loaded.
    """
    touched: Counter[Any] = Counter()
    with transaction.atomic():
        for entry in inventory.of_cohorts():
            touched += _forget(entry)
        for cohort, rows in touched.items():
            record(by=None, verb="cohort.forgotten", about=cohort, rows=rows)
    return touched.total()


def _forget(entry: Entry) -> Counter[Any]:
    """What is there to forget of one model, by cohort."""
    limit, way = clock.now() - TWO_YEARS, entry.to_cohort
    old = entry.model._base_manager.filter(**{f"{way}__closed_at__lte": limit, f"{way}__created_at__lte": limit})
    if entry.goes:
        return _counted(old, way, lambda rows: rows.delete())
    empty = {field.attname: inventory.nothing_in(field) for field in entry.emptied}
    empty |= {f"{link.name}_id": None for link in entry.links if link.erase == NULL}
    return _counted(old.filter(erasure.not_yet(empty)), way, lambda rows: rows.update(**empty)) if empty else Counter()


def _counted(rows: models.QuerySet, way: str, act: Any) -> Counter[Any]:
    kind: Any = inventory.cohort_model()
    found = dict(rows.order_by().values_list("pk", way))
    if not found:
        return Counter()
    act(rows.model._base_manager.filter(pk__in=list(found)))
    cohorts = kind._base_manager.in_bulk(set(found.values()))
    return Counter(cohorts[key] for key in found.values())


def forget_accounts() -> int:
    """Erase the people whom nothing needs any more; returns how many.

    What needs somebody is said by each app: see `registry.need`. A backup that brings them back loses them again by
    the same rule, and whoever is put forward anew is written to: unlike somebody who asked to be erased, they may be.
    """
    since = clock.now() - TWO_YEARS
    left = User.objects.exclude(email__endswith=f"@{erasure.ERASED_DOMAIN}")
    for needed in registry.needed():
        left = left.exclude(pk__in=needed(since))
    return sum(_forget_account(key) for key in left.values_list("pk", flat=True))


@transaction.atomic
def _forget_account(key: Any) -> bool:
    user = User.objects.select_for_update().get(pk=key)
    if erasure.is_erased(user):
        return False
    record(by=None, verb="person.forgotten", about=user, rows=erasure.erase(user))
    return True


@transaction.atomic
def forget_sign_ins() -> int:
    """Sessions, confirmations and changes of address that can't be used any more, and the admin's log of a year ago."""
    now = clock.now()
    old = [
        Session.objects.filter(expire_date__lt=timezone.now()),  # which Django dates by the machine's own clock
        EmailConfirmation.objects.all_expired(),
        AddressChange.objects.filter(created_at__lte=now - ADDRESS_CHANGE_LASTS),
        LogEntry.objects.filter(action_time__lte=now - LOG_KEPT_FOR),
    ]
    return sum(rows.delete()[0] for rows in old)


@transaction.atomic
def forget_ledgers() -> int:
    """What was agreed to six years ago, unless it is their latest word, and requests to be erased answered then."""
    limit = clock.now() - SIX_YEARS
    spoken = ConsentEvent.objects.exclude(user__email__endswith=f"@{erasure.ERASED_DOMAIN}")
    latest = spoken.order_by(*SAID, "-at", "-created_at").distinct(*SAID)
    old = [
        ConsentEvent.objects.filter(at__lte=limit).exclude(pk__in=list(latest.values_list("pk", flat=True))),
        Erasure.objects.filter(answered_at__lte=limit),
    ]
    return sum(rows.delete()[0] for rows in old)


@transaction.atomic
def forget_complaints() -> int:
    """Delete complaints that were answered two years ago; one that waits for an answer stays."""
    return Complaint.objects.filter(answered_at__lte=clock.now() - TWO_YEARS).delete()[0]
