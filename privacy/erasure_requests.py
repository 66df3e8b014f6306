"""Somebody asks to be erased, and is answered in time."""

import calendar
import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.workdays import is_working_day
from privacy import erasure
from privacy.models import Erasure
from privacy.services import record


def answer_by(asked: dt.date) -> dt.date:
    """The same day of the next month, else its last; on a weekend or bank holiday the working day after (ICO)."""
    year, month = divmod(asked.year * 12 + asked.month, 12)
    day = dt.date(year, month + 1, min(asked.day, calendar.monthrange(year, month + 1)[1]))
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


@transaction.atomic
def ask(*, user: User, by: User | None) -> Erasure:
    """Note that somebody wants to be erased, from today; asking again changes nothing."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    found = locked.erasures.open().first()
    if found is not None:
        return found
    made = Erasure.objects.create(user=locked, by_themselves=by == user, due_on=answer_by(clock.today()))
    record(by=by, verb="erasure.asked", about=made)
    return made


@transaction.atomic
def take_back(*, user: User) -> bool:
    """They think better of it; whether there was anything to take back."""
    found = user.erasures.open().select_for_update().filter(by_themselves=True).first()
    if found is None:
        return False
    record(by=user, verb="erasure.taken_back", about=found)
    found.delete()
    return True


@transaction.atomic
def refuse(*, request: Erasure, why: str, by: User) -> bool:
    """Say no, and why, to the person; whether it was still to be answered."""
    values = {"outcome": Erasure.Outcome.REFUSED, "why_refused": why, "answered_at": clock.now(), "answered_by": by}
    if not Erasure.objects.open().filter(pk=request.pk).update(**values):
        return False
    record(by=by, verb="erasure.refused", about=request)
    return True


@transaction.atomic
def erase_person(*, user: User, by: User | None) -> Erasure:
    """Erase somebody and keep that it was done. Whether nothing stands in the way is the caller's question."""
    digest = erasure.digest(user.email)
    request = user.erasures.open().first() or ask(user=user, by=by)
    rows = erasure.erase(user)
    values = {"outcome": Erasure.Outcome.ERASED, "answered_at": clock.now(), "answered_by": by}
    Erasure.objects.filter(pk=request.pk).update(**values, address_digest=digest)
    record(by=by, verb="person.erased", about=user, rows=rows)
    request.refresh_from_db()
    return request


@transaction.atomic
def processors_told(*, request: Erasure, by: User) -> bool:
    """Those who work with this data for us have been told to erase it too; whether that is news."""
    told = Erasure.objects.filter(pk=request.pk, outcome=Erasure.Outcome.ERASED, processors_told_at=None)
    if not told.update(processors_told_at=clock.now()):
        return False
    record(by=by, verb="erasure.processors_told", about=request)
    return True
