"""Questions about a cohort."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from accounts.prepared import prepared
from accounts.workdays import bank_holiday
from cohorts.calendar import Closed
from cohorts.models import Cohort, StaffAssignment


def closed_days(cohort: Cohort) -> Closed:
    """Says why a cohort has no session on a day: a bank holiday, or what staff blocked it for. Read once."""
    blocked = [(dates.first_day, dates.last_day, dates.label) for dates in cohort.blocked_dates.all()]

    def why(day: dt.date) -> str:
        labels = (label for first, last, label in blocked if first <= day <= last)
        return bank_holiday(day, cohort.bank_holidays) or next(labels, "")

    return why


@prepared
def assignments_of(user: UUID) -> QuerySet[StaffAssignment]:
    """What somebody is in the programme team, and in which cohorts."""
    return StaffAssignment.objects.filter(user=user).select_related("cohort")


@prepared
def open_for_interest() -> QuerySet[Cohort]:
    """Cohorts that an organisation may still register for, with all that a choice of them says."""
    named = Cohort.objects.accepting_interest().select_related("format").order_by("launch_from")
    return named.only("name", "launch_from", "applications_until", "format__name")
