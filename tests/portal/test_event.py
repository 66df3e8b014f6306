"""Ceremonies and masterclasses."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles import links
from circles.services.events import queue_event_invitations
from cohorts.models import Event
from cohorts.services import plan_ceremonies
from outbox.models import Message
from participants.models import EventReply
from participants.services import promote_waiting, reply_to_event
from tests.circles.circle import Published, published
from tests.factories import UserFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    return published(dt.date(2026, 10, 1))


@pytest.fixture
def opening(ours: Published) -> Event:
    return plan_ceremonies(cohort=ours.circle.cohort, by=None)[0]


def test_answering_on_the_page(client: Client, ours: Published, opening: Event) -> None:
    client.force_login(ours.members[0].user)
    url = reverse("portal:event", args=[opening.pk])
    client.post(url, {"reply": "yes"})
    assert "You said: I will come" in client.get(url).content.decode()
    assert EventReply.objects.get().enrolment == ours.members[0]


def test_answering_by_the_link_in_the_mail(client: Client, ours: Published, opening: Event) -> None:
    url = reverse("portal:event_by_link", args=[links.token(opening, ours.members[0])])
    assert client.get(url).status_code == 200
    assert not EventReply.objects.exists()
    client.post(url, {"reply": "no"})
    assert EventReply.objects.get().reply == "no"


def test_a_link_to_a_session_is_no_link_to_an_event(client: Client, ours: Published, opening: Event) -> None:
    session_like = links.token(ours.circle, ours.members[0])
    assert client.get(reverse("portal:event_by_link", args=[session_like])).status_code == 404


def test_once_it_has_started_it_cannot_be_answered(
    client: Client, ours: Published, opening: Event, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 10, 2))
    client.force_login(ours.lead.user)
    response = client.post(reverse("portal:event", args=[opening.pk]), {"reply": "yes"}, follow=True)
    assert "already started" in response.content.decode()
    assert not EventReply.objects.exists()


def test_for_others_it_does_not_exist(client: Client, opening: Event) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("portal:event", args=[opening.pk])).status_code == 404


def test_the_meeting_link_goes_when_it_is_over(
    client: Client, ours: Published, opening: Event, move_clock: Callable
) -> None:
    Event.objects.filter(pk=opening.pk).update(join_url="https://meet.example/opening")
    client.force_login(ours.lead.user)
    url = reverse("portal:event", args=[opening.pk])
    assert "https://meet.example/opening" in client.get(url).content.decode()
    move_clock(dt.date(2026, 10, 2))
    assert "https://meet.example/opening" not in client.get(url).content.decode()


class TestWaitingList:
    @pytest.fixture
    def full(self, ours: Published, opening: Event) -> Event:
        Event.objects.filter(pk=opening.pk).update(capacity=1)
        opening.refresh_from_db()
        reply_to_event(event=opening, enrolment=ours.lead, reply="yes")
        return opening

    def test_who_comes_too_late_waits_in_order_and_is_told_so(
        self, client: Client, ours: Published, full: Event, move_clock: Callable
    ) -> None:
        for hour, member in enumerate(ours.members):
            move_clock(dt.datetime(2026, 9, 2, hour, tzinfo=dt.UTC))
            reply_to_event(event=full, enrolment=member, reply="yes")
        client.force_login(ours.members[1].user)
        url = reverse("portal:event", args=[full.pk])
        assert "You are 2nd on the waiting list" in client.get(url).content.decode()
        client.post(url, {"reply": "yes"})
        assert "You are 2nd on the waiting list" in client.get(url).content.decode()

    def test_a_free_place_goes_to_who_has_waited_longest_with_a_mail(
        self, ours: Published, full: Event, move_clock: Callable
    ) -> None:
        for hour, member in enumerate(ours.members):
            move_clock(dt.datetime(2026, 9, 2, hour, tzinfo=dt.UTC))
            reply_to_event(event=full, enrolment=member, reply="yes")
        reply_to_event(event=full, enrolment=ours.lead, reply="no")
        assert not EventReply.objects.get(enrolment=ours.members[0]).waiting
        assert EventReply.objects.get(enrolment=ours.members[1]).waiting
        message = Message.objects.get(kind="participants.event_place")
        assert message.recipient == ours.members[0].user
        assert promote_waiting(event=full) == 0

    def test_more_places_are_given_out_at_the_next_tick(self, ours: Published, full: Event) -> None:
        reply_to_event(event=full, enrolment=ours.members[0], reply="yes")
        Event.objects.filter(pk=full.pk).update(capacity=None)
        queue_event_invitations()
        assert not EventReply.objects.filter(waiting=True).exists()

    def test_who_withdraws_frees_their_place(self, ours: Published, full: Event) -> None:
        reply_to_event(event=full, enrolment=ours.members[0], reply="yes")
        ours.lead.state = "withdrawn"
        ours.lead.save()
        assert promote_waiting(event=full) == 1
