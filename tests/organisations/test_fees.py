"""How far the fee of an organisation's part in a cohort is: marked by hand, listed, and never a bill."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import clock
from organisations.models import Fee, Participation
from organisations.selectors import fee_history
from organisations.services import mark_fee
from privacy.models import AuditEvent
from tests.factories import ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_a_mark_has_its_day_and_every_change_is_kept() -> None:
    part, lead, today = ParticipationFactory(), StaffFactory(), clock.today()
    for day in (None, today + dt.timedelta(days=1)):
        with pytest.raises(ValidationError):
            mark_fee(participation=part, fee=Fee.PAID, on=day, by=lead)
    for fee in (Fee.AGREED, Fee.AGREED, Fee.INVOICED, Fee.OPEN):
        mark_fee(participation=part, fee=fee, on=today, note="PO 7", by=lead)
    part.refresh_from_db()
    assert (part.fee, part.fee_on, part.fee_words) == (Fee.OPEN, None, "Not agreed yet")
    assert [(fee, who) for _, fee, who in fee_history(part)] == [
        ("Not agreed yet", str(lead)), ("Invoiced", str(lead)), ("Agreed", str(lead)),
    ]  # fmt: skip
    assert "PO 7" not in str(list(AuditEvent.objects.values_list("data", flat=True)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.update(fee=Fee.PAID)


def test_marked_on_a_page_filtered_in_the_list_and_shown_by_organisation(client: Client) -> None:
    part, other = ParticipationFactory(), ParticipationFactory()
    client.force_login(StaffFactory(role="manager"))
    url, today = reverse("admin:participation_fee", args=[part.pk]), clock.today().isoformat()
    page = client.post(url, {"fee": "invoiced", "on": "", "note": "PO 7"})
    assert page.context["form"].errors["on"]
    assert "PO 7" in page.content.decode()
    assert client.post(url, {"fee": "invoiced", "on": today, "note": "PO 7"}).status_code == 302
    listing = reverse("admin:organisations_participation_changelist")
    for fee, expected in (("invoiced", [part]), ("open", [other]), ("paid", [])):
        assert list(client.get(listing, {"fee__exact": fee}).context["cl"].result_list) == expected
    lines = client.get(reverse("admin:cohort_organisations", args=[part.cohort_id])).context
    assert ([line.fee for line in lines["lines"]], lines["fees_settled"]) == (["Invoiced"], "0 of 1 settled")
    assert "Invoiced" in client.get(part.organisation.get_absolute_url()).content.decode()
