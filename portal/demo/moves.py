"""Where the one clock can be moved to."""

import datetime as dt

from accounts import clock
from accounts.workdays import next_opening
from circles.services.reminders import next_reminder_at
from cohorts.models import Cohort, KeyDate
from ui.dates import uk_date

STEPS = {"day": dt.timedelta(days=1), "week": dt.timedelta(weeks=1)}


def next_key_date() -> tuple[Cohort, KeyDate] | None:
    """The first key date of any cohort that begins after today."""
    today = clock.today()
    open_cohorts = Cohort.objects.filter(closed_at__isnull=True, close_from__gt=today).order_by("name")
    coming = [(cohort, date) for cohort in open_cohorts for date in cohort.key_dates if date.starts > today]
    return min(coming, key=lambda pair: pair[1].starts, default=None)


def next_key_date_words() -> str:
    """The next key date in a line; blank when there is none."""
    found = next_key_date()
    return f"{found[1].label}, {found[0]}: {uk_date(found[1].starts)}" if found else ""


def make(move: str) -> bool:
    """Make one of the named moves; False when there is nowhere to go."""
    if move in STEPS:
        clock.move_to(clock.now() + STEPS[move])
    elif move == "open":
        clock.move_to(next_opening(clock.now()) + dt.timedelta(minutes=1))
    elif move == "reminder" and (leaves := next_reminder_at()):
        clock.move_to(leaves + dt.timedelta(minutes=1))
    elif move == "now":
        clock.move_to(clock.now() - clock.offset())
    elif move == "next" and (found := next_key_date()):
        to_morning_of(found[1].starts)
    else:
        return False
    return True


def to_morning_of(day: dt.date) -> None:
    """Set the clock to just after nine in the morning of a day, an hour at which reminders go out on working days."""
    clock.move_to(dt.datetime.combine(day, dt.time(9, 1), tzinfo=clock.LONDON))
