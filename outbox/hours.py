"""When a message may leave: at once, or in working hours (08:00 to 18:00 London time on a working day).

How urgent a message is, its kind says. It is asked in one place, when a message is about to leave: a row that was
queued by day may have been tried again into the night or held up by an outage, and whatever brought it there, the
same question stops it. A row that waits shows until when.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.workdays import next_opening

# Less notice than this before what a message is about helps nobody.
NOTICE = dt.timedelta(hours=2)


@dataclass(frozen=True)
class Hours:
    """What a message waits for. The nation is that of the cohort’s bank holidays.

    `starts_at` is when what it is about begins: who would be told too late by waiting is told at once. Within
    `urgent_before` of it the message does not wait at all.
    """

    at_once: bool = False
    nation: str = "ENG"
    starts_at: dt.datetime | None = None
    urgent_before: dt.timedelta = NOTICE


def working_hours(_about: Any) -> Hours:
    return Hours()


def at_once(_about: Any) -> Hours:
    """What somebody has just asked for."""
    return Hours(at_once=True)


def opening(now: dt.datetime, hours: Hours) -> dt.datetime:
    """The first moment from `now` on at which a message with these hours may leave; `now` when it may at once."""
    if hours.at_once:
        return now
    following = next_opening(now, hours.nation)
    if hours.starts_at is None or now >= hours.starts_at:
        return following
    soon = hours.starts_at - now < hours.urgent_before
    return now if soon or following > hours.starts_at - NOTICE else following
