"""The survey's pages, as the person who answers meets them."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from participants.models import Enrolment
from privacy.models import Purpose
from privacy.services import set_consent
from surveys.models import Answer, Question, QuestionAnswer, Response, Survey, Testimonial
from surveys.selectors import pages, steps
from surveys.services import NotOpenError, approve_testimonial, offer_testimonial, signatures
from tests.factories import StaffFactory, UserFactory
from tests.surveys.people import AFTER, BEFORE, FIRST_SESSION, answer, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(move_clock) -> Enrolment:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    return seated(cohort_with_sessions())


@pytest.fixture
def survey(enrolment: Enrolment) -> Survey:
    return survey_of(enrolment.cohort, "pre")


@pytest.fixture
def signed_in(client: Client, enrolment: Enrolment) -> Client:
    client.force_login(enrolment.user)
    return client


def page_url(survey: Survey, number: int) -> str:
    return reverse("portal:survey_page", args=[survey.pk, number])


def filled(survey: Survey, number: int, value: str = "3") -> dict[str, str]:
    return {f"item-{item.number}": value for item in pages(survey)[number - 1].instrument.items.all()}


def test_the_whole_survey_page_by_page(signed_in: Client, survey: Survey) -> None:
    start = signed_in.get(reverse("portal:survey", args=[survey.pk]))
    assert b"confidential" in start.content
    assert page_url(survey, 1).encode() in start.content
    for number in range(1, 6):
        response = signed_in.post(page_url(survey, number), filled(survey, number))
    check = reverse("portal:survey_check", args=[survey.pk])
    assert response.url == check
    assert "Neither agree nor disagree" in signed_in.get(check).content.decode()
    thanks = signed_in.post(check, follow=True)
    assert "Your answers are in" in thanks.content.decode()
    assert Response.objects.get().submitted_at is not None
    assert signed_in.get(page_url(survey, 1)).status_code == 302


def test_nothing_is_chosen_beforehand_and_every_answer_is_in_words(signed_in: Client, survey: Survey) -> None:
    html = signed_in.get(page_url(survey, 2)).content.decode()
    assert " checked" not in html
    assert html.count("<fieldset") == 4
    assert html.count("Prefer not to say") == html.count("Neither agree nor disagree") == 4


def test_what_was_answered_is_kept_when_something_is_missing(signed_in: Client, survey: Survey) -> None:
    answers = filled(survey, 1)
    del answers["item-4"]
    response = signed_in.post(page_url(survey, 1), answers)
    html = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in html
    assert html.count(" checked") == 7
    assert "The answers that you have given on this page are kept" in html
    assert Answer.objects.count() == 7


def test_an_invented_answer_is_neither_kept_nor_a_crash(signed_in: Client, survey: Survey) -> None:
    response = signed_in.post(page_url(survey, 1), {**filled(survey, 1), "item-1": "99"})
    assert response.status_code == 200
    assert Answer.objects.count() == 7


def test_an_empty_page_says_what_to_do(signed_in: Client, survey: Survey) -> None:
    html = signed_in.post(page_url(survey, 1), {"csrfmiddlewaretoken": "x"}).content.decode()
    assert html.count("choose an answer") >= 8
    empty = signed_in.post(page_url(survey, 1), {})
    assert "There is a problem" in empty.content.decode()


def test_save_for_later_leads_home_and_back_to_the_same_place(signed_in: Client, survey: Survey) -> None:
    signed_in.post(page_url(survey, 1), filled(survey, 1))
    response = signed_in.post(page_url(survey, 2), {"item-1": "none", "later": "1"})
    assert response.url == reverse("portal:home")
    html = signed_in.get(reverse("portal:survey", args=[survey.pk])).content.decode()
    assert "Carry on where you stopped" in html
    assert page_url(survey, 2) in html
    assert signed_in.get(page_url(survey, 2)).content.decode().count(" checked") == 1


def test_the_check_page_leads_back_to_what_is_missing(signed_in: Client, survey: Survey) -> None:
    signed_in.post(page_url(survey, 1), filled(survey, 1))
    check = reverse("portal:survey_check", args=[survey.pk])
    assert signed_in.get(check).url == page_url(survey, 2)
    assert signed_in.post(check).url == page_url(survey, 2)
    assert Response.objects.get().submitted_at is None


def test_pages_that_do_not_exist(signed_in: Client, survey: Survey) -> None:
    assert signed_in.get(page_url(survey, 0)).status_code == 404
    assert signed_in.get(page_url(survey, 6)).status_code == 404


@pytest.mark.parametrize("name", ["survey", "survey_check", "survey_thanks", "testimonial"])
def test_a_survey_of_another_cohort_is_not_there(client: Client, survey: Survey, name: str) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse(f"portal:{name}", args=[survey.pk])).status_code == 404


def test_a_late_start_is_said(signed_in: Client, survey: Survey, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(FIRST_SESSION + dt.timedelta(hours=1))
    html = signed_in.get(reverse("portal:survey", args=[survey.pk])).content.decode()
    assert "Your sessions have begun" in html


def test_a_survey_that_is_not_open_says_so(signed_in: Client, enrolment: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    post = reverse("portal:survey", args=[survey_of(enrolment.cohort, "post").pk])
    assert "Not open yet" in signed_in.get(post).content.decode()
    move_clock(AFTER)
    pre = reverse("portal:survey", args=[survey_of(enrolment.cohort, "pre").pk])
    assert "This survey is closed" in signed_in.get(pre).content.decode()


@pytest.mark.parametrize("agreed", [True, False])
def test_the_use_of_answers_is_told_as_agreed(
    signed_in: Client, survey: Survey, enrolment: Enrolment, agreed: bool
) -> None:
    set_consent(user=enrolment.user, purpose=Purpose.EVALUATION, given=agreed, how="test")
    html = signed_in.get(reverse("portal:survey", args=[survey.pk])).content.decode()
    assert ("You agreed that your answers may be used" in html) is agreed
    assert "5 people or more" in html
    assert "8 or more" in html


def test_a_quote_needs_consent_and_approval(signed_in: Client, enrolment: Enrolment, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(AFTER)
    answer(enrolment, "post")
    post = survey_of(enrolment.cohort, "post")
    thanks, url = (reverse(f"portal:{name}", args=[post.pk]) for name in ("survey_thanks", "testimonial"))
    assert url not in signed_in.get(thanks).content.decode()
    assert signed_in.get(url).status_code == 302
    set_consent(user=enrolment.user, purpose=Purpose.TESTIMONIAL, given=True, how="test")
    assert url in signed_in.get(thanks).content.decode()
    unsigned = f"Mentor, {enrolment.cohort}"
    assert signed_in.post(url, {"quote": "It helped.", "attribution": unsigned}).status_code == 200
    assert not Testimonial.objects.exists()
    signed_in.post(url, {"quote": "It helped.", "attribution": unsigned, "agreed": "on"})
    offered = Testimonial.objects.get()
    assert (offered.state, offered.attribution) == ("offered", unsigned)


def test_handing_in_twice_is_no_error(signed_in: Client, survey: Survey, enrolment: Enrolment, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Two tabs: the other one hands the survey in after this one has looked."""
    from portal.views import survey as views

    answer(enrolment, "pre", submit=False)
    submit = views.services.submit

    def faster(**values: object) -> None:
        submit(**values)
        submit(**values)

    monkeypatch.setattr(views.services, "submit", faster)
    response = signed_in.post(reverse("portal:survey_check", args=[survey.pk]))
    assert response.url == reverse("portal:survey", args=[survey.pk])
    assert signed_in.get(response.url).url == reverse("portal:survey_thanks", args=[survey.pk])


