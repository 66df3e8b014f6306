"""The team ends a coordinator's part: first what follows, then the act."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from organisations import services
from outbox.models import Message
from privacy.models import AuditEvent
from tests.factories import CoordinatorFactory, NominationFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_the_page_says_what_follows_and_ends_it(client):
    part = ParticipationFactory(organisation__domain="employer.example")
    organisation = part.organisation
    one = CoordinatorFactory(organisation=organisation)
    NominationFactory(participation=part)
    asked = services.ask_coordinator(
        organisation=organisation, first_name="Cleo", last_name="C", email="cleo@employer.example", hand_over=True,
        by=one.user,
    )  # fmt: skip
    mails = Message.objects.count()
    staff = StaffFactory(role="manager")
    client.force_login(staff)
    url, organisation_page = reverse("admin:end_coordinator", args=[one.pk]), organisation.get_absolute_url()
    shown = client.get(organisation_page).content.decode()
    assert url in shown
    assert "ended_at_0" not in shown

    page = client.get(url).content.decode()
    for words in ("Nobody else acts for it", "Today says so", "1 person put forward", "Cleo C is asked to take their"):
        assert words in page
    other = CoordinatorFactory(organisation=organisation)
    page = client.get(url).content.decode()
    assert "Nobody else acts" not in page
    assert str(other.user) in page
    one.refresh_from_db()
    assert one.ended_at is None, "looking changes nothing"

    assert client.post(url).headers["Location"] == organisation_page
    one.refresh_from_db()
    asked.refresh_from_db()
    assert one.ended_at
    assert asked.state == "open"
    assert Message.objects.count() == mails
    event = AuditEvent.objects.get(verb="coordinator.ended")
    assert (event.actor, event.data["left"]) == (staff, 1)
    assert url not in client.get(organisation_page).content.decode()
    assert client.get(url).headers["Location"] == organisation_page
    with pytest.raises(ValidationError, match="any more"):
        services.end_coordinator(coordinator=one, by=staff)
