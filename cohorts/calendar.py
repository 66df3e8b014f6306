"""Dates and times of meetings: pure, in British wall time.

A meeting keeps its wall time across the clock changes: 12:30 in October is 12:30 in November.
"""

import calendar as months
import datetime as dt
import itertools
from collections.abc import Iterator

from accounts.clock import LONDON

# Reminders leave between these hours on working days.
OPENS, CLOSES = dt.time(8), dt.time(18)


class UnclearTimeError(ValueError):
    """A wall time that the clock change skips or shows twice; its message says so in words."""


def wall(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which British clocks show this. Raises UnclearTimeError when they never do, or do twice."""
    moment = dt.datetime.combine(day, time, tzinfo=LONDON)
    shown = moment.astimezone(dt.UTC).astimezone(LONDON)
    when = f"{time:%H:%M} on {day.day} {day:%B %Y}"
    if shown.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise UnclearTimeError(f"The clocks go forward that night: there is no {when}. Choose another time.")
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise UnclearTimeError(f"The clocks go back that night: {when} happens twice. Choose another time.")
    return moment


def nth_weekday(year: int, month: int, weekday: int, n: int) -> dt.date:
    """The n-th (1 to 4) such weekday of a month; Monday is 0."""
    first = months.weekday(year, month, 1)
    return dt.date(year, month, 1 + (weekday - first) % 7 + 7 * (n - 1))


def _each_month(first: dt.date) -> Iterator[tuple[int, int]]:
    for n in itertools.count(first.year * 12 + first.month - 1):
        yield n // 12, n % 12 + 1


def monthly(weekday: int, week: int, first: dt.date, last: dt.date) -> list[dt.date]:
    """Every `week`-th such weekday of a month, from `first` to `last`, both included."""
    days = (nth_weekday(year, month, weekday, week) for year, month in _each_month(first))
    return list(itertools.takewhile(lambda day: day <= last, itertools.dropwhile(lambda day: day < first, days)))


def four_weekly(weekday: int, first: dt.date, last: dt.date) -> list[dt.date]:
    """Such a weekday every four weeks, from the first one on or after `first`."""
    start = first + dt.timedelta(days=(weekday - first.weekday()) % 7)
    return [start + dt.timedelta(days=n) for n in range(0, max((last - start).days + 1, 0), 28)]


def meeting_days(weekday: int, week: int, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
    """Up to `count` meeting days: one a month, or every four weeks where the calendar leaves a month too few."""
    days = monthly(weekday, week, first, last)[:count]
    return days if len(days) == count else max(days, four_weekly(weekday, first, last)[:count], key=len)


def is_open(moment: dt.datetime) -> bool:
    """Whether mail that can wait may leave: 08:00 to 18:00 on a working day."""
    local = moment.astimezone(LONDON)
    return local.weekday() < 5 and OPENS <= local.time() < CLOSES


def next_opening(moment: dt.datetime) -> dt.datetime:
    """The first moment from `moment` on at which mail may leave."""
    if is_open(moment):
        return moment
    local = moment.astimezone(LONDON)
    day = local.date() + dt.timedelta(days=local.time() >= CLOSES)
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, OPENS, tzinfo=LONDON)


def last_opening(moment: dt.datetime) -> dt.datetime:
    """One hour before the end of the last window that was open before `moment`, or `moment` itself in a window."""
    if is_open(moment):
        return moment
    local = moment.astimezone(LONDON)
    day = local.date() - dt.timedelta(days=local.time() < OPENS)
    while day.weekday() >= 5:
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(CLOSES.hour - 1), tzinfo=LONDON)
