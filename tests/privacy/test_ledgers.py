"""The two ledgers: written once, never changed, and read by those who may."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from privacy.models import AuditEvent, ConsentEvent, ConsentWording
from privacy.selectors import agreed, consents
from privacy.services import record, record_each, set_consent, set_consents
from tests.factories import OrganisationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def rows() -> list[AuditEvent | ConsentEvent]:
    person = UserFactory()
    event = set_consent(user=person, purpose="evaluation", given=True, how="Enrolment")
    assert event is not None
    return [event, record(by=person, verb="organisation.merged", about=OrganisationFactory())]


@pytest.mark.parametrize("which", [0, 1])
def test_postgresql_refuses_to_change_or_remove_a_line(which: int) -> None:
    row = rows()[which]
    manager = type(row).objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        manager.update(created_at=row.created_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        manager.delete()
    assert manager.exists()


def test_consent_is_the_latest_word() -> None:
    person = UserFactory()
    for given in (True, True, False):
        set_consent(user=person, purpose="testimonial", given=given, how="Account")
    assert ConsentEvent.objects.filter(user=person).count() == 2
    assert consents(person)["testimonial"] is False
    assert agreed([person.pk], "testimonial") == set()


def test_consent_to_older_words_is_asked_afresh() -> None:
    person = UserFactory()
    set_consent(user=person, purpose="testimonial", given=True, how="Account")
    ConsentWording.objects.create(purpose="testimonial", version=2, text="Other words")
    assert set_consent(user=person, purpose="testimonial", given=True, how="Account") is not None


@pytest.mark.parametrize("model", ["auditevent", "consentevent"])
def test_the_team_reads_a_ledger_and_nobody_writes_it(client: Client, model: str) -> None:
    row = next(row for row in rows() if row._meta.model_name == model)
    client.force_login(StaffFactory(role="lead"))
    listing = reverse(f"admin:privacy_{model}_changelist")
    assert client.get(listing).context["cl"].result_count >= 1
    page = reverse(f"admin:privacy_{model}_change", args=[row.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"verb": "other"}).status_code == 403
    assert client.get(reverse(f"admin:privacy_{model}_add")).status_code == 403
    assert client.get(reverse(f"admin:privacy_{model}_delete", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("model", ["auditevent", "consentevent"])
def test_an_adviser_does_not_read_them(client: Client, model: str) -> None:
    client.force_login(StaffFactory(role="inclusion_adviser"))
    assert client.get(reverse(f"admin:privacy_{model}_changelist")).status_code == 403


def test_a_wording_gets_a_new_version_and_is_never_changed(client: Client) -> None:
    wording = ConsentWording.objects.create(purpose="demand", version=1, text="First words")
    client.force_login(StaffFactory(role="lead"))
    page = reverse("admin:privacy_consentwording_change", args=[wording.pk])
    assert client.post(page, {"purpose": "demand", "version": 1, "text": "Changed"}).status_code == 403
    add = reverse("admin:privacy_consentwording_add")
    assert client.post(add, {"purpose": "demand", "version": 2, "text": "Second words"}).status_code == 302
    assert ConsentWording.objects.filter(purpose="demand").count() == 2


def test_lists_cost_the_same_with_one_and_three_rows(client: Client, count_queries) -> None:  # type: ignore[no-untyped-def]  # a fixture
    client.force_login(StaffFactory(role="lead"))
    for model in ("auditevent", "consentevent"):
        url = reverse(f"admin:privacy_{model}_changelist")
        rows()
        once = count_queries(lambda url=url: client.get(url))
        rows()
        rows()
        assert count_queries(lambda url=url: client.get(url)) == once


def test_choices_made_together_are_kept_each_on_its_own_at_one_cost(count_queries) -> None:  # type: ignore[no-untyped-def]
    person = UserFactory()
    choices = {"evaluation": True, "testimonial": False, "share_with_circle": True}
    assert {e.wording.purpose: e.given for e in set_consents(user=person, choices=choices, how="Enrolment")} == choices
    one = count_queries(lambda: set_consents(user=person, choices={"evaluation": False}, how="Account"))
    turned = {purpose: not given for purpose, given in (choices | {"evaluation": False}).items()}
    assert count_queries(lambda: set_consents(user=person, choices=turned, how="Account")) == one
    assert consents(person).items() >= turned.items()
    assert set_consents(user=person, choices=turned, how="Account") == []


def test_many_lines_of_the_audit_trail_are_one_write(count_queries) -> None:  # type: ignore[no-untyped-def]
    person, about = UserFactory(), [(OrganisationFactory(), {"number": number}) for number in range(3)]
    record(by=person, verb="organisation.merged", about=about[0][0])
    assert count_queries(lambda: record_each(by=person, verb="organisation.counted", about=about)) == 1
    lines = AuditEvent.objects.filter(actor=person, verb="organisation.counted")
    assert {line.object_id: line.data for line in lines} == {row.pk: data for row, data in about}
