"""What people said of their sessions and to the team's own questions, as released at the close."""

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from privacy.services import set_consent
from surveys.disclosure import OUTSIDE, TEAM, Ledger
from surveys.models import Answer, ParticipantKey, Question, QuestionAnswer, Response
from surveys.selectors import released_figures
from surveys.selectors.impact import impact_figures
from surveys.services import close_cohort, release_again
from surveys.services.erasure import erase_answers
from tests.factories import StaffFactory
from tests.surveys.people import AFTER, BEFORE, answer_all, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db
WORDS = "nobody reads this in a figure"


@pytest.fixture
def told(move_clock):  # type: ignore[no-untyped-def]
    """So many people answered both surveys, the team's questions, and about the first two sessions."""

    def make(count: int, second_session: int = 0, **values: object):  # type: ignore[no-untyped-def]
        move_clock(BEFORE)
        cohort = cohort_with_sessions(**values)
        post = survey_of(cohort, "post")
        which, why = (
            Question.objects.create(survey=post, position=n, kind=kind, text=f"{kind}?", options="Often\nSeldom\nNever")
            for n, kind in enumerate(("scale", "long"), start=1)
        )
        people = [seated(cohort) for _ in range(count)]
        answer_all(people, "pre", 1, 3)
        move_clock(AFTER)
        answer_all(people, "post", 2, 4)
        for n, response in enumerate(Response.objects.filter(survey=post)):
            QuestionAnswer.objects.create(response=response, question=which, chosen=[1 + n % 2])
            QuestionAnswer.objects.create(response=response, question=why, text=WORDS)
        check_in(people, 1)
        check_in(people[:second_session], 2)
        return cohort, people

    return make


def check_in(people, session: int) -> None:  # type: ignore[no-untyped-def]
    for n, person in enumerate(people):
        survey = survey_of(person.cohort, "check_in")
        response = Response.objects.create(
            survey=survey, occasion=session, submitted_at=survey.cohort.created_at,
            participant_key=ParticipantKey.objects.get(enrolment=person).key,
        )  # fmt: skip
        item = survey.parts.get().instrument.items.get()
        Answer.objects.create(response=response, item=item, value=3 + n % 2)


def test_each_session_has_a_row_and_only_enough_answers_have_a_figure(told) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = told(12, 4)
    rows = impact_figures(cohort, TEAM, Ledger())["check_ins"]["rows"]
    assert [row["session"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[0]["figures"] == {"n": 12, "mean": 3.5, "sd": 0.52}
    assert [row["figures"] for row in rows[1:]] == [None] * 5
    # Four answers look like none.
    assert {**rows[1], "session": 0} == {**rows[2], "session": 0}


def test_own_questions_are_counted_and_words_never(told) -> None:  # type: ignore[no-untyped-def]
    cohort, _ = told(12)
    for audience in (TEAM, OUTSIDE):
        figures = impact_figures(cohort, audience, Ledger())
        assert [question["question"] for question in figures["questions"]] == ["scale?"]
        assert WORDS not in json.dumps(figures)
    [question] = impact_figures(cohort, TEAM, Ledger())["questions"]
    assert [one and one["n"] for one in question["figures"]["options"]] == [None, 6, None]
    [outside] = impact_figures(cohort, OUTSIDE, Ledger())["questions"]
    assert outside["figures"] is None  # six chose each: too few to leave the team


def test_who_did_not_agree_is_in_no_figure(told) -> None:  # type: ignore[no-untyped-def]
    cohort, people = told(6)
    for person in people[:2]:
        set_consent(user=person.user, purpose="evaluation", given=False, how="test")
    figures = impact_figures(cohort, TEAM, Ledger())
    assert figures["check_ins"]["rows"][0]["figures"] is None
    assert figures["questions"][0]["figures"] is None


def test_the_page_and_the_files_show_what_was_released_and_later_erasures_change_nothing(client: Client, told) -> None:  # type: ignore[no-untyped-def]
    cohort, people = told(14, 14)
    close_cohort(cohort=cohort, by=None)
    before = json.dumps(released_figures(cohort, "impact")["check_ins"])
    for person in people[:4]:
        erase_answers(user=person.user)
    assert release_again(cohort=cohort, by=None) is False
    assert json.dumps(released_figures(cohort, "impact")["check_ins"]) == before
    client.force_login(StaffFactory())
    html = client.get(reverse("admin:cohort_impact", args=[cohort.pk])).content.decode()
    assert "3.50 (0.52)" in html
    assert "Over all circles, never for one." in html
    files = {
        name: client.get(reverse("admin:impact_file", args=[cohort.pk, "team", name])).content.decode("utf-8-sig")
        for name in ("sessions.csv", "questions.csv")
    }
    sessions, questions = (list(csv.DictReader(io.StringIO(text))) for text in files.values())
    assert [row["mean"] for row in sessions] == ["3.5", "3.5", "", "", "", ""]
    assert [row["n"] for row in questions] == ["", "7", ""]


def test_the_start_seen_from_the_end_is_a_series_of_its_own(told, client: Client) -> None:  # type: ignore[no-untyped-def]
    cohort, people = told(14)
    headline = [row["figures"] for row in impact_figures(cohort, TEAM, Ledger())["outcomes"]]
    answer_all(people[:9], "then", 1, 2)
    rows = impact_figures(cohort, TEAM, Ledger())["outcomes"]
    assert [row["figures"] for row in rows] == headline
    assert {row["looking_back"]["then_post"]["n_pairs"] for row in rows} == {9}
    assert rows[0]["looking_back"]["then_post"]["p"] is None
    shift = rows[0]["looking_back"]["pre_then"]
    assert shift["mean_diff"] == pytest.approx(shift["mean_post"] - shift["mean_pre"], abs=0.011)
    close_cohort(cohort=cohort, by=None)
    client.force_login(StaffFactory())
    assert "A series of its own" in client.get(reverse("admin:cohort_impact", args=[cohort.pk])).content.decode()


def test_of_the_start_seen_from_the_end_nothing_is_told_that_leaves_few_over(told) -> None:  # type: ignore[no-untyped-def]
    cohort, people = told(14)
    answer_all(people[:12], "then", 1, 2)
    assert impact_figures(cohort, TEAM, Ledger())["outcomes"][0]["looking_back"] is None
