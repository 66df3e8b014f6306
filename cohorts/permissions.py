"""What each staff role may do, in one table.

A role holds per cohort; which rows somebody sees is decided in querysets (`for_staff`), what they may do with
them is decided here.
"""

from fnmatch import fnmatchcase

from cohorts.models import StaffAssignment, StaffRole

# Patterns of Django permissions (`app.action_model`) and of our own verbs (`app.verb`).
_TEAM = ["*.view_*", "*.add_*", "*.change_*", "*.delete_*", "staff.*", "circles.*", "surveys.*"]
_ADVISER = [
    "organisations.view_*", "organisations.change_interest", "organisations.change_organisation",
    "organisations.add_interest", "cohorts.view_*", "content.view_*", "staff.dashboard",
]  # fmt: skip
ROLE_PERMISSIONS: dict[str, list[str]] = {
    StaffRole.LEAD: _TEAM,
    StaffRole.MANAGER: _TEAM,
    StaffRole.INCLUSION_ADVISER: _ADVISER,
    StaffRole.RELATIONSHIP_MANAGER: _ADVISER,
    StaffRole.ANALYST: ["cohorts.view_cohort", "cohorts.view_format", "surveys.view_impact", "staff.dashboard"],
    StaffRole.READ_ONLY: ["*.view_*", "staff.dashboard"],
}
# Nobody changes these by hand, whatever their role: they are ledgers, or written by the system alone.
LEDGERS = ["consentevent", "auditevent", "message", "certificate", "enrolmentchange", "snapshot"]
LEAD_ONLY = ["cohorts.*_staffassignment", "accounts.*_user", "cohorts.*_format"]


def roles_of(user) -> set[str]:  # type: ignore[no-untyped-def]  # the user model is settings' choice
    """The staff roles of a person in any cohort; read once per request."""
    if not hasattr(user, "_staff_roles"):
        user._staff_roles = set(StaffAssignment.objects.filter(user=user).values_list("role", flat=True))
    return user._staff_roles


def _is_ledger_write(permission: str) -> bool:
    action, _, model = permission.rpartition(".")[2].partition("_")
    return model in LEDGERS and action != "view"


def may(user, permission: str) -> bool:  # type: ignore[no-untyped-def]  # the user model is settings' choice
    """Whether one of the person's roles grants the permission."""
    if _is_ledger_write(permission):
        return False
    roles = roles_of(user)
    if StaffRole.LEAD not in roles and any(fnmatchcase(permission, pattern) for pattern in LEAD_ONLY):
        return permission.rpartition(".")[2].startswith("view_") and StaffRole.MANAGER in roles
    return any(fnmatchcase(permission, pattern) for role in roles for pattern in ROLE_PERMISSIONS[role])
