"""Reminders of every kind: derived from how things stand, never scheduled ahead.

An app registers a kind with two questions: what is there to remind people of (`occasions`), and whom of (`verdicts`,
with the reason for each who is left out). The tick and the page that shows who would get what ask the same two, so
that what staff read before they switch a rule on is what happens afterwards. A tick that comes twice changes
nothing, one that is lost is made up for by the next, and after a long silence only what is still useful is sent.
"""

import calendar
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import models, transaction

from accounts import clock
from accounts.models import User
from accounts.workdays import OPENS, is_open, last_opening, next_opening
from cohorts.models import ReminderRule
from outbox import preferences
from outbox.services import Letter, muted, queue_all
from ui.dates import uk_datetime

# A reminder that could not be sent for longer than this (the system was down) is left out.
GRACE = dt.timedelta(days=3)
# Less notice than this before a session helps nobody.
NOTICE = dt.timedelta(hours=2)
# How far back a reminder that was left out is still written down as such.
REMEMBERED = dt.timedelta(days=14)
# How far ahead staff can see who would get a reminder.
AHEAD = dt.timedelta(days=62)
# Occasions looked at together, and messages written together: each batch costs the same few queries.
OCCASIONS, LETTERS = 100, 1000
# Occasions of which is asked together whether anybody is left to remind.
LOOK = 500

T = TypeVar("T")


@dataclass(frozen=True)
class Occasion:
    """Something that people are reminded of under one rule. It may leave from `due` on, and before `until`.

    `group` is what it repeats in, as sessions do in a circle: to be looked at, the next one of each group will do.
    """

    rule: ReminderRule
    about: models.Model
    due: dt.datetime
    until: dt.datetime
    kind: str
    occurrence: str
    words: str
    group: object = None


class When(StrEnum):
    NOW = "now"
    LATER = "later"
    NOT = "not"


@dataclass(frozen=True)
class Verdict:
    """What becomes of one person and one occasion. `why` says why not, or when; blank for who gets it now."""

    occasion: Occasion
    to: User
    when: When
    why: str = ""

    @property
    def letter(self) -> Letter:
        return Letter(self.occasion.kind, self.occasion.about, self.to, self.occasion.occurrence)


Found = Iterable[tuple[Occasion, User, str]]


def all_of(occasions: list[Occasion]) -> list[Occasion]:
    return occasions


@dataclass(frozen=True)
class Reminder:
    """One kind of reminder. `occasions` gives what is due up to the second of two moments, or was not long before the
    first; more does no harm. `verdicts` gives the people of some occasions, each with the reason why not, or blank.
    `unsettled` gives those occasions of which anybody might be reminded yet, cheaply: most ticks have no news.
    """

    key: str
    occasions: Callable[[list[ReminderRule], dt.datetime, dt.datetime], Iterator[Occasion]]
    verdicts: Callable[[list[Occasion]], Found]
    unsettled: Callable[[list[Occasion]], list[Occasion]] = all_of


_reminders: dict[str, Reminder] = {}


def register(reminder: Reminder) -> None:
    _reminders[reminder.key] = reminder


def batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of up to `size`, read as they are needed."""
    rest = iter(rows)
    while batch := list(itertools.islice(rest, size)):
        yield batch


# --- when -------------------------------------------------------------------------------------
def before(starts_at: dt.datetime, rule: ReminderRule) -> dt.datetime:
    """When a reminder leaves that is due so many days before: at its time of day, or in the next working hours.

    Where waiting for them would leave no notice, in the last working hours before.
    """
    nation, local = rule.cohort.bank_holidays, clock.local(starts_at)
    day = local.date() - dt.timedelta(days=rule.days)
    ideal = dt.datetime.combine(day, rule.at or local.time(), tzinfo=clock.LONDON)
    following = next_opening(ideal, nation)
    return following if following <= starts_at - NOTICE else last_opening(ideal, nation)


def after(moment: dt.datetime, rule: ReminderRule) -> dt.datetime:
    """When a reminder leaves that is due so many days after a moment: never earlier, and in working hours."""
    local = clock.local(moment)
    day = local.date() + dt.timedelta(days=rule.days)
    ideal = dt.datetime.combine(day, rule.at or local.time(), tzinfo=clock.LONDON)
    return next_opening(max(ideal, moment), rule.cohort.bank_holidays)


def on_day(day: dt.date, rule: ReminderRule) -> dt.datetime:
    """When mail of a certain day leaves: at its time of day, or at eight in the morning."""
    ideal = dt.datetime.combine(day, rule.at or OPENS, tzinfo=clock.LONDON)
    return next_opening(ideal, rule.cohort.bank_holidays)


def months(now: dt.datetime, until: dt.datetime) -> Iterator[tuple[dt.date, dt.date]]:
    """The first and the last day of each month from one moment to another, as British calendars show them."""
    first, end = clock.local(now).date().replace(day=1), clock.local(until).date()
    while first <= end:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        yield first, last
        first = last + dt.timedelta(days=1)


def in_month(first: dt.date, last: dt.date, rule: ReminderRule) -> dt.datetime:
    """When a month's mail leaves: on the rule's day, or the last one of a shorter month."""
    return on_day(first.replace(day=min(max(rule.days, 1), last.day)), rule)


# --- who --------------------------------------------------------------------------------------
def judge(reminder: Reminder, occasions: list[Occasion], now: dt.datetime) -> Iterator[Verdict]:
    """What becomes of everybody whom these occasions may concern, at this moment."""
    for found in batches(reminder.verdicts(occasions), LETTERS):
        out = preferences.opted_out({(user.pk, occasion.kind) for occasion, user, _ in found})
        for occasion, user, why_not in found:
            words = why_not or (preferences.SAID_NO if (user.pk, occasion.kind) in out else "")
            yield _verdict(occasion, user, words, now)


def _verdict(occasion: Occasion, user: User, why_not: str, now: dt.datetime) -> Verdict:
    if why_not:
        return Verdict(occasion, user, When.NOT, why_not)
    if now >= occasion.until:
        return Verdict(occasion, user, When.NOT, f"It was due on {uk_datetime(occasion.due)}, which is too long ago.")
    if now < occasion.due:
        return Verdict(occasion, user, When.LATER, f"It leaves on {uk_datetime(occasion.due)}.")
    return Verdict(occasion, user, When.NOW)


def for_rule(rule: ReminderRule) -> Iterator[Verdict]:
    """Who would get this rule's mail now or next, who not, and why; the same whether it is switched on or not."""
    reminder, now = _reminders[rule.kind], clock.now()
    for batch in batches(_next_of_each(reminder.occasions([rule], now, now + AHEAD), now), OCCASIONS):
        yield from judge(reminder, batch, now)


def _next_of_each(occasions: Iterable[Occasion], now: dt.datetime) -> Iterator[Occasion]:
    seen = set()
    for one in occasions:
        if now < one.until and (one.group is None or one.group not in seen):
            seen.add(one.group)
            yield one


def queue_due(*keys: str) -> int:
    """Queue every reminder of these kinds that is due; returns how many messages are new.

    Each batch of occasions takes the same few queries and is a transaction of its own, so that neither memory nor
    locks grow with the programme.
    """
    now, queued = clock.now(), 0
    for reminder in (_reminders[key] for key in keys):
        due = (one for one in reminder.occasions(_rules(reminder.key), now, now) if _leaves(one, now))
        for look in batches(due, LOOK):
            for batch in batches(reminder.unsettled(look), OCCASIONS):
                queued += _queue(reminder, batch, now)
    return queued


def _leaves(one: Occasion, now: dt.datetime) -> bool:
    return one.due <= now < one.until and is_open(now, one.rule.cohort.bank_holidays)


@transaction.atomic
def _queue(reminder: Reminder, batch: list[Occasion], now: dt.datetime) -> int:
    due = (verdict.letter for verdict in judge(reminder, batch, now) if verdict.when == When.NOW)
    return sum(len(queue_all(letters)) for letters in batches(due, LETTERS))


def log_missed(*keys: str) -> int:
    """Write down, as messages that were skipped, the reminders whose time went by unused; returns how many are new.

    Nobody is sent them: after an outage there is no flood, and on every person staff can still read what they missed.
    """
    now, logged = clock.now(), 0
    for reminder in (_reminders[key] for key in keys):
        past = (one for one in reminder.occasions(_rules(reminder.key), now, now) if one.due <= now)
        for batch in batches(past, OCCASIONS):
            logged += _log(reminder, batch, now)
    return logged


@transaction.atomic
def _log(reminder: Reminder, batch: list[Occasion], now: dt.datetime) -> int:
    with muted("Not sent: its time had gone by before it could leave, and it would not have helped any more."):
        missed = (
            Letter(one.kind, one.about, user, one.occurrence)
            for one, user, why_not in reminder.verdicts(batch)
            if not why_not and one.until <= now < one.due + REMEMBERED
        )
        return sum(len(queue_all(letters)) for letters in batches(missed, LETTERS))


def _rules(key: str) -> list[ReminderRule]:
    """The rules of a kind that are switched on in cohorts that are not closed."""
    running = ReminderRule.objects.filter(kind=key, enabled=True, cohort__closed_at__isnull=True)
    return list(running.select_related("cohort__format"))
