"""A person's progress is theirs alone."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from participants.models import Enrolment
from surveys.models import GoalRating
from tests.factories import CoordinatorFactory, StaffFactory, TopicFactory, UserFactory
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
    client.get(url(enrolment))
    one = count_queries(lambda: client.get(url(enrolment)))
    for other in others:
        answer(other, "pre", 3)
    assert count_queries(lambda: client.get(url(enrolment))) == one


# --- one's own goals, and the page to take away ---------------------------------------------------
def test_goals_are_rated_before_and_now_for_ones_own_eyes(client: Client, enrolment: Enrolment) -> None:
    enrolment.topics.set([TopicFactory(name="Finding a sponsor")])
    Enrolment.objects.filter(pk=enrolment.pk).update(goal_note="To stop apologising.")
    client.force_login(enrolment.user)
    page = reverse("portal:goals", args=[enrolment.pk])
    assert " checked" not in client.get(page).content.decode()
    client.post(page, {"before-0": "1", "now-0": "4", "now-1": "2"})
    html = client.get(url(enrolment)).content.decode()
    assert "Finding a sponsor" in html
    assert [word in html for word in ("Not begun", "Nearly there", "A first step", "Not rated")] == [True] * 4
    assert client.post(page, {"now-0": "9"}).status_code == 200
    assert set(GoalRating.objects.values_list("before", "now")) == {(1, 4), (None, 2)}
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(page).status_code == 404


def test_the_pdf_says_what_the_page_says_and_is_tagged(client: Client, enrolment: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    answer(enrolment, "pre", 2)
    move_clock(AFTER)
    answer(enrolment, "post", 4)
    pdf = reverse("portal:progress_pdf", args=[enrolment.pk])
    client.force_login(enrolment.user)
    response = client.get(pdf)
    assert response["Cache-Control"] == "no-store, private"
    document = PdfReader(io.BytesIO(response.content))
    text = " ".join(page.extract_text() for page in document.pages)
    assert "+2.00" in text
    assert "Networks and contacts" in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for other in (StaffFactory(role="lead"), UserFactory()):
        client.force_login(other)
        assert client.get(pdf).status_code == 404
