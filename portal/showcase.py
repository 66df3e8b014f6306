"""What the public front page shows of the programme as it stands today."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts import clock
from cohorts.models import Cohort, KeyDate
from surveys.models import Testimonial
from surveys.printed import Change, changes
from surveys.selectors import published_figures, reach_words
from ui.components import TimelineItem
from ui.dates import date_range

JOINABLE, RUNNING, PAST = "joinable", "running", "past"


@dataclass(frozen=True)
class CohortCard:
    """A cohort as the public sees it, and whether it can be joined, runs, or is over."""

    cohort: Cohort
    state: str

    @property
    def timeline(self) -> list[TimelineItem]:
        return timeline_of(self.cohort)

    @property
    def is_late(self) -> bool:
        """Whether an organisation may still ask, but the time to apply is over."""
        return self.state == JOINABLE and self.cohort.applications_until < clock.today()

    @property
    def span(self) -> str:
        """From its launch to its close."""
        return date_range(self.cohort.launch_from, self.cohort.close_until)


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


def cohorts() -> list[CohortCard]:
    """All of them: those that can be joined, the next to launch first; those that run; the past ones, latest first."""
    today = clock.today()
    rows = Cohort.objects.select_related("format").order_by("launch_from", "name")
    cards = [CohortCard(cohort, _state(cohort, today)) for cohort in rows]
    past = [card for card in reversed(cards) if card.state == PAST]
    return [*(card for state in (JOINABLE, RUNNING) for card in cards if card.state == state), *past]


def _state(cohort: Cohort, today: dt.date) -> str:
    if cohort.closed_at or cohort.close_until < today:
        return PAST
    return JOINABLE if cohort.launch_from > today else RUNNING


def of_state(cards: Iterable[CohortCard], state: str) -> list[CohortCard]:
    return [card for card in cards if card.state == state]


def changed() -> list[tuple[str, str, list[Change]]]:
    """By cohort, how many answered and what, before and after, as far as the team has put it on the page."""
    return [(str(cohort), reach_words(figures), changes(figures)) for cohort, figures in published_figures()]


def testimonials() -> QuerySet[Testimonial]:
    """Published quotes whose time has not run out."""
    return Testimonial.objects.on_show()[:6]
