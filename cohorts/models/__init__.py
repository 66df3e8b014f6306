"""Formats, cohorts and what a cohort owns: key dates, slots, ceremonies, reminder rules, staff and their cover."""

from cohorts.models.calendar import BlockedDates, Event, SessionPlan, Slot, Weekday
from cohorts.models.cohort import (
    KEY_DATES,
    PHASE_LABELS,
    Cohort,
    CohortQuerySet,
    KeyDate,
    Nation,
    StaffAssignment,
    StaffRole,
)
from cohorts.models.cover import Cover
from cohorts.models.format import Format, Joining, OwnOrganisation, Role, Side, Topic
from cohorts.models.onboarding import OnboardingItem
from cohorts.models.reminder import ReminderRule

__all__ = [
    "KEY_DATES",
    "PHASE_LABELS",
    "BlockedDates",
    "Cohort",
    "CohortQuerySet",
    "Cover",
    "Event",
    "Format",
    "Joining",
    "KeyDate",
    "Nation",
    "OnboardingItem",
    "OwnOrganisation",
    "ReminderRule",
    "Role",
    "SessionPlan",
    "Side",
    "Slot",
    "StaffAssignment",
    "StaffRole",
    "Topic",
    "Weekday",
]
