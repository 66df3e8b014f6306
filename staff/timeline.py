"""A cohort's key dates as the timeline component shows them."""

from accounts import clock
from cohorts.models import Cohort, KeyDate
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


def _state(date: KeyDate, phase: str) -> str:
    today = clock.today()
    if date.key == phase or (date.starts <= today <= date.ends and phase != "closed"):
        return "now"
    return "past" if date.ends < today or phase == "closed" else "next"
