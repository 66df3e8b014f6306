"""What the programme team sees of people, and what it can't."""

import pytest
from django.contrib import admin
from django.urls import reverse

from participants.models import EligibilityDeclaration, Enrolment, Nomination
from privacy import registry
from privacy.models import AuditEvent
from tests.factories import EnrolmentFactory, NominationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(client, model, obj=None):
    name = f"admin:participants_{model}"
    return client.get(reverse(f"{name}_change", args=[obj.pk]) if obj else reverse(f"{name}_changelist"))


def test_declarations_of_eligibility_are_not_in_the_admin():
    assert EligibilityDeclaration not in admin.site._registry
    for model in (Nomination, Enrolment):
        assert admin.site._registry[model].fields or admin.site._registry[model].fieldsets


def test_staff_see_the_cohorts_they_work_on_and_no_others(client):
    mine, other = EnrolmentFactory(), EnrolmentFactory()
    staff = UserFactory(is_staff=True)
    staff.staff_assignments.create(role="manager", cohort=mine.cohort)
    client.force_login(staff)

    shown = page(client, "enrolment").content.decode()

    assert mine.user.last_name in shown
    assert other.user.last_name not in shown
    assert page(client, "enrolment", other).status_code == 302


@pytest.mark.parametrize("model", ["nomination", "enrolment"])
def test_lists_take_the_same_queries_with_one_row_and_three(client, count_queries, model):
    client.force_login(StaffFactory())
    make = {"nomination": NominationFactory, "enrolment": EnrolmentFactory}[model]
    make()
    page(client, model)
    one = count_queries(lambda: page(client, model))
    make.create_batch(2)
    assert count_queries(lambda: page(client, model)) <= one + 2  # filters name the new cohorts


def test_a_look_at_access_needs_is_written_down(client):
    client.force_login(StaffFactory())
    needs, none = EnrolmentFactory(access_needs="Captions"), EnrolmentFactory()

    assert "Captions" not in page(client, "enrolment").content.decode()
    assert "Captions" in page(client, "enrolment", needs).content.decode()
    page(client, "enrolment", none)

    [line] = AuditEvent.objects.filter(verb="enrolment.access_needs_seen")
    assert line.about == needs
    # Whoever it is about sees who looked, and nobody else does (G-12).
    title = "Who of the team read your access needs"
    assert registry.export(needs.user)[title] == [{"Read on": line.at, "By": str(line.actor)}]
    assert title not in registry.export(none.user)


def test_who_only_reads_does_not_see_access_needs(client):
    client.force_login(StaffFactory(role="read_only"))
    enrolment = EnrolmentFactory(access_needs="Captions")

    assert "Captions" not in page(client, "enrolment", enrolment).content.decode()


def test_people_are_found_by_name_address_and_organisation(client):
    client.force_login(StaffFactory())
    enrolment = EnrolmentFactory(user__last_name="Findable", organisation__name="Seekers")
    EnrolmentFactory()
    for words in ["Findable", enrolment.user.email, "Seekers"]:
        url = reverse("admin:participants_enrolment_changelist")
        assert client.get(url, {"q": words}).context["cl"].result_count == 1
