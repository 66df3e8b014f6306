"""A person's own before and after."""

import pytest

from surveys.models import Instrument
from surveys.selectors import progress
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db
BANNED = ["no progress", "deteriorated", "worse", "failed"]


def scale(found, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in found.scales if one.name == name)


def test_what_is_missing_is_said(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    assert progress(enrolment).scales == []
    assert "not handed in a survey yet" in progress(enrolment).missing
    answer(enrolment, "pre")
    found = progress(enrolment)
    assert "“after” is not here yet" in found.missing
    assert (found.scales[0].before, found.scales[0].after, found.scales[0].difference) == ("3.00", "", "")


def test_before_and_after_with_answers_in_words(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    answer(enrolment, "pre", 2)
    move_clock(AFTER)
    answer(enrolment, "post", lambda item: None if item.number == 1 else 4)
    found = progress(enrolment)
    first = found.scales[0]
    assert found.is_complete
    assert (first.before, first.after, first.difference) == ("2.00", "4.00", "+2.00")
    assert (first.items[0].before, first.items[0].after) == ("Disagree", "Prefer not to say")
    assert first.items[1].after == "Agree"
    assert first.chart.title == "Confidence in what I can achieve: before 2.00, after 4.00"
    assert scale(found, "Networks and contacts").note.startswith("The programme’s own")


def test_an_unfinished_survey_is_not_shown_as_an_answer(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    answer(enrolment, "pre", submit=False)
    assert progress(enrolment).scales == []


@pytest.mark.parametrize(
    ("pre", "post", "words"),
    [
        (2, 4, "Higher than before, by more than measurement error."),
        (3, 3, "Within normal variation"),
        (4, 2, "talk to your mentor"),
    ],
)
def test_the_change_is_put_in_words_as_uncertain_as_it_is(move_clock, pre: int, post: int, words: str) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    seated(cohort)
    enrolment = seated(cohort)
    Instrument.objects.filter(key="ngse").update(reference_sd=0.5)
    answer(enrolment, "pre", pre)
    move_clock(AFTER)
    answer(enrolment, "post", post)
    found = progress(enrolment).scales[0]
    assert words in found.words
    assert "published figures" in found.yardstick
    assert not any(word in found.words.lower() for word in BANNED)


@pytest.mark.parametrize(("pre", "post", "talk"), [(2, 4, True), (4, 2, False)])
def test_where_lower_is_hoped_for_a_rise_is_what_somebody_may_want_to_talk_about(
    move_clock, pre: int, post: int, talk: bool
) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    seated(cohort)
    enrolment = seated(cohort)
    Instrument.objects.filter(key="ngse").update(reference_sd=0.5, higher_is_better=False)
    answer(enrolment, "pre", pre)
    move_clock(AFTER)
    answer(enrolment, "post", post)
    found = progress(enrolment).scales[0]
    assert ("talk to your mentor" in found.words) is talk
    assert found.words.startswith("Higher" if post > pre else "Lower")
    assert "a lower score is what the programme hopes for" in found.note
    assert not any(word in found.words.lower() for word in BANNED)


def test_a_mentor_is_pointed_to_the_team(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    mentor = seated(cohort_with_sessions())
    Instrument.objects.filter(key="ngse").update(reference_sd=0.5)
    answer(mentor, "pre", 4)
    move_clock(AFTER)
    answer(mentor, "post", 1)
    assert "talk to the programme team" in progress(mentor).scales[0].words


def test_without_a_yardstick_nothing_is_claimed(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    enrolment = seated(cohort_with_sessions())
    answer(enrolment, "pre", 2)
    move_clock(AFTER)
    answer(enrolment, "post", 4)
    found = progress(enrolment).scales[0]
    assert found.words == "We can’t say yet how large a change on these statements has to be to mean something."
    assert found.yardstick == ""


def test_from_thirty_people_on_the_cohorts_own_answers_are_the_yardstick(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    people = [seated(cohort) for _ in range(30)]
    for n, person in enumerate(people):
        answer(person, "pre", lambda item, n=n: 1 + (n + (item.number % 3 == 0)) % 4)
    move_clock(AFTER)
    answer(people[0], "post", 4)
    assert "the first answers of about 30 people in your cohort" in progress(people[0]).scales[0].yardstick


@pytest.mark.parametrize(("yardstick", "higher"), [(0.2, True), (0.5, False), (0.6, False)])
def test_what_is_printed_never_contradicts_the_verdict(move_clock, yardstick: float, higher: bool) -> None:  # type: ignore[no-untyped-def]
    """A change of 0.50 beside a yardstick that is a little smaller than it is printed."""
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    seated(cohort)
    enrolment = seated(cohort)
    # With a reliability of a half the yardstick is 1.96 times the spread.
    Instrument.objects.filter(key="ngse").update(reliability=0.5, reference_sd=(yardstick - 0.002) / 1.96)
    answer(enrolment, "pre", 2)
    move_clock(AFTER)
    answer(enrolment, "post", lambda item: 3 if item.number <= 4 else 2)
    found = progress(enrolment).scales[0]
    assert found.difference == "+0.50"
    assert f"up to {yardstick:.2f} points" in found.yardstick
    assert found.words.startswith("Higher") is higher
