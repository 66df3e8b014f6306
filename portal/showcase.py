"""What the public front page shows of the programme as it stands today."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import clock
from cohorts.models import Cohort, KeyDate
from surveys.models import Testimonial
from surveys.printed import Change, changes
from surveys.selectors import published_figures, reach_words
from ui.components import TimelineItem
from ui.dates import date_range


@dataclass(frozen=True)
class CohortCard:
    """An open cohort as the public sees it."""

    cohort: Cohort
    timeline: list[TimelineItem]
    accepts_interest: bool


def state_of(date: KeyDate, today: dt.date) -> str:
    """Where a range stands on a timeline: past, now or next."""
    if date.ends < today:
        return "past"
    return "now" if date.starts <= today else "next"


def timeline_of(cohort: Cohort) -> list[TimelineItem]:
    today = clock.today()
    return [
        TimelineItem(label=date.label, when=date_range(date.starts, date.ends), state=state_of(date, today))
        for date in cohort.key_dates
    ]


def open_cohorts() -> list[CohortCard]:
    """Every open cohort: those that can still be joined first, the next to launch at their head."""
    today = clock.today()
    cohorts = Cohort.objects.open().select_related("format").order_by("launch_from", "name")
    cards = [CohortCard(cohort, timeline_of(cohort), cohort.launch_from > today) for cohort in cohorts]
    return sorted(cards, key=lambda card: not card.accepts_interest)


def changed() -> list[tuple[str, str, list[Change]]]:
    """By cohort, how many answered and what, before and after, as far as the team has put it on the page."""
    return [(str(cohort), reach_words(figures), changes(figures)) for cohort, figures in published_figures()]


def testimonials() -> QuerySet[Testimonial]:
    """Published quotes whose time has not run out."""
    return Testimonial.objects.on_show()[:6]
