"""Dates and times of meetings: pure, in British wall time.

A meeting keeps its wall time across the clock changes: 12:30 in October is 12:30 in November.
"""

import calendar as months
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.clock import LONDON
from ui.dates import uk_time

# Why there is no meeting on a day; blank where there may be one.
Closed = Callable[[dt.date], str]


class NoFreeDayError(ValueError):
    """There is no day left for a month's meeting; its message says so in words."""


class UnclearTimeError(ValueError):
    """A wall time that the clock change skips or shows twice; its message says so in words."""


def wall(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which British clocks show this. Raises UnclearTimeError when they never do, or do twice."""
    moment = dt.datetime.combine(day, time, tzinfo=LONDON)
    shown = moment.astimezone(dt.UTC).astimezone(LONDON)
    when = f"{uk_time(time)} on {day.day} {day:%B %Y}"
    if shown.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise UnclearTimeError(f"The clocks go forward that night: there is no {when}. Choose another time.")
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise UnclearTimeError(f"The clocks go back that night: {when} happens twice. Choose another time.")
    return moment


def still_expected(before: dt.datetime, earlier: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Of what moves away from `before`, the first start to come that people may know.

    `earlier` is what this said of the move before: of two in a row, the first may not have been told yet.
    """
    return min(before, earlier) if earlier and earlier > now else before


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


def same_pattern(days: list[dt.date], first: dt.date) -> list[dt.date]:
    """The meeting days that follow when the first of `days` becomes `first`, in order.

    Days in months of their own stay one a month, on the weekday and in the week of the month of `first` (its fifth
    counts as the fourth). Where a month holds two, as every four weeks it may, they keep their distance in weeks.
    """
    if len({(day.year, day.month) for day in days}) < len(days):
        return [first + dt.timedelta(weeks=round((day - days[0]).days / 7)) for day in days]
    week = min((first.day - 1) // 7 + 1, 4)
    onward = (first.year - days[0].year) * 12 + first.month - days[0].month
    months_on = (divmod(day.year * 12 + day.month - 1 + onward, 12) for day in days[1:])
    return [first, *(nth_weekday(year, month + 1, first.weekday(), week) for year, month in months_on)]


@dataclass(frozen=True)
class Meeting:
    """A meeting day, and the regular day that it stands in for with the reason (blank: it is the regular day)."""

    day: dt.date
    regular: dt.date
    because: str = ""


def open_meetings(regular: list[dt.date], first: dt.date, last: dt.date, closed: Closed) -> list[Meeting]:
    """The regular meeting days, each that is closed moved by whole weeks, in order and from `first` to `last`.

    It goes to the next free week of its month, else to the nearest one before in that month. Only where all of the
    month is closed does it leave it, for the nearest free week between its neighbours, the earlier of two as near.
    Months with room are settled first, so that none loses its only free day to another. Raises NoFreeDayError.
    """
    days = list(regular)
    for candidates in (_in_its_month, _nearest):
        for n, day in enumerate(days):
            if closed(day):
                after = days[n - 1] if n else first - dt.timedelta(days=1)
                before = days[n + 1] if n + 1 < len(days) else last + dt.timedelta(days=1)
                others = candidates(day, max(after, first - dt.timedelta(days=1)), before)
                days[n] = next((other for other in others if not closed(other)), day)
    if full := next((day for day in days if closed(day)), None):
        raise NoFreeDayError(
            f"No {full:%A} is free for the session of {full:%B %Y}: bank holidays and blocked dates leave none. "
            "Shorten the blocked dates of the cohort, or choose another time of the week."
        )
    return [Meeting(day, usual, closed(usual)) for day, usual in zip(days, regular, strict=True)]


def _nearest(day: dt.date, after: dt.date, before: dt.date) -> list[dt.date]:
    weeks = range(-((day - after).days // 7), (before - day).days // 7 + 1)
    days = [day + dt.timedelta(weeks=n) for n in weeks if n]
    return sorted((one for one in days if after < one < before), key=lambda one: (abs(one - day), one))


def _in_its_month(day: dt.date, after: dt.date, before: dt.date) -> list[dt.date]:
    days = [one for one in _nearest(day, after, before) if (one.year, one.month) == (day.year, day.month)]
    return sorted(days, key=lambda one: one < day)