def test_an_answer_is_kept_as_it_is_given(signed_in: Client, survey: Survey) -> None:
    response = signed_in.post(page_url(survey, 1), {"item-3": "2", "keep": "1"})
    assert response.status_code == 204
    assert Answer.objects.get().value == 2


# --- signed out in mid-page -----------------------------------------------------------------------
def sent_signed_out(client: Client, survey: Survey) -> str:
    """Fills in a page, is signed out before sending it, and is asked to sign in again."""
    html = client.get(page_url(survey, 1)).content.decode()
    whose = html.split('name="whose" value="')[1].split('"')[0]
    client.logout()
    answer = client.post(page_url(survey, 1), {"item-1": "4", "item-2": "none", "whose": whose})
    assert reverse("account_request_login_code") in answer.url
    assert not Answer.objects.exists()
    return answer.url


def test_what_was_chosen_is_still_there_after_signing_in_again(
    signed_in: Client, survey: Survey, enrolment: Enrolment
) -> None:
    assert page_url(survey, 1) in sent_signed_out(signed_in, survey)
    assert "none" not in str(dict(signed_in.session))  # unreadable where it waits
    signed_in.force_login(enrolment.user)
    assert signed_in.get(page_url(survey, 1)).content.decode().count(" checked") == 2
    assert signed_in.get(page_url(survey, 2)).content.decode().count(" checked") == 0
    signed_in.post(page_url(survey, 1), filled(survey, 1))
    assert "typed" not in signed_in.session


