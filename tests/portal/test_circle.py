"""A circle as the people in it see it, and as nobody else does."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.models import AgendaItem
from circles.services import sessions
from privacy.models import AuditEvent
from privacy.services import set_consent
from tests.circles.circle import Published, add_member, published
from tests.factories import StaffFactory, UserFactory


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


def page(client: Client, ours: Published, person: object) -> str:
    client.force_login(person)
    response = client.get(reverse("portal:circle", args=[ours.circle.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_members_see_the_next_session_and_all_six(client: Client, ours: Published) -> None:
    html = page(client, ours, ours.members[0].user)
    assert "Next: session 1" in html
    assert "Tuesday 13 October 2026, 12:30pm (UK\u00a0time)" in html
    assert html.count("To come") == 6
    assert "Add a session" not in html


def test_the_lead_may_add_sessions(client: Client, ours: Published) -> None:
    assert "Add a session" in page(client, ours, ours.lead.user)


def test_details_are_shown_by_consent_and_the_leads_always(client: Client, ours: Published) -> None:
    shy, open_ = ours.members
    set_consent(user=open_.user, purpose="share_with_circle", given=True, how="test")
    html = page(client, ours, open_.user)
    assert open_.user.get_full_name() in html
    assert ours.lead.user.get_full_name() in html
    assert shy.user.get_full_name() not in html
    assert shy.organisation.name not in html
    assert "Member 1" in html


def test_a_withdrawn_consent_hides_at_once(client: Client, ours: Published) -> None:
    shy, open_ = ours.members
    set_consent(user=shy.user, purpose="share_with_circle", given=True, how="test")
    set_consent(user=shy.user, purpose="share_with_circle", given=False, how="test")
    assert shy.user.get_full_name() not in page(client, ours, open_.user)


def test_no_address_is_on_the_page(client: Client, ours: Published) -> None:
    html = page(client, ours, ours.members[0].user)
    assert not any(person.user.email in html for person in ours.everybody)


@pytest.mark.parametrize("who", ["staff", "stranger", "other circle", "left"])
def test_for_others_there_is_no_such_page(client: Client, ours: Published, who: str) -> None:
    ours.members[1].memberships.update(left_at=dt.datetime(2026, 8, 1, tzinfo=dt.UTC))
    person = {
        "staff": StaffFactory,
        "stranger": UserFactory,
        "other circle": lambda: published(dt.date(2026, 10, 1)).lead.user,
        "left": lambda: ours.members[1].user,
    }[who]()
    client.force_login(person)
    for name in ("circle", "add_session", "meeting_link"):
        assert client.get(reverse(f"portal:{name}", args=[ours.circle.pk])).status_code == 404
    assert client.post(reverse("portal:add_agenda_item", args=[ours.circle.pk]), {"text": "x"}).status_code == 404
    assert not AgendaItem.objects.exists()


def test_anyone_in_it_adds_to_the_agenda_and_ticks_off(client: Client, ours: Published) -> None:
    client.force_login(ours.members[0].user)
    client.post(reverse("portal:add_agenda_item", args=[ours.circle.pk]), {"text": "Asking for <b>feedback</b>"})
    item = AgendaItem.objects.get()
    html = page(client, ours, ours.members[1].user)
    assert "Asking for &lt;b&gt;feedback&lt;/b&gt;" in html
    client.post(reverse("portal:tick_agenda_item", args=[item.pk]), {"done": "yes"})
    item.refresh_from_db()
    assert item.done_at is not None
    client.post(reverse("portal:tick_agenda_item", args=[item.pk]), {"done": "no"})
    item.refresh_from_db()
    assert item.done_at is None


def test_an_empty_agenda_item_is_asked_for_again(client: Client, ours: Published) -> None:
    client.force_login(ours.members[0].user)
    response = client.post(reverse("portal:add_agenda_item", args=[ours.circle.pk]), {"text": ""})
    assert response.status_code == 200
    assert "Write what you would like to talk about." in response.content.decode()


def test_somebody_elses_agenda_item_does_not_exist(client: Client, ours: Published) -> None:
    other = published(dt.date(2026, 10, 1))
    item = AgendaItem.objects.create(circle=other.circle, text="Theirs", added_by=other.lead)
    client.force_login(ours.lead.user)
    assert client.post(reverse("portal:tick_agenda_item", args=[item.pk]), {"done": "yes"}).status_code == 404


def test_the_lead_sets_the_meeting_link(client: Client, ours: Published) -> None:
    client.force_login(ours.lead.user)
    url = reverse("portal:meeting_link", args=[ours.circle.pk])
    bad = client.post(url, {"join_url": "javascript:alert(1)"})
    assert "Enter a whole web address" in bad.content.decode()
    client.post(url, {"join_url": "https://meet.example/ours"})
    ours.circle.refresh_from_db()
    assert ours.circle.join_url == "https://meet.example/ours"


@pytest.mark.parametrize("name", ["add_session", "meeting_link"])
def test_what_only_the_lead_does_does_not_exist_for_members(client: Client, ours: Published, name: str) -> None:
    client.force_login(ours.members[0].user)
    url = reverse(f"portal:{name}", args=[ours.circle.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"join_url": "https://meet.example/mine"}).status_code == 404
    ours.circle.refresh_from_db()
    assert ours.circle.join_url == ""


def test_a_pair_reads_in_its_own_words(client: Client, ours: Published) -> None:
    format_ = ours.circle.cohort.format
    format_.group_word, format_.capacity, format_.minimum, format_.target = "pair", 1, 1, 1
    format_.save()
    html = page(client, ours, ours.members[0].user)
    assert f"Pair {ours.circle.number}" in html
    assert "What you say to each other stays between you" in html


def test_the_page_takes_as_many_queries_for_three_members_as_for_one(
    client: Client, move_clock: Callable, count_queries: Callable
) -> None:
    move_clock(dt.date(2026, 9, 1))
    few = published(dt.date(2026, 10, 1), members=1)
    client.force_login(few.lead.user)
    url = reverse("portal:circle", args=[few.circle.pk])
    client.get(url)
    once = count_queries(lambda: client.get(url))
    add_member(few.circle, 2)
    add_member(few.circle, 3)
    sessions.plan_sessions(circle=few.circle, by=None)
    assert count_queries(lambda: client.get(url)) == once == 6


def test_the_hand_over_note_is_for_who_leads_and_for_staff(client: Client, ours: Published) -> None:
    client.force_login(ours.lead.user)
    url = reverse("portal:hand_over", args=[ours.circle.pk])
    client.post(url, {"hand_over": "We agreed on guests for session 4."})
    assert "We agreed on guests" in client.get(url).content.decode()
    assert "hand-over" not in page(client, ours, ours.members[0].user)
    assert client.get(url).status_code == 404
    client.force_login(StaffFactory())
    assert "We agreed on guests" in client.get(ours.circle.get_absolute_url()).content.decode()
    assert "agreed" not in str(AuditEvent.objects.get(verb="circle.hand_over_written").data)


def test_nothing_is_asked_or_offered_once_the_cohort_has_closed(
    client: Client, ours: Published, move_clock: Callable
) -> None:
    move_clock(ours.circle.cohort.close_until + dt.timedelta(days=1))
    html = page(client, ours, ours.lead.user)
    assert "Your circle has finished" in html
    assert reverse("portal:progress", args=[ours.lead.pk]) in html
    add = reverse("portal:add_session", args=[ours.circle.pk])
    for offered in (add, reverse("portal:add_agenda_item", args=[ours.circle.pk]), "Propose dates"):
        assert offered not in html
    at_home = client.get(reverse("portal:home")).content.decode()
    assert "It has finished." in at_home
    assert add not in at_home
