"""Working days and the hours in which mail that can wait may leave: pure, in British wall time.

Bank holidays are computed for any year and each nation; no list of them has to be fetched or kept up.
"""

import datetime as dt
import functools
from collections.abc import Mapping

from holidays import country_holidays

from accounts.clock import LONDON

OPENS, CLOSES = dt.time(8), dt.time(18)

# The library's words where British ones differ.
WORDS = {
    "May Day": "Early May bank holiday", "Late Summer": "Summer", "Bank Holiday": "bank holiday",
    "(observed)": "(substitute day)", "Saint": "St", "'": "’",
}  # fmt: skip


def bank_holiday(day: dt.date, nation: str = "ENG") -> str:
    """The bank holiday that a day is in England and Wales (ENG), Scotland (SCT) or Northern Ireland (NIR), or blank."""
    return _bank_holidays(day.year, nation).get(day, "")


@functools.lru_cache(maxsize=64)
def _bank_holidays(year: int, nation: str) -> Mapping[dt.date, str]:
    found = country_holidays("GB", subdiv=nation, years=year, expand=False)
    return {day: functools.reduce(lambda name, word: name.replace(*word), WORDS.items(), found[day]) for day in found}


def is_working_day(day: dt.date, nation: str = "ENG") -> bool:
    return day.weekday() < 5 and not bank_holiday(day, nation)


def working_days_after(day: dt.date, days: int, nation: str = "ENG") -> dt.date:
    """The working day of the nation that is that many later: one after a Friday is the Monday, unless it is closed."""
    while days:
        day += dt.timedelta(days=1)
        days -= is_working_day(day, nation)
    return day


def is_open(moment: dt.datetime, nation: str = "ENG") -> bool:
    """Whether mail that can wait may leave: 08:00 to 18:00 London time on a working day of the nation."""
    local = moment.astimezone(LONDON)
    return is_working_day(local.date(), nation) and OPENS <= local.time() < CLOSES


def next_opening(moment: dt.datetime, nation: str = "ENG") -> dt.datetime:
    """The first moment from `moment` on at which mail may leave."""
    if is_open(moment, nation):
        return moment
    local = moment.astimezone(LONDON)
    day = local.date() + dt.timedelta(days=local.time() >= CLOSES)
    while not is_working_day(day, nation):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, OPENS, tzinfo=LONDON)


def last_opening(moment: dt.datetime, nation: str = "ENG") -> dt.datetime:
    """One hour before the end of the last window that was open before `moment`, or `moment` itself in a window."""
    if is_open(moment, nation):
        return moment
    local = moment.astimezone(LONDON)
    day = local.date() - dt.timedelta(days=local.time() < OPENS)
    while not is_working_day(day, nation):
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(CLOSES.hour - 1), tzinfo=LONDON)
