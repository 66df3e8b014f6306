"""Rules, what they find, and how findings are put together for one member of staff."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts import clock
from accounts.models import User
from cohorts.covers import Covers
from cohorts.models import Cohort
from cohorts.permissions import roles_of
from staff.models import PutOff

SHOWN = 5  # rows of one rule in one cohort; the rest is a link away
NO_COHORT = "none"  # in an address: what belongs to no cohort


# The key of the row that an address is about: its last one.
ROW_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Item:
    """One thing that needs attention: the evidence, and the page that settles it.

    `owner` is the key of whoever has to see to it, where somebody has; `about` that of the row, where its page is of
    another one. `covered` says who covers the owner while they are away; `look` fills it in. `looks` says what the
    page is for to somebody who may not do what the rule says; blank for those who may.
    """

    cohort_id: Any
    evidence: str
    url: str
    owner: Any = None
    about: Any = None
    covered: str = ""
    looks: str = ""

    @cached_property
    def key(self) -> str:
        """Of the row that it is about: the same for whoever looks, whatever page they may settle it on."""
        rows = ROW_KEY.findall(self.url)
        return str(self.about or (rows[-1] if rows else self.url.strip("/").rpartition("/")[2]))


Wanted = Callable[[Item], bool]


def everything(item: Item) -> bool:
    return True


@dataclass(frozen=True)
class Rule:
    """When something needs attention, in words that a person can check.

    `find` is given the person and the cohorts in which they hold `permission`. `list_page` is the admin list where many
    such rows are dealt with together: its URL name and the filter; blank when there is none. `cohort_page` is a page of
    our own for that, of one cohort. `stage` is the key date that what it finds stands in the way of; blank for none.
    What is `confided` is never taken away as a file. One that is asked `afresh` at each look reads what says nothing of
    its changes, and is given no cohorts.
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
    confided: bool = False
    afresh: bool = False

    def all_url(self, cohort_id: Any, owner: Any = "") -> str:
        """The page of everything that it finds; of one cohort (None: of what belongs to none), of one owner."""
        choice = {"cohort": str(cohort_id or NO_COHORT), "owner": str(owner)}
        kept = urlencode({name: chosen for name, chosen in choice.items() if chosen})
        return f"{reverse('admin:attention_rule', args=[self.key])}?{kept}"

    def together_url(self, cohort_id: Any) -> str:
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
    def rows(self) -> list[tuple[Item, str]]:
        """What is shown, each with the page that puts it off."""
        return [(item, put_off_url(self.rule.key, item.key)) for item in self.shown]

    @property
    def hidden(self) -> int:
        return len(self.items) - len(self.shown)

    @property
    def all_url(self) -> str:
        return self.rule.all_url(self.cohort_id)


@lru_cache(maxsize=2000)
def put_off_url(rule: str, subject: str) -> str:
    return reverse("admin:put_off", args=[rule, subject])


@dataclass(frozen=True)
class Later:
    """Something that is there and that the team has put off."""

    rule: Rule
    item: Item
    put_off: PutOff


@dataclass(frozen=True)
class Found:
    """What needs attention now, by cohort (under None what belongs to none), and what is put off."""

    now: dict[Any, list[Finding]]
    later: list[Later]


def gather(rules: Iterable[Rule], user: User, cohorts: list[Cohort]) -> dict[Any, list[Finding]]:
    """What the rules find for this person, by cohort; without what the team has put off."""
    return look(rules, user, cohorts).now


def look(
    rules: Iterable[Rule],
    user: User,
    cohorts: list[Cohort],
    wanted: Wanted = everything,
    covers: Covers | None = None,
) -> Found:
    """What the rules find for this person, as far as it is `wanted`; what is put off stands apart.

    `covers` are those that run today, where the caller has read them already.
    """
    allowed = Allowed(user, cohorts)
    found = [(rule, rule.find(user, allowed(rule.permission))) for rule in rules if user.has_perm(rule.permission)]
    return sort_out(found, PutOff.objects.lasting().select_related("by"), covers or Covers.now(), wanted)


class Allowed:
    """The cohorts in which a person holds a permission; each permission is asked once for each set of roles."""

    def __init__(self, user: User, cohorts: list[Cohort]) -> None:
        self.user = user
        self.groups: dict[frozenset[str], list[Cohort]] = {}
        for cohort in cohorts:
            self.groups.setdefault(frozenset(roles_of(user, cohort.pk)), []).append(cohort)
        self.order = {cohort.pk: place for place, cohort in enumerate(cohorts)}
        self.answers: dict[str, list[Cohort]] = {}

    def __call__(self, permission: str) -> list[Cohort]:
        if permission not in self.answers:
            alike = [many for many in self.groups.values() if self.user.has_perm(permission, many[0])]
            found = [cohort for many in alike for cohort in many]
            self.answers[permission] = sorted(found, key=lambda cohort: self.order[cohort.pk])
        return self.answers[permission]


def sort_out(
    found: Iterable[tuple[Rule, Iterable[Item]]], putting_off: Iterable[PutOff], covers: Covers, wanted: Wanted
) -> Found:
    """By cohort what the rules found, as far as it is `wanted`; apart what is put off."""
    put_off = {(row.rule, row.subject): row for row in putting_off}
    now: dict[Any, list[Finding]] = {}
    later: list[Later] = []
    for rule, found_by_it in found:
        items = [_with_cover(item, covers) for item in found_by_it if wanted(item)]
        waits = {item.key for item in items if (rule.key, item.key) in put_off} if put_off else set()
        later += [Later(rule, item, put_off[rule.key, item.key]) for item in items if waits and item.key in waits]
        for cohort_id, left in _by_cohort(item for item in items if not waits or item.key not in waits).items():
            now.setdefault(cohort_id, []).append(Finding(rule, left, cohort_id))
    return Found(now, later)


def _with_cover(item: Item, covers: Covers) -> Item:
    cover = covers.of(item.owner)
    return replace(item, covered=covers.words(cover.person)) if cover else item


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
