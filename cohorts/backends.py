"""Turns a person's staff assignments into Django permissions, so that the admin asks one question in one way."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from cohorts.permissions import assignments_of, may


class StaffRoleBackend(BaseBackend):
    """Answers `has_perm` and `has_module_perms` from `StaffAssignment` rows. It signs nobody in."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return _is_staff(user_obj) and may(user_obj, perm, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return _is_staff(user_obj) and bool(assignments_of(user_obj))


def _is_staff(user: Any) -> bool:
    return user.is_active and user.is_staff
