"""A ceremony that is called off: everybody who was asked is told, and nothing asks them again."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from circles.selectors.feeds import calendar_of
from circles.services.events import EventError, call_off_event, queue_event_invitations
from cohorts.models import Event
from cohorts.services import plan_ceremonies
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.services import RefusedError, promote_waiting, reply_to_event
from privacy import purposes
from privacy.models import AuditEvent
from tests.circles.circle import Published, published
from tests.circles.diary import as_sent, calendar_parts
from tests.factories import StaffFactory

CANCELLED = "circles.event_cancelled"


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.datetime(2026, 9, 1, 10, tzinfo=dt.UTC))
    return published(dt.date(2026, 10, 1))


@pytest.fixture
def opening(ours: Published) -> Event:
    """It is in everybody's calendar."""
    opening = plan_ceremonies(cohort=ours.circle.cohort, by=None)[0]
    queue_event_invitations()
    deliver_all()
    mail.outbox.clear()
    return opening


def test_the_page_says_who_is_told_and_then_each_of_them_is(
    client: Client, ours: Published, opening: Event, move_clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purposes, "MANY", 2)
    reply_to_event(event=opening, enrolment=ours.members[0], reply="yes")
    client.force_login(StaffFactory(role="manager"))
    url = reverse("admin:call_off_event", args=[opening.pk])
    page = " ".join(client.get(url).content.decode().split())
    assert "3 people have been asked, 1 of them comes" in page
    assert not Message.objects.filter(kind=CANCELLED).exists()
    assert "Choose what it is for" in client.post(url, {"words": "The hall is flooded."}).content.decode()
    assert not Message.objects.filter(kind=CANCELLED).exists()
    assert client.post(url, {"words": "The hall is flooded.", "purpose": "cohort"}).status_code == 302
    assert AuditEvent.objects.get(verb="people.acted_on").data["rows"] == 3
    move_clock(dt.datetime(2026, 9, 1, 11, tzinfo=dt.UTC))
    deliver_all()
    written_to = sorted(one.to[0].partition("<")[2].rstrip(">") for one in mail.outbox)
    assert written_to == sorted(one.user.email for one in ours.everybody)
    for one in mail.outbox:
        assert "will not take place" in one.body
        assert "The hall is flooded." in one.body
        sent = Calendar.from_ical(calendar_parts(as_sent(one))[0].get_payload(decode=True))
        entry = sent.walk("VEVENT")[0]
        assert (str(sent["METHOD"]), int(entry["SEQUENCE"]), str(entry["STATUS"])) == ("CANCEL", 1, "CANCELLED")
    assert "called off already" in client.get(url).content.decode()
    with pytest.raises(EventError):
        call_off_event(event=opening, words="", by=StaffFactory(role="lead"))


def test_nothing_asks_anybody_again(client: Client, ours: Published, opening: Event) -> None:
    Event.objects.filter(pk=opening.pk).update(capacity=1)
    for one in ours.members:
        reply_to_event(event=opening, enrolment=one, reply="yes")
    assert call_off_event(event=opening, words="", by=StaffFactory(role="lead")) == 3
    assert queue_event_invitations() == 0
    assert promote_waiting(event=opening) == 0
    with pytest.raises(RefusedError):
        reply_to_event(event=opening, enrolment=ours.members[0], reply="no")
    entry = Calendar.from_ical(calendar_of(ours.lead.user)).walk("VEVENT")[0]
    assert (str(entry["STATUS"]), int(entry["SEQUENCE"])) == ("CANCELLED", 1)
    client.force_login(ours.members[0].user)
    assert opening.title not in client.get(reverse("portal:home")).content.decode()
    page = client.post(reverse("portal:event", args=[opening.pk]), {"reply": "yes"}, follow=True).content.decode()
    assert "This has been called off" in page
    assert "Will you come?" not in page
    # Another ceremony of the kind may take its place.
    opening.refresh_from_db()
    assert plan_ceremonies(cohort=ours.circle.cohort, by=None)[0] != opening


def test_who_was_only_about_to_be_asked_hears_nothing(ours: Published, move_clock: Callable) -> None:
    plan_ceremonies(cohort=ours.circle.cohort, by=None)
    queue_event_invitations()
    call_off_event(event=Event.objects.first(), words="", by=StaffFactory(role="lead"))
    move_clock(dt.datetime(2026, 9, 1, 11, tzinfo=dt.UTC))
    deliver_all()
    assert len(mail.outbox) == 3, "the closing ceremony's invitations alone"
    assert all("opening" not in one.body.lower() for one in mail.outbox)


def test_an_event_that_people_know_of_is_not_deleted_but_called_off(
    client: Client, ours: Published, opening: Event
) -> None:
    client.force_login(StaffFactory(role="lead"))
    page = client.get(reverse("admin:cohorts_cohort_change", args=[ours.circle.cohort_id])).content.decode()
    assert reverse("admin:call_off_event", args=[opening.pk]) in page
    assert "events-0-DELETE" not in page
