"""What each class of readers was told about a cohort before."""

from cohorts.models import Cohort
from surveys.disclosure import Audience, Ledger
from surveys.models import LedgerEntry


def ledger_of(cohort: Cohort, audience: Audience) -> Ledger:
    """The ledger of one class of readers. Nobody is in two cohorts under one key, so each cohort has its own."""
    rows = LedgerEntry.objects.filter(cohort=cohort, audience=audience.name).order_by("created_at", "pk")
    return Ledger((measure, frozenset(people)) for measure, people in rows.values_list("measure", "people"))
