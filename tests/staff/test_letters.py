"""Why somebody got a message, and why not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from cohorts.models import StaffAssignment
from outbox.models import Message, State
from outbox.services import queue
from participants.models import Enrolment
from tests.factories import CohortFactory, EnrolmentFactory, NominationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
REASON = "They have replied since."


@pytest.fixture
def enrolment() -> Enrolment:
    found = EnrolmentFactory()
    queue(kind="circles.left", about=found, to=found.user)
    Message.objects.update(state=State.SENT, sent_at=clock.now(), subject="You have left")
    queue(kind="circles.waiting", about=found, to=found.user)
    Message.objects.filter(kind="circles.waiting").update(state=State.SKIPPED, reason=REASON)
    return found


def pages_of(enrolment: Enrolment) -> tuple[str, str]:
    return (
        reverse("admin:person_messages", args=[enrolment.user_id]),
        reverse("admin:enrolment_messages", args=[enrolment.pk]),
    )


def test_both_pages_say_what_why_and_link_to_the_message(client: Client, enrolment: Enrolment) -> None:
    client.force_login(StaffFactory())
    for url in pages_of(enrolment):
        html = client.get(url).content.decode()
        assert "Sent to: those who have left, or were withdrawn." in html
        assert "You have left" in html
        assert REASON in html
        assert "No longer due" in html
        assert all(message.get_absolute_url() in html for message in Message.objects.all())


def test_the_forms_of_a_person_and_an_enrolment_lead_there(client: Client, enrolment: Enrolment) -> None:
    client.force_login(StaffFactory())
    person, one = pages_of(enrolment)
    assert person in client.get(reverse("admin:accounts_user_change", args=[enrolment.user_id])).content.decode()
    assert one in client.get(enrolment.get_absolute_url()).content.decode()


def test_what_was_sent_before_there_was_an_account_is_there_too(client: Client) -> None:
    client.force_login(StaffFactory())
    user = UserFactory()
    nomination = NominationFactory(email=user.email)
    queue(kind="participants.nominated", about=nomination, address=user.email, name="Ada")
    html = client.get(reverse("admin:person_messages", args=[user.pk])).content.decode()
    assert "First mail to somebody who was nominated" in html


def test_staff_of_one_cohort_see_what_is_about_it_alone(client: Client, enrolment: Enrolment) -> None:
    elsewhere = EnrolmentFactory(user=enrolment.user, cohort=CohortFactory(name="Elsewhere"))
    queue(kind="circles.left", about=elsewhere, to=elsewhere.user, occurrence="secret")
    queue(kind="account.login_code", about=enrolment.user, to=enrolment.user)
    manager = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=manager, role="manager", cohort=enrolment.cohort)
    client.force_login(manager)
    page = client.get(pages_of(enrolment)[1])
    assert {line.message.about for line in page.context["lines"]} == {enrolment}
    assert client.get(pages_of(elsewhere)[1]).status_code == 404
    assert client.get(pages_of(enrolment)[0]).status_code == 403


def test_nobody_was_written_to_yet(client: Client) -> None:
    client.force_login(StaffFactory())
    assert "Nothing yet" in client.get(pages_of(EnrolmentFactory())[1]).content.decode()


def test_three_rows_take_as_many_queries_as_one(client: Client, enrolment: Enrolment, count_queries: Callable) -> None:
    client.force_login(StaffFactory())
    for url in pages_of(enrolment):
        client.get(url)
        once = count_queries(lambda url=url: client.get(url))
        for number in "12":
            queue(kind="circles.left", about=enrolment, to=enrolment.user, occurrence=url + number)
        assert count_queries(lambda url=url: client.get(url)) == once
