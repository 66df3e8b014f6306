"""People in the admin: found, shown with what they are, and changed only by those who may."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.models import StaffAssignment
from privacy.models import AuditEvent
from tests.factories import CohortFactory, CoordinatorFactory, EnrolmentFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"


def page_of(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def posted(person: User, **changes: Any) -> dict[str, Any]:
    data = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email, "is_active": "on"}
    if person.is_staff:
        data["is_staff"] = "on"
    count = person.staff_assignments.count()
    data |= {"staff_assignments-TOTAL_FORMS": count, "staff_assignments-INITIAL_FORMS": count}
    for number, row in enumerate(person.staff_assignments.all()):
        prefix = f"staff_assignments-{number}"
        data |= {
            f"{prefix}-id": row.pk,
            f"{prefix}-user": person.pk,
            f"{prefix}-role": row.role,
            f"{prefix}-cohort": "",
        }
    return data | changes


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(role="lead", last_name="Lead"))
    return client


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(StaffFactory(role="manager"))
    return client


@pytest.mark.parametrize("words", ["zoe", "hidden", "Z.HIDDEN@EMPLOYER"])
def test_found_by_name_and_address_however_it_is_typed(lead: Client, words: str) -> None:
    UserFactory(first_name="Zoë", last_name="Hidden", email="z.hidden@employer.example")
    UserFactory()
    assert lead.get(LIST, {"q": words}).context["cl"].result_count == 1


def test_the_list_says_what_each_person_is(lead: Client) -> None:
    person = CoordinatorFactory(organisation__name="Ashdown").user
    EnrolmentFactory(user=person, role="mentor", cohort__name="Cohort 15")
    page = lead.get(LIST).content.decode()
    assert "Coordinator (Ashdown), Mentor (Cohort 15)" in page
    assert "Programme lead (every cohort)" in page


def test_the_list_costs_the_same_with_one_and_three(lead: Client, count_queries: Any) -> None:
    def one() -> None:
        EnrolmentFactory(user=CoordinatorFactory().user)

    one()
    once = count_queries(lambda: lead.get(LIST))
    one()
    one()
    assert count_queries(lambda: lead.get(LIST)) == once


def test_a_manager_mends_a_name_and_finds_the_page_for_the_address(manager: Client) -> None:
    person = UserFactory()
    changed = {"first_name": "Adaeze", "email": "New.Address@Employer.example"}
    assert manager.post(page_of(person), posted(person, **changed)).status_code == 302
    before = person.email
    person.refresh_from_db()
    assert (person.first_name, person.email) == ("Adaeze", before)
    event = AuditEvent.objects.get(object_id=person.pk, verb="user.changed")
    assert "Adaeze" not in str(event.data)
    assert reverse("admin:person_address", args=[person.pk]) in manager.get(page_of(person)).content.decode()


def test_a_manager_makes_nobody_staff(manager: Client) -> None:
    person = UserFactory()
    row = {
        "staff_assignments-TOTAL_FORMS": 1,
        "staff_assignments-0-role": "lead",
        "staff_assignments-0-user": person.pk,
    }
    manager.post(page_of(person), posted(person, is_staff="on", is_superuser="on", **row))
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert not StaffAssignment.objects.filter(user=person).exists()


def test_a_manager_changes_no_colleague(manager: Client) -> None:
    colleague = StaffFactory(role="lead")
    assert manager.post(page_of(colleague), posted(colleague, email="mine@employer.example")).status_code == 403
    assert manager.get(page_of(colleague)).status_code == 200


def test_a_lead_gives_a_role_in_one_cohort(lead: Client) -> None:
    person, cohort = UserFactory(), CohortFactory()
    row = {"role": "analyst", "cohort": cohort.pk, "user": person.pk}
    data = {f"staff_assignments-0-{name}": value for name, value in row.items()}
    data["staff_assignments-TOTAL_FORMS"] = 1
    assert lead.post(page_of(person), posted(person, is_staff="on", **data)).status_code == 302
    person.refresh_from_db()
    assert person.is_staff
    assert person.has_perm("surveys.view_impact", cohort)
    assert not person.has_perm("surveys.view_impact", CohortFactory())


def test_a_lead_deactivates_somebody(lead: Client) -> None:
    person = UserFactory()
    data = posted(person)
    del data["is_active"]
    lead.post(page_of(person), data)
    person.refresh_from_db()
    assert not person.is_active


def test_nobody_makes_a_superuser_or_sets_a_password_here(lead: Client) -> None:
    person = UserFactory()
    lead.post(page_of(person), posted(person, is_superuser="on", password="x"))
    fresh = User.objects.get(pk=person.pk)
    assert not fresh.is_superuser
    assert fresh.password == person.password


def test_a_new_person_signs_in_with_a_code(lead: Client) -> None:
    data = {"first_name": "New", "last_name": "Person", "email": "new@employer.example", "is_active": "on"}
    data |= {"staff_assignments-TOTAL_FORMS": 0, "staff_assignments-INITIAL_FORMS": 0}
    assert lead.post(f"{LIST}add/", data).status_code == 302
    assert not User.objects.get(email="new@employer.example").has_usable_password()


def test_an_address_that_is_taken_is_said_in_words(lead: Client) -> None:
    data = {"first_name": "New", "last_name": "Person", "email": UserFactory().email.upper(), "is_active": "on"}
    data |= {"staff_assignments-TOTAL_FORMS": 0, "staff_assignments-INITIAL_FORMS": 0}
    response = lead.post(f"{LIST}add/", data)
    assert response.status_code == 200
    assert "Somebody else has this e-mail address already." in response.content.decode()
    assert "user_email_once" not in response.content.decode()


def test_nobody_is_deleted_here(lead: Client) -> None:
    assert lead.get(reverse("admin:accounts_user_delete", args=[UserFactory().pk])).status_code == 403


@pytest.mark.parametrize("role", ["inclusion_adviser", "analyst"])
def test_some_roles_see_nobody(client: Client, role: str) -> None:
    client.force_login(StaffFactory(role=role))
    assert client.get(LIST).status_code == 403
