"""What each staff role may do, cohort by cohort."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from cohorts.models import StaffAssignment
from tests.factories import CircleFactory, CohortFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

# Permission: the roles that have it.
EVERYBODY = {"lead", "manager", "inclusion_adviser", "relationship_manager", "analyst", "read_only"}
TEAM = {"lead", "manager"}
ADVISERS = {"inclusion_adviser", "relationship_manager"}
MATRIX = {
    "staff.dashboard": EVERYBODY,
    "staff.manage_staff": {"lead"},
    "accounts.view_user": TEAM | {"read_only"},
    "accounts.change_user": TEAM,
    "cohorts.view_cohort": EVERYBODY,
    "cohorts.view_format": EVERYBODY,
    "cohorts.change_cohort": TEAM,
    "cohorts.add_cohort": TEAM,
    "cohorts.change_format": {"lead"},
    "cohorts.add_staffassignment": {"lead"},
    "cohorts.view_staffassignment": TEAM | {"read_only"},
    "organisations.view_interest": TEAM | ADVISERS | {"read_only"},
    "organisations.change_interest": TEAM | ADVISERS,
    "organisations.confirm_participation": TEAM,
    "participants.view_enrolment": TEAM | {"read_only"},
    "participants.change_enrolment": TEAM,
    "circles.form_circles": TEAM,
    "circles.publish": TEAM,
    "surveys.view_impact": TEAM | {"analyst", "read_only"},
    "surveys.close_cohort": TEAM,
    "surveys.view_testimonial": TEAM | {"read_only"},
    "outbox.view_message": TEAM | {"read_only"},
    "outbox.change_message": set(),
    "privacy.view_auditevent": TEAM | {"read_only"},
    "privacy.delete_auditevent": set(),
    "privacy.change_consentevent": set(),
    "circles.add_certificate": set(),
}


@pytest.mark.parametrize("permission", MATRIX)
def test_a_role_may_do_exactly_what_the_table_says(permission: str) -> None:
    granted = {role for role in EVERYBODY if StaffFactory(role=role).has_perm(permission)}
    assert granted == MATRIX[permission]


def test_a_person_without_a_staff_role_may_do_nothing() -> None:
    assert not any(UserFactory(is_staff=True).has_perm(permission) for permission in MATRIX)


def test_django_s_own_rights_open_nothing_and_are_not_asked_for(django_assert_num_queries: Any) -> None:
    person = UserFactory(is_staff=True)
    person.user_permissions.add(*Permission.objects.filter(codename__in=["change_enrolment", "view_user"]))
    group = Group.objects.create(name="All")
    group.permissions.set(Permission.objects.all())
    person.groups.add(group)
    with django_assert_num_queries(1):  # their staff roles
        assert not any(person.has_perm(permission) for permission in MATRIX)
    assert person.get_all_permissions() == set()


def test_a_role_is_worth_nothing_without_being_staff() -> None:
    person = UserFactory()
    StaffAssignment.objects.create(user=person, role="lead")
    assert not any(person.has_perm(permission) for permission in MATRIX)


def test_a_deactivated_lead_may_do_nothing() -> None:
    person = StaffFactory(role="lead", is_active=False)
    assert not any(person.has_perm(permission) for permission in MATRIX)


def test_a_role_holds_in_its_own_cohort_only() -> None:
    mine, other = CohortFactory(), CohortFactory()
    person = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=person, role="manager", cohort=mine)
    StaffAssignment.objects.create(user=person, role="read_only", cohort=other)
    assert person.has_perm("cohorts.change_cohort", mine)
    assert not person.has_perm("cohorts.change_cohort", other)
    assert person.has_perm("cohorts.view_cohort", other)
    assert person.has_perm("circles.change_circle", CircleFactory(cohort=mine))
    assert not person.has_perm("circles.change_circle", CircleFactory(cohort=other))


def test_roles_are_read_once(count_queries) -> None:  # type: ignore[no-untyped-def]  # a fixture
    person = StaffFactory(role="manager")
    assert count_queries(lambda: [person.has_perm("cohorts.change_cohort") for _ in range(5)]) == 1
