"""A person's progress is theirs alone."""

import pytest
from django.test import Client
from django.urls import reverse

from participants.models import Enrolment
from tests.factories import CoordinatorFactory, StaffFactory, UserFactory
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    seated(cohort)
    return seated(cohort)


def url(enrolment: Enrolment) -> str:
    return reverse("portal:progress", args=[enrolment.pk])


def test_everybody_else_is_told_that_there_is_no_such_page(client: Client, enrolment: Enrolment) -> None:
    mentor = enrolment.cohort.enrolments.get(role="mentor").user
    coordinator = CoordinatorFactory(organisation=enrolment.organisation).user
    superuser = UserFactory(is_staff=True, is_superuser=True)
    for other in (mentor, coordinator, StaffFactory(role="lead"), superuser, UserFactory()):
        client.force_login(other)
        assert client.get(url(enrolment)).status_code == 404
    client.logout()
    assert client.get(url(enrolment)).status_code == 302


def test_before_any_answer_the_page_says_what_to_do(client: Client, enrolment: Enrolment) -> None:
    client.force_login(enrolment.user)
    html = client.get(url(enrolment)).content.decode()
    assert "Answer the survey" in html
    assert "<svg viewBox" not in html


def test_the_chart_and_the_table_say_the_same(client: Client, enrolment: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    client.force_login(enrolment.user)
    answer(enrolment, "pre", 2)
    html = client.get(url(enrolment)).content.decode()
    assert "no score" in html
    move_clock(AFTER)
    answer(enrolment, "post", 4)
    html = client.get(url(enrolment)).content.decode()
    assert html.count('role="img"') == 5
    assert "Networks and contacts: before 2.00, after 4.00" in html
    assert '<td class="num">+2.00</td>' in html
    assert "style=" not in html
    assert "Strongly disagree" not in html.split("Each statement")[0].replace("strongly disagree", "")


def test_the_size_of_the_cohort_costs_no_query(client: Client, enrolment: Enrolment, count_queries) -> None:  # type: ignore[no-untyped-def]
    client.force_login(enrolment.user)
    answer(enrolment, "pre", 2)
    others = [seated(enrolment.cohort) for _ in range(2)]
    one = count_queries(lambda: client.get(url(enrolment)))
    for other in others:
        answer(other, "pre", 3)
    assert count_queries(lambda: client.get(url(enrolment))) == one
