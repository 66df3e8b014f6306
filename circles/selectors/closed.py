"""Sessions that fall on a day on which none should be: blocked after they were planned, or a bank holiday."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from accounts import clock
from circles.models import Session
from cohorts.models import Cohort
from cohorts.selectors import closed_days


@dataclass(frozen=True)
class OnClosedDay:
    """One session to come, and why its day is closed."""

    session: Session
    why: str


def on_closed_days(cohorts: Sequence[Cohort]) -> list[OnClosedDay]:
    """The sessions to come of these cohorts that fall on a closed day, the earliest first.

    Not those that somebody has said are to be there all the same. Three queries at most, however many cohorts there
    are; of the sessions on open days, which are nearly all, only the days are read.
    """
    prefetch_related_objects(list(cohorts), "blocked_dates")
    closed = {cohort.pk: closed_days(cohort) for cohort in cohorts}
    rows = Session.objects.upcoming().filter(
        circle__cohort__in=cohorts, circle__closed_at__isnull=True, on_closed_day=False
    )
    days = rows.values_list("pk", "circle__cohort", "starts_at")
    why = {pk: closed[cohort](clock.local(starts_at).date()) for pk, cohort, starts_at in days}
    hit = rows.filter(pk__in=[pk for pk, words in why.items() if words])
    sessions = hit.select_related("circle__cohort__format").order_by("starts_at", "circle__number")
    return [OnClosedDay(one, why[one.pk]) for one in sessions]
