"""Asking organisations to take part again: who can be, that it is looked at first, and that nobody is asked twice."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import Cohort
from organisations.models import Participation
from organisations.services import offer_renewal
from outbox import kinds
from outbox.models import Message
from privacy.models import AuditEvent
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    InterestFactory,
    ParticipationFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def before() -> Cohort:
    return CohortFactory(name="Cohort 14", launch=clock.today() - dt.timedelta(days=300))


@pytest.fixture
def after(before: Cohort) -> Cohort:
    return CohortFactory(name="Cohort 15", format=before.format, launch=clock.today() + dt.timedelta(days=200))


def took_part(cohort: Cohort, **fields: Any) -> Participation:
    part = ParticipationFactory(cohort=cohort, **fields)
    CoordinatorFactory(organisation=part.organisation)
    return part


def test_only_those_who_can_be_asked_are_offered(client: Client, before: Cohort, after: Cohort) -> None:
    part = took_part(before)
    took_part(CohortFactory(format=before.format, launch=before.launch_from - dt.timedelta(days=300)))
    took_part(before, withdrawn_at=clock.now())
    ParticipationFactory(cohort=after, organisation=took_part(before).organisation)
    InterestFactory(cohort=after, organisation=took_part(before).organisation)
    alone = ParticipationFactory(cohort=before)
    ParticipationFactory(cohort=CohortFactory(launch=before.launch_from, format__key="other", format__name="Other"))
    client.force_login(StaffFactory(role="manager"))
    page = client.get(reverse("admin:cohort_renewals", args=[after.pk])).context
    assert len(page["can"]) == 2
    assert part in page["can"]
    assert {why for _, why in page["others"]} == {
        "Has registered its interest", "Nobody coordinates it: name somebody first",
    }  # fmt: skip
    assert alone in [one for one, _ in page["others"]]


def test_it_is_looked_at_first_and_then_sent_once(client: Client, before: Cohort, after: Cohort) -> None:
    part = took_part(before)
    CoordinatorFactory(organisation=part.organisation)
    client.force_login(StaffFactory(role="lead"))
    url = reverse("admin:cohort_renewals", args=[after.pk])
    looked = client.post(url, {"organisations": [part.pk], "look": "1"})
    assert "2 people will be written to" in looked.content.decode()
    assert not Message.objects.exists()
    client.post(url, {"organisations": [part.pk], "send": "1"})
    client.post(url, {"organisations": [part.pk], "send": "1"})
    assert Message.objects.filter(kind="organisations.renewal_offered").count() == 2
    assert client.get(url).context["others"] == [(part, "Asked already")]
    assert AuditEvent.objects.filter(verb="participation.renewal_offered", object_id=part.pk).count() == 1


def test_the_mail_goes_no_more_once_they_have_registered(before: Cohort, after: Cohort) -> None:
    part = took_part(before)
    assert offer_renewal(cohort=after, participations=[part], by=StaffFactory(role="lead")) == 1
    message, kind = Message.objects.get(), kinds.get("organisations.renewal_offered")
    assert kind.context(message)["before"] == "Cohort 14"
    assert kind.still_due(message) == ""
    InterestFactory(cohort=after, organisation=part.organisation)
    assert "registered" in kind.still_due(message)


def test_a_cohort_that_has_begun_asks_nobody(before: Cohort) -> None:
    part = took_part(before)
    with pytest.raises(ValidationError):
        offer_renewal(cohort=before, participations=[part], by=StaffFactory(role="lead"))


def test_costs_the_same_with_one_and_three(client: Client, before: Cohort, after: Cohort, count_queries: Any) -> None:
    client.force_login(StaffFactory(role="lead"))
    url = reverse("admin:cohort_renewals", args=[after.pk])
    took_part(before)
    once = count_queries(lambda: client.get(url))
    took_part(before)
    took_part(before)
    assert count_queries(lambda: client.get(url)) == once
