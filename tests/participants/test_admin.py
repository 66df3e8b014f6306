"""What the programme team sees of people, and what it can't."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts import clock
from outbox.models import Message
from participants import emails
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


def test_a_mistyped_address_is_put_right_where_they_have_not_answered(client):
    client.force_login(StaffFactory())
    nomination = NominationFactory(email="wrong@employer.example")
    taken = NominationFactory(participation=nomination.participation, email="taken@employer.example")
    url = reverse("admin:participants_nomination_change", args=[nomination.pk])
    names = {"first_name": nomination.first_name, "last_name": "Corrected"}

    emails.invite(nomination)
    Message.objects.update(state="failed", reason="No such mailbox")
    bounced = Message.objects.get().get_absolute_url()
    assert "Put their address right" in client.get(bounced).content.decode()

    refused = client.post(url, {**names, "email": "Taken@employer.example"})
    assert "has been put forward for this cohort" in refused.content.decode()
    client.post(url, {**names, "email": " Right@employer.example "})

    old = nomination.link_version
    nomination.refresh_from_db()
    assert (nomination.email, nomination.last_name) == ("right@employer.example", "Corrected")
    assert nomination.link_version == old + 1
    first, second = Message.objects.filter(kind="participants.nominated").order_by("created_at")
    assert (first.state, second.address) == ("skipped", "right@employer.example")
    assert AuditEvent.objects.filter(verb="nomination.address_corrected").exists()
    # Who has answered is a person with an account, and changes their address there.
    Nomination.objects.filter(pk=taken.pk).update(state="declined", place=None, answered_at=clock.now())
    shown = page(client, "nomination", taken)
    assert 'name="email"' not in shown.content.decode()
    assert shown.context["acts"] == []


def test_a_nomination_says_when_they_were_asked_and_offers_what_can_be_done(client):
    client.force_login(StaffFactory())
    nomination = NominationFactory()
    emails.invite(nomination)
    shown = page(client, "nomination", nomination)
    assert [name for name, _ in shown.context["acts"]] == ["remind", "withdraw"]
    assert "Was written to on" in shown.content.decode() or "Our mail leaves on" in shown.content.decode()
    assert "Asked" in page(client, "nomination").content.decode()


def test_when_the_form_was_finished_is_said_in_uk_time_and_nothing_is_saved(client):
    client.force_login(StaffFactory())
    at = dt.datetime(2026, 5, 21, 9, 0, 5, tzinfo=dt.UTC)
    shown = page(client, "enrolment", EnrolmentFactory(completed_at=at)).content.decode()
    assert "Thursday 21 May 2026, 10am" in shown
    assert 'name="_save"' not in shown
