"""Answering: kept page by page, handed in once, known only by a random key."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from privacy.models import AuditEvent
from surveys import services
from surveys.models import Answer, ParticipantKey, Response
from surveys.scoring import score
from surveys.selectors import first_unanswered, given_answers, own_response, pages
from surveys.selectors.groups import items_of
from surveys.services.answering import save_pages
from tests.surveys.people import AFTER, BEFORE, FIRST_SESSION, answer, cohort_with_sessions, seated, survey_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pre(move_clock):  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    return survey_of(cohort, "pre"), seated(cohort)


def test_half_a_page_is_kept_and_taken_up_again(pre) -> None:  # type: ignore[no-untyped-def]
    survey, enrolment = pre
    part = pages(survey)[0]
    first, second = list(part.instrument.items.all())[:2]
    services.save_page(survey=survey, enrolment=enrolment, part=part, values={first.pk: 2})
    services.save_page(survey=survey, enrolment=enrolment, part=part, values={first.pk: 4, second.pk: None})
    response = own_response(survey, enrolment)
    assert given_answers(response) == {first.pk: 4, second.pk: None}
    assert first_unanswered(response) == 1


def test_it_can_be_handed_in_only_when_every_statement_has_an_answer(pre) -> None:  # type: ignore[no-untyped-def]
    survey, enrolment = pre
    answer(enrolment, "pre", submit=False)
    gap = pages(survey)[2].instrument.items.first()
    Answer.objects.filter(item=gap).delete()
    with pytest.raises(services.UnansweredError) as refusal:
        services.submit(survey=survey, enrolment=enrolment)
    assert refusal.value.page == 3
    services.save_page(survey=survey, enrolment=enrolment, part=pages(survey)[2], values={gap.pk: None})
    assert services.submit(survey=survey, enrolment=enrolment).submitted_at is not None


def test_what_was_handed_in_stays_as_it_is(pre) -> None:  # type: ignore[no-untyped-def]
    _, enrolment = pre
    answer(enrolment, "pre", 3)
    with pytest.raises(services.AlreadySubmittedError):
        answer(enrolment, "pre", 1)
    assert set(Answer.objects.values_list("value", flat=True)) == {3}


@pytest.mark.parametrize("value", [0, 6, 99, -1])
def test_an_answer_that_the_scale_does_not_have_is_refused(pre, value: int) -> None:  # type: ignore[no-untyped-def]
    survey, enrolment = pre
    part = pages(survey)[0]
    with pytest.raises(ValidationError):
        services.save_page(
            survey=survey, enrolment=enrolment, part=part, values={part.instrument.items.first().pk: value}
        )
    assert not Answer.objects.exists()


def test_a_response_knows_its_person_by_a_random_key_alone(pre) -> None:  # type: ignore[no-untyped-def]
    _, enrolment = pre
    answer(enrolment, "pre")
    key = ParticipantKey.objects.get(enrolment=enrolment).key
    assert Response.objects.get().participant_key == key
    assert len(key) == 32
    related = {field.related_model.__name__ for field in Response._meta.get_fields() if field.related_model}
    assert related == {"Survey", "Answer", "QuestionAnswer"}
    assert not AuditEvent.objects.filter(actor=enrolment.user).exists()


def test_a_late_first_survey_is_taken_and_flagged(pre, move_clock) -> None:  # type: ignore[no-untyped-def]
    _, enrolment = pre
    move_clock(FIRST_SESSION + dt.timedelta(minutes=1))
    answer(enrolment, "pre")
    assert Response.objects.get().late is True


def test_the_second_survey_opens_when_the_last_session_has_ended(pre, move_clock) -> None:  # type: ignore[no-untyped-def]
    _, enrolment = pre
    with pytest.raises(services.NotOpenError):
        answer(enrolment, "post")
    move_clock(AFTER)
    answer(enrolment, "post")
    with pytest.raises(services.NotOpenError):
        answer(enrolment, "pre")


def test_a_reversed_statement_is_turned_round_at_scoring_only(pre) -> None:  # type: ignore[no-untyped-def]
    survey, enrolment = pre
    answer(enrolment, "pre", lambda item: 4)
    belonging = next(part for part in pages(survey) if part.instrument.key == "belonging")
    given = given_answers(own_response(survey, enrolment))
    assert {given[item.pk] for item in belonging.instrument.items.all()} == {4}
    assert score(belonging.instrument, items_of(belonging), given) == (4 + 4 + 4 + 2) / 4


@pytest.mark.parametrize(("answered", "expected"), [(8, 3.0), (7, 3.0), (6, None), (0, None)])
def test_the_published_scale_needs_seven_of_eight(pre, answered: int, expected: float | None) -> None:  # type: ignore[no-untyped-def]
    survey, _ = pre
    part = pages(survey)[0]
    items = items_of(part)
    given = {item.pk: 3 if n < answered else None for n, item in enumerate(items)}
    assert score(part.instrument, items, given) == expected
    part.instrument.scoring = "sum"
    assert score(part.instrument, items, given) == (expected and expected * 8)


def test_several_pages_are_kept_together_or_not_at_all(pre) -> None:  # type: ignore[no-untyped-def]
    survey, enrolment = pre
    parts = pages(survey)
    told = [(part, {item.pk: 2 for item in part.instrument.items.all()}) for part in parts]
    wrong = [*told[:-1], (parts[-1], {parts[-1].instrument.items.first().pk: 99})]
    with pytest.raises(ValidationError):
        save_pages(survey=survey, enrolment=enrolment, pages=wrong)
    assert not Answer.objects.exists()
    response = save_pages(survey=survey, enrolment=enrolment, pages=told)
    assert response.page == parts[-1].position
    assert first_unanswered(response) is None
    assert set(Answer.objects.values_list("value", flat=True)) == {2}
