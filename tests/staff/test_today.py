"""The front page is remembered, and what it says is true all the same: at once, for everybody, whoever did it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import clock, memory
from accounts.models import User
from circles.models import Circle, Membership
from cohorts.covers import arrange
from cohorts.models import Cover, StaffAssignment
from outbox.models import Message, MessageEvent, State
from staff.models import PutOff
from tests.factories import EnrolmentFactory, InterestFactory, StaffFactory
from tests.staff.dashboard.findings import circle_with_lead, furnish, running

pytestmark = pytest.mark.django_db
QUERIES = 6  # who it is, what they may, what has changed since, whether mail leaves, and who took what away


def settled(page: str, *words: str) -> list[bool]:
    return [one not in page for one in words]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_again_until_it_changes_and_a_change_is_seen_at_once(
    client: Client, count_queries: Any
) -> None:
    lead, adviser = StaffFactory(role="lead"), StaffFactory(role="inclusion_adviser", last_name="Okafor")
    cohort = running()
    circle = circle_with_lead(cohort)
    EnrolmentFactory(cohort=cohort, user__last_name="Waiting")
    interest = InterestFactory(organisation__name="Ashdown", assigned_to=adviser)
    type(interest).objects.update(created_at=clock.now() - dt.timedelta(days=9))
    client.force_login(lead)

    def page(**choice: str) -> str:
        return client.get("/admin/", choice).content.decode()

    first = page()
    assert settled(first, "Waiting", "Ashdown", str(circle)) == [False, False, False]
    assert count_queries(page) == QUERIES
    assert settled(page(owner=str(adviser.pk)), "Waiting", "Ashdown") == [True, False]

    # An act, a row that is written past all models, a name, what others put off, and what is brought back.
    leads = Membership.objects.filter(circle=circle, seat=0)
    leads.update(left_at=clock.now())
    assert "Circle without a mentor" in page()
    Circle.objects.filter(pk=circle.pk).update(closed_at=clock.now())
    assert "Circle without a mentor" not in page()
    User.objects.filter(last_name="Waiting").update(last_name="Waited")
    assert settled(page(), "Waiting", "Waited") == [True, False]
    put_off = PutOff.objects.create(
        rule="interest_unanswered", subject=interest.pk, until="2999-01-01", reason="x", by=adviser
    )
    assert "Put off for now (1)" in page()
    put_off.delete()
    assert "Put off for now" not in page()
    assert count_queries(page) == QUERIES
    Message.objects.create(key="m", kind="account.login_code", recipient=adviser, address="x", state=State.WAITING)
    assert count_queries(page) == QUERIES
    # Mail that waits tells nobody so, and has stopped leaving as soon as its time is long past.
    Message.objects.update(next_attempt_at=clock.now() - dt.timedelta(minutes=31))
    assert "1 message waits, the oldest since" in page()
    assert count_queries(page) == QUERIES
    reason = "The mail server answered 451 later, x"
    late = clock.now() - dt.timedelta(minutes=31)
    Message.objects.update(next_attempt_at=clock.now(), attempts=1, reason=reason)
    MessageEvent.objects.create(message=Message.objects.get(), state=State.WAITING, why=reason, created_at=late)
    assert settled(page(), "Its last answer: a temporary refusal (451)", "later, x") == [False, True]
    Message.objects.update(state=State.FAILED, reason="No such box")
    assert "No such box" in page()

    # Who covers whom, and what one may see.
    days = {"first_day": clock.today(), "last_day": clock.today()}
    arrange(cover=Cover(person=adviser, covered_by=lead, **days), by=lead)
    assert f"{adviser}, whom I cover until" in page()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_interest SET state = 'answered'")
    assert "Ashdown" not in page()
    StaffAssignment.objects.filter(user=lead).update(role="analyst")
    assert settled(page(), "Waited", "No such box") == [True, True]


def test_every_rule_and_the_public_page_read_nothing_that_nobody_watches(client: Client) -> None:
    """What is read from an unwatched table would be worked out again at each look; so each one has its trigger."""
    lead = StaffFactory(role="lead")
    furnish()
    client.force_login(lead)
    with CaptureQueriesContext(connection) as captured:
        client.get("/admin/")
        Client().get("/")
    read = {table for query in captured for table in memory.QUOTED.findall(query["sql"])} & memory._tables()
    every_request = {"django_session", "auth_permission", "auth_group_permissions", "auth_group", "django_content_type"}
    of_the_person = {"accounts_user_user_permissions", "accounts_user_groups", "auth_group"}
    # Whether mail has stopped leaving; what was taken away, in the trail that every act adds to.
    afresh = {"outbox_messageevent", "privacy_auditevent"}
    assert read - memory._watched() - every_request - of_the_person - afresh - memory.CLOCK == set()


def test_a_long_list_of_cohorts_has_pages_and_says_how_much_waits_on_each(client: Client) -> None:
    client.force_login(StaffFactory(role="lead"))
    for number in range(12):
        cohort = running(name=f"Cohort {number:02}")
    EnrolmentFactory(cohort=cohort, user__last_name="Overleaf")
    first, second = (client.get("/admin/", {"page": number}) for number in (1, 2))
    assert [len(one.context["here"]) for one in (first, second)] == [10, 2]
    assert len(first.context["desks"]) == 12
    place = f"?page=2#cohort-{cohort.pk}"
    assert place in first.content.decode()
    assert settled(first.content.decode(), "Overleaf") == [True]
    assert settled(second.content.decode(), "Overleaf", f'href="#cohort-{cohort.pk}"') == [False, False]
    chosen = client.get("/admin/", {"cohort": str(cohort.pk)}).content.decode()
    assert "Overleaf" in chosen