def test_nobody_else_finds_what_was_chosen(signed_in: Client, survey: Survey, enrolment: Enrolment) -> None:
    sent_signed_out(signed_in, survey)
    other = seated(enrolment.cohort)
    signed_in.force_login(other.user)
    assert " checked" not in signed_in.get(page_url(survey, 1)).content.decode()
    signed_in.force_login(enrolment.user)
    assert " checked" not in signed_in.get(page_url(survey, 1)).content.decode()


def test_a_stranger_leaves_nothing_behind(client: Client, survey: Survey) -> None:
    client.post(page_url(survey, 1), {"item-1": "4", "whose": "forged"})
    assert "typed" not in client.session


# --- looking back, after the survey at the end ----------------------------------------------------
def test_the_page_that_looks_back_comes_after_and_is_a_series_of_its_own(
    signed_in: Client, enrolment: Enrolment, move_clock
) -> None:  # type: ignore[no-untyped-def]
    answer(enrolment, "pre", 2)
    move_clock(AFTER)
    then, post = survey_of(enrolment.cohort, "then"), survey_of(enrolment.cohort, "post")
    assert signed_in.get(page_url(then, 1)).status_code == 404
    with pytest.raises(NotOpenError):
        answer(enrolment, "then", 1)
    answer(enrolment, "post", 4)
    assert page_url(then, 1) in signed_in.get(reverse("portal:survey_thanks", args=[post.pk])).content.decode()
    assert "Looking back" in signed_in.get(page_url(then, 1)).content.decode()
    answer(enrolment, "then", 1)
    values = Answer.objects.values_list("response__survey__wave", "value").distinct()
    assert set(values) == {("pre", 2), ("post", 4), ("then", 1)}
    html = signed_in.get(reverse("portal:progress", args=[enrolment.pk])).content.decode()
    assert '<td class="num">+2.00</td>' in html  # the first answers are the before


@pytest.mark.parametrize("published", [False, True])
def test_the_author_takes_their_words_back_whenever_they_like(
    signed_in: Client, enrolment: Enrolment, published: bool
) -> None:
    quote = offer_testimonial(enrolment=enrolment, quote="It helped me.", attribution=signatures(enrolment)[0])
    if published:
        approve_testimonial(testimonial=quote, by=StaffFactory())
    assert ("It helped me." in signed_in.get("/").content.decode()) is published
    url = reverse("portal:withdraw_testimonial", args=[quote.pk])
    assert url in signed_in.get(reverse("portal:progress", args=[enrolment.pk])).content.decode()
    signed_in.force_login(UserFactory())
    assert signed_in.post(url).status_code == 404
    signed_in.force_login(enrolment.user)
    asked = signed_in.get(url).content.decode()  # and changes nothing
    assert "It helped me." in asked
    assert "can’t bring them back" in asked
    assert ("It helped me." in signed_in.get("/").content.decode()) is published
    signed_in.post(url)
    assert "It helped me." not in signed_in.get("/").content.decode()
    assert url not in signed_in.get(reverse("portal:progress", args=[enrolment.pk])).content.decode()


# --- the team's own questions ---------------------------------------------------------------------
@pytest.fixture
def own_questions(survey: Survey) -> list[Question]:
    kinds = [("single", "Red\nBlue"), ("multiple", "Tea\nCake"), ("scale", "Low\nHigh"), ("short", ""), ("long", "")]
    return [
        Question.objects.create(survey=survey, position=n, kind=kind, text=f"Own question {n}", options=options)
        for n, (kind, options) in enumerate([*kinds, ("consent", "")], start=1)
    ]


def test_own_questions_come_last_stay_open_or_are_kept_as_given(
    signed_in: Client, survey: Survey, own_questions: list[Question]
) -> None:
    for number in range(1, 6):
        response = signed_in.post(page_url(survey, number), filled(survey, number))
    assert response.url == page_url(survey, 6)
    given = {"own-1": "2", "own-2": ["1", "2"], "own-3": "none", "own-4": "Zuleika", "own-6": "on"}
    check = signed_in.post(page_url(survey, 6), given, follow=True).content.decode()
    for words in ("Blue", "Tea; Cake", "Left open", "Zuleika", "Agreed"):
        assert words in check
    html = signed_in.get(page_url(survey, 6)).content.decode()
    assert html.count(" checked") == 4
    assert "Zuleika" in html
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(text, '') FROM surveys_questionanswer")
        assert "Zuleika" not in cursor.fetchone()[0]
    signed_in.post(reverse("portal:survey_check", args=[survey.pk]))
    assert Response.objects.get().submitted_at is not None


