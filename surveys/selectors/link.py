"""How long answers stay linked to whoever gave them: half a year from the close of their cohort, and then no more."""

import datetime as dt

from django.db.models import QuerySet

from accounts import clock
from cohorts.models import Cohort

LINKED_FOR = dt.timedelta(days=183)


def linked_until(cohort: Cohort) -> dt.date | None:
    """The day on which the link goes; None while the cohort runs."""
    return clock.local(cohort.closed_at + LINKED_FOR).date() if cohort.closed_at else None


def is_unlinked(cohort: Cohort) -> bool:
    """Whether that day has come. From then on nobody finds their own answers, and no figure is worked out afresh."""
    return cohort.closed_at is not None and cohort.closed_at + LINKED_FOR <= clock.now()


def past_their_link() -> QuerySet[Cohort]:
    return Cohort.objects.filter(closed_at__lte=clock.now() - LINKED_FOR)
