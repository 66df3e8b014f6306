"""What each staff role may do, in one table.

A role holds in one cohort or in every cohort. Which rows somebody sees is decided in querysets (`for_staff`); what
they may do with them is decided here, and for one row by the roles that they hold in its cohort.
"""

from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from django.db import models

from cohorts.models import Cohort, StaffAssignment, StaffRole

# Patterns of Django permissions (`app.action_model`) and of our own verbs (`app.verb`).
_ADVISER = [
    "organisations.view_*", "organisations.change_interest", "organisations.change_organisation",
    "organisations.add_interest", "cohorts.view_cohort", "cohorts.view_format", "cohorts.view_cover",
    "staff.dashboard", "staff.put_off", "staff.keep_contacts", "staff.change_task",
]  # fmt: skip
ROLE_PERMISSIONS: dict[str, list[str]] = {
    StaffRole.LEAD: ["*"],
    StaffRole.MANAGER: ["*"],
    StaffRole.INCLUSION_ADVISER: _ADVISER,
    StaffRole.RELATIONSHIP_MANAGER: _ADVISER,
    StaffRole.ANALYST: ["cohorts.view_cohort", "cohorts.view_format", "surveys.view_impact", "staff.dashboard"],
    StaffRole.READ_ONLY: ["*.view_*", "staff.dashboard"],
}
# Nobody changes these by hand, whatever their role: they are ledgers, or written by the system alone.
LEDGERS = [
    "consentevent", "auditevent", "message", "suppression", "mailevent", "certificate", "enrolmentchange", "snapshot",
    "ledgerentry", "erasure",
]  # fmt: skip
# Who works here, with what rights, and what a format means: seen by others, changed by a programme lead alone.
LEAD_ONLY = [
    "cohorts.*_staffassignment", "cohorts.*_format", "staff.manage_staff", "accounts.delete_user",
]  # fmt: skip
# What reaches into every cohort at once, so that a role in one of them is not enough: everybody's addresses and
# messages, the ledgers, what all cohorts are built on, and acts on an organisation that other cohorts feel.
WHOLE_PROGRAMME = [
    "accounts.*_user", "outbox.*_message", "outbox.*_wording", "outbox.*_suppression", "outbox.*_mailevent",
    "privacy.*_auditevent", "privacy.*_consentevent", "privacy.add_consentwording",
    "privacy.erase_person", "privacy.answer_complaint",
    "cohorts.add_format", "cohorts.change_format", "cohorts.delete_format", "cohorts.*_cover",
    "organisations.delete_organisation", "organisations.merge_organisations", "staff.manage_staff",
    "staff.retry_message", "staff.change_handbooktext", "surveys.add_intrudertest",
]  # fmt: skip

Assignment = tuple[str, Any]


def assignments_of(user: Any) -> set[Assignment]:
    """The staff roles of a person, each with its cohort (None: every cohort); read once per request."""
    if not hasattr(user, "_staff_assignments"):
        rows = StaffAssignment.objects.filter(user=user).values_list("role", "cohort_id")
        user._staff_assignments = set(rows)
    return user._staff_assignments


def roles_of(user: Any, cohort_id: Any = None) -> set[str]:
    """The roles of a person in one cohort; in any, when none is given."""
    return {role for role, where in assignments_of(user) if cohort_id is None or where in (None, cohort_id)}


def roles_everywhere(user: Any) -> set[str]:
    """The roles that a person holds in every cohort."""
    return {role for role, where in assignments_of(user) if where is None}


def cohort_id_of(obj: models.Model | None) -> Any:
    """The key of the cohort that a row belongs to; None when it belongs to none."""
    return obj.pk if isinstance(obj, Cohort) else getattr(obj, "cohort_id", None)


def may(user: Any, permission: str, about: models.Model | None = None) -> bool:
    """Whether one of the person's roles grants the permission; for one row, a role held in its cohort."""
    if _is_ledger_write(permission):
        return False
    everywhere = _is_everywhere(permission)
    roles = roles_everywhere(user) if everywhere else roles_of(user, cohort_id_of(about))
    if _is_of_leads(permission):
        return StaffRole.LEAD in roles
    return any(_is_granted(role, permission) for role in roles)


def cohorts_where(user: Any, permission: str) -> models.QuerySet[Cohort]:
    """The cohorts in which one of the person's roles grants the permission."""
    mine = Cohort.objects.for_staff(user)
    granted = {where for role, where in assignments_of(user) if _is_granted(role, permission)}
    return mine if user.is_superuser or None in granted else mine.filter(pk__in=granted)


def works_everywhere(user: Any) -> bool:
    """Whether the person works on every cohort, and so on one that does not exist yet."""
    return user.is_superuser or any(cohort_id is None for _, cohort_id in assignments_of(user))


def grants(patterns: list[str], permission: str) -> bool:
    """Whether what a role may do, as patterns, holds a permission."""
    return _is_one_of(permission, patterns)


# The tables are fixed, and a page asks of every list and every row of it: each question is worked out once.
@cache
def _is_granted(role: str, permission: str) -> bool:
    return _is_one_of(permission, ROLE_PERMISSIONS[role])


@cache
def _is_everywhere(permission: str) -> bool:
    return _is_one_of(permission, WHOLE_PROGRAMME)


@cache
def _is_of_leads(permission: str) -> bool:
    return _is_write(permission) and _is_one_of(permission, LEAD_ONLY)


def _is_one_of(permission: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(permission, pattern) for pattern in patterns)


def _is_write(permission: str) -> bool:
    return not permission.rpartition(".")[2].startswith("view_")


@cache
def _is_ledger_write(permission: str) -> bool:
    action, _, model = permission.rpartition(".")[2].partition("_")
    return model in LEDGERS and action in {"add", "change", "delete"}