def test_an_invented_choice_is_not_kept(signed_in: Client, survey: Survey, own_questions: list[Question]) -> None:
    response = signed_in.post(page_url(survey, 6), {"own-1": "7", "own-4": "kept"})
    assert response.status_code == 200
    kept = {row.question.position: (row.chosen, row.text) for row in QuestionAnswer.objects.all()}
    assert 1 not in kept
    assert kept[4] == ([], "kept")


def test_own_questions_need_answers_to_choose_from_and_are_fixed_after_the_first(
    signed_in: Client, survey: Survey, own_questions: list[Question]
) -> None:
    with pytest.raises(IntegrityError, match="has_options"), transaction.atomic():
        Question.objects.create(survey=survey, position=9, kind="single", text="Which?")
    Question.objects.filter(position=1).update(text="May still change.")
    signed_in.post(page_url(survey, 1), {"item-1": "2"})
    with pytest.raises(IntegrityError, match="has been answered"), transaction.atomic():
        Question.objects.filter(position=1).update(text="Too late.")


def test_own_questions_stand_where_the_team_puts_them(signed_in: Client, survey: Survey, enrolment: Enrolment) -> None:
    for position, after in ((1, 0), (2, 2), (3, None), (4, 99)):
        Question.objects.create(survey=survey, position=position, after=after, kind="short", text=f"Place {after}?")
    found = [(step.part is None, [str(q) for q in step.questions]) for step in steps(survey)]
    assert [own for own, _ in found] == [True, False, False, True, False, False, False, True]
    assert found[-1][1] == ["Place None?", "Place 99?"]
    assert "Place 0?" in signed_in.get(page_url(survey, 1)).content.decode()
    assert signed_in.post(page_url(survey, 1), {"own-1": "First"}).url == page_url(survey, 2)
    assert signed_in.post(page_url(survey, 2), filled(survey, 1)).url == page_url(survey, 3)
    # Coming back leads to the page on which a statement is left, questions between counted.
    signed_in.post(page_url(survey, 3), filled(survey, 2))
    assert signed_in.get(reverse("portal:survey_check", args=[survey.pk])).url == page_url(survey, 5)
    for number in (3, 4, 5):
        signed_in.post(page_url(survey, number + 2), filled(survey, number))
    html = signed_in.get(reverse("portal:survey_check", args=[survey.pk])).content.decode()
    assert html.index("First") < html.index("Page 2")
    lead = StaffFactory()
    signed_in.force_login(lead)
    assert "Place 2?" in signed_in.get(reverse("admin:survey_preview", args=[survey.pk, 4])).content.decode()


def test_the_page_that_says_it_could_not_be_kept_carries_the_answers(
    enrolment: Enrolment, survey: Survey, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(enrolment.user)
    hidden = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')

    def sent_again(response) -> None:  # type: ignore[no-untyped-def]
        fields = dict(hidden.findall(response.content.decode()))
        assert {name: fields[name] for name in answers} == answers
        assert client.post(page_url(survey, 1), fields).url == page_url(survey, 2)
        Response.objects.all().delete()

    page = dict(hidden.findall(client.get(page_url(survey, 1)).content.decode()))
    answers = filled(survey, 1)
    # Signed in again in another tab: the page's proof is out of date.
    expired = client.post(page_url(survey, 1), {**page, **answers, "csrfmiddlewaretoken": "a" * 64})
    assert expired.status_code == 403
    sent_again(expired)
    # The database has a bad moment.
    with monkeypatch.context() as broken:
        broken.setattr("surveys.services.save_page", lambda **_: 1 / 0)
        failed = client.post(page_url(survey, 1), {**page, **answers})
    assert failed.status_code == 500
    sent_again(failed)
    # What another site sends in somebody's name is not offered again.
    forged = client.post(page_url(survey, 1), {**answers, "whose": "x", "csrfmiddlewaretoken": "a" * 64})
    assert "Send it again" not in forged.content.decode()
