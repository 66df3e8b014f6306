"""A cohort's key dates as the timeline component shows them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts import clock
from cohorts.models import Cohort, KeyDate
from staff.attention import Finding
from ui.components import TimelineItem
from ui.dates import date_range


def of(cohort: Cohort) -> list[TimelineItem]:
    """The key dates in their order; more than one can be running, because neighbours may overlap."""
    phase = cohort.phase
    return [TimelineItem(d.label, date_range(d.starts, d.ends), _state(d, phase)) for d in cohort.key_dates]


def ahead(cohort: Cohort) -> list[TimelineItem]:
    """What is running and the next date after it; all of them stand on the cohort's own page."""
    coming = [item for item in of(cohort) if item.state != "past"]
    running = sum(item.state == "now" for item in coming)
    return coming[: running + 1]


@dataclass(frozen=True)
class Strip:
    """Where a range lies within the cohort's whole time, in thousandths of it; `today` is None outside it."""

    start: int
    width: int
    today: int | None


@dataclass(frozen=True)
class Stage:
    """One key date as the cohort's own page shows it: drawn within the whole, with what blocks it."""

    item: TimelineItem
    key: str
    strip: Strip
    findings: list[Finding]

    @property
    def to_settle(self) -> int:
        return sum(len(finding.items) for finding in self.findings)


def with_blocks(cohort: Cohort, findings: Iterable[Finding]) -> list[Stage]:
    """The key dates in their order, each with the findings of the rules that keep people from it."""
    found = list(findings)
    return [
        Stage(item, date.key, _strip(cohort, date), [f for f in found if f.rule.stage == date.key])
        for item, date in zip(of(cohort), cohort.key_dates, strict=True)
    ]


def _strip(cohort: Cohort, date: KeyDate) -> Strip:
    first, days = cohort.applications_from, (cohort.close_until - cohort.applications_from).days + 1

    def at(day: dt.date) -> int:
        return min(max((day - first).days, 0), days) * 1000 // days

    today = clock.today()
    start, end = at(date.starts), at(date.ends + dt.timedelta(days=1))
    return Strip(start, max(end - start, 8), at(today) if first <= today <= cohort.close_until else None)


def _state(date: KeyDate, phase: str) -> str:
    today = clock.today()
    if date.key == phase or (date.starts <= today <= date.ends and phase != "closed"):
        return "now"
    return "past" if date.ends < today or phase == "closed" else "next"
