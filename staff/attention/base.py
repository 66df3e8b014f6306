"""Rules, what they find, and how findings are put together for one member of staff."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort

SHOWN = 5  # rows of one rule in one cohort; the rest is a link away


@dataclass(frozen=True)
class Item:
    """One thing that needs attention: the evidence, and the page that settles it."""

    cohort_id: Any
    evidence: str
    url: str


@dataclass(frozen=True)
class Rule:
    """When something needs attention, in words that a person can check.

    `find` is given the person and the cohorts in which they hold `permission`. `list_page` is the admin list that
    shows all of what was found: its URL name and the filter; blank when there is none. `cohort_page` is a page of our
    own that does so for one cohort. `stage` is the key date that what it finds stands in the way of; blank for none.
    """

    key: str
    says: str
    action: str
    permission: str
    find: Callable[[User, list[Cohort]], list[Item]]
    list_page: str = ""
    list_filter: tuple[tuple[str, str], ...] = ()
    cohort_page: str = ""
    stage: str = ""

    def list_url(self, cohort_id: Any) -> str:
        if self.cohort_page and cohort_id:
            return reverse(self.cohort_page, args=[cohort_id])
        if not self.list_page:
            return ""
        where = [("cohort__id__exact", str(cohort_id))] if cohort_id else []
        return f"{reverse(self.list_page)}?{urlencode([*self.list_filter, *where])}"


@dataclass(frozen=True)
class Finding:
    """What one rule found in one cohort."""

    rule: Rule
    items: list[Item]
    cohort_id: Any

    @property
    def shown(self) -> list[Item]:
        return self.items[:SHOWN]

    @property
    def hidden(self) -> int:
        return len(self.items) - len(self.shown)

    @property
    def list_url(self) -> str:
        return self.rule.list_url(self.cohort_id) if self.hidden else ""


def gather(rules: Iterable[Rule], user: User, cohorts: list[Cohort]) -> dict[Any, list[Finding]]:
    """What the rules find for this person, by cohort; under None what belongs to no cohort."""
    found: dict[Any, list[Finding]] = {}
    for rule in rules:
        allowed = [cohort for cohort in cohorts if user.has_perm(rule.permission, cohort)]
        if not user.has_perm(rule.permission):
            continue
        for cohort_id, items in _by_cohort(rule.find(user, allowed)).items():
            found.setdefault(cohort_id, []).append(Finding(rule, items, cohort_id))
    return found


def _by_cohort(items: Iterable[Item]) -> dict[Any, list[Item]]:
    groups: dict[Any, list[Item]] = {}
    for item in items:
        groups.setdefault(item.cohort_id, []).append(item)
    return groups


def working_days_ago(days: int) -> dt.datetime:
    """The moment so many working days (Monday to Friday) before now."""
    moment = clock.local(clock.now())
    while days:
        moment -= dt.timedelta(days=1)
        days -= moment.weekday() < 5
    return moment


def short_date(day: dt.date | dt.datetime) -> str:
    """“28 October”, as a line of evidence says it."""
    local = clock.local(day) if isinstance(day, dt.datetime) else day
    return f"{local.day} {local:%B}"


def ends_within(cohorts: Iterable[Cohort], days: int) -> list[Cohort]:
    """Those whose recruitment ends today or in the coming `days` days."""
    today = clock.today()
    return [c for c in cohorts if today <= c.recruitment_until <= today + dt.timedelta(days=days)]


def plural(count: int, one: str, many: str = "") -> str:
    """“1 place”, “3 places”."""
    return f"{count} {one if count == 1 else many or one + 's'}"
