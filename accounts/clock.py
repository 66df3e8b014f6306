"""The one clock. All code asks here what time it is.

In demonstration and tests an offset kept in the database moves web, worker and beat together, so that six months can
be lived in a minute. Production has no offset and never reads one.
"""

import contextlib
import datetime as dt
import math
import time
from collections.abc import Iterator
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
# How long a process may work with the offset that it last read, in seconds.
_FRESH_FOR = 0.5
_last_read: tuple[float, dt.timedelta] | None = None
_standing: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)


def offset() -> dt.timedelta:
    """How far the clock is moved; always zero in production."""
    global _last_read
    if not settings.CLOCK_MAY_MOVE:
        return dt.timedelta()
    if _last_read is None or time.monotonic() - _last_read[0] > _FRESH_FOR:
        _last_read = time.monotonic(), dt.timedelta(seconds=_stored_seconds())
    return _last_read[1]


def _stored_seconds() -> int:
    from accounts.models import ClockOffset

    try:
        return ClockOffset.objects.values_list("seconds", flat=True).first() or 0
    except (ProgrammingError, OperationalError):
        if connection.in_atomic_block:
            raise
        return 0  # Django's own checks make a user before the first migration has made the tables


def forget() -> None:
    """Read the offset afresh at the next question."""
    global _last_read
    _last_read = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _standing.get() or timezone.now() + offset()


@contextlib.contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Inside the block, and in it alone, it is always `moment`: for what is put together with a mark for the time."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def today() -> dt.date:
    """Today's date in the United Kingdom."""
    return now().astimezone(LONDON).date()


def local(moment: dt.datetime) -> dt.datetime:
    """The moment as the clock on a British wall shows it."""
    return moment.astimezone(LONDON)


def move_to(moment: dt.datetime) -> None:
    """Set the clock to `moment`, or less than a second past it, in every process; never before it.

    Raises ImproperlyConfigured in production.
    """
    if not settings.CLOCK_MAY_MOVE:
        raise ImproperlyConfigured("The clock cannot be moved in production.")
    from accounts.models import ClockOffset

    moved = ClockOffset(seconds=math.ceil((moment - timezone.now()).total_seconds()))
    ClockOffset.objects.bulk_create([moved], update_conflicts=True, unique_fields=["id"], update_fields=["seconds"])
    forget()
