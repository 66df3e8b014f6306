"""What each class of readers was told about a cohort before."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from accounts import clock
from cohorts.models import Cohort
from surveys.disclosure import Audience, Ledger
from surveys.models import LedgerEntry

# As the inventory of personal data promises of everything that a cohort leaves behind.
KEPT_FOR = dt.timedelta(days=730)


def closed_long_ago() -> QuerySet[Cohort]:
    """Cohorts about which the ledger is forgotten."""
    return Cohort.objects.filter(closed_at__lt=clock.now() - KEPT_FOR)


def ledger_of(cohort: Cohort, audience: Audience) -> Ledger:
    """The ledger of one class of readers. Nobody is in two cohorts under one key, so each cohort has its own."""
    return ledger_over([cohort], audience)


def ledger_over(cohorts: Sequence[Cohort], audience: Audience) -> Ledger:
    """What one class of readers was told of any of several cohorts, for what is told of them together."""
    rows = LedgerEntry.objects.filter(cohort__in=cohorts, audience=audience.name).order_by("created_at", "pk")
    return Ledger((measure, frozenset(people)) for measure, people in rows.values_list("measure", "people"))
