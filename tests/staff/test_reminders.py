"""Who would get a reminder, who not, and why, before staff switch it on."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.clock import LONDON
from circles.services import sessions
from cohorts.models import ReminderRule
from privacy.models import AuditEvent
from tests.circles.circle import Published, add_member, published
from tests.factories import StaffFactory

SIXTH = dt.datetime(2026, 10, 6, 12, 31, tzinfo=LONDON)


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1), members=3)
    sessions.plan_sessions(circle=made.circle, by=None)
    first = made.circle.sessions.get(number=1)
    sessions.reply(session=first, enrolment=made.members[0], reply="no")
    move_clock(SIXTH)
    return made


@pytest.fixture
def rule(ours: Published) -> ReminderRule:
    ReminderRule.objects.filter(days=7, kind="session_reply").update(enabled=False)
    return ReminderRule.objects.get(days=7, kind="session_reply")


@pytest.fixture
def lead(client: Client, ours: Published) -> Client:
    client.force_login(StaffFactory())
    return client


def page(client: Client, rule: ReminderRule, query: str = "") -> str:
    return client.get(f"/admin/reminder/{rule.pk}/{query}").content.decode()


def test_counts_and_names_and_reasons(lead: Client, rule: ReminderRule, ours: Published) -> None:
    html = page(lead, rule)
    assert "Now: 3" in html
    assert "Later: 0" in html
    assert "Not: 1" in html
    assert str(ours.lead.user) in html
    assert str(ours.members[0].user) not in html
    html = page(lead, rule, "?when=not")
    assert str(ours.members[0].user) in html
    assert "They have said that they can’t come." in html


def test_a_person_can_be_found(lead: Client, rule: ReminderRule, ours: Published) -> None:
    sought = ours.members[1].user
    html = page(lead, rule, f"?when=now&q={sought.last_name.upper()}")
    assert str(sought) in html
    assert str(ours.members[2].user) not in html
    assert "Nobody here fits" in page(lead, rule, "?when=now&q=nobody-of-that-name")


def test_the_messages_of_a_participant_lead_to_why_they_are_not_reminded(
    lead: Client, rule: ReminderRule, ours: Published
) -> None:
    declined = ours.members[0]
    links = lead.get(f"/admin/enrolment/{declined.pk}/messages/").context["reminders"]
    html = lead.get({found.pk: url for found, url in links}[rule.pk]).content.decode()
    assert "They have said that they can’t come." in html
    assert "Not: 1" in html
    assert "Now: 0" in html
    assert str(ours.lead.user) not in html


def test_it_is_switched_on_there_and_leaves_a_line(lead: Client, rule: ReminderRule) -> None:
    for _ in range(2):
        lead.post(f"/admin/reminder/{rule.pk}/", {"on": "yes"})
    rule.refresh_from_db()
    assert rule.enabled
    assert AuditEvent.objects.filter(verb="reminder.switched_on").count() == 1
    lead.post(f"/admin/reminder/{rule.pk}/", {"on": "no"})
    rule.refresh_from_db()
    assert not rule.enabled


def test_outside_working_hours_it_says_so(lead: Client, rule: ReminderRule, move_clock: Callable) -> None:
    move_clock(SIXTH + dt.timedelta(hours=8))
    assert "what is due leaves from Wednesday 7 October 2026, 8am" in page(lead, rule)


def test_every_kind_has_a_page(lead: Client, ours: Published) -> None:
    for rule in ours.circle.cohort.reminder_rules.all():
        assert lead.get(f"/admin/reminder/{rule.pk}/").status_code == 200


def test_the_list_and_the_cohorts_form_lead_there(lead: Client, rule: ReminderRule) -> None:
    link = f"/admin/reminder/{rule.pk}/"
    assert link in lead.get(f"/admin/cohort/{rule.cohort_id}/reminders/").content.decode()
    assert link in lead.get(f"/admin/cohorts/cohort/{rule.cohort_id}/change/").content.decode()


def test_more_people_are_not_more_queries(
    lead: Client, rule: ReminderRule, ours: Published, count_queries: Callable
) -> None:
    url = f"/admin/reminder/{rule.pk}/"
    lead.get(url)
    few = count_queries(lambda: lead.get(url))
    for seat in (4, 5):
        add_member(ours.circle, seat)
    assert count_queries(lambda: lead.get(url)) == few
