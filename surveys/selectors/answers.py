"""One person's own response to a survey. For that person's eyes, and for scoring."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.prepared import attach, prepared
from circles.selectors.sessions import how_far
from participants.models import Enrolment
from surveys.models import Answer, Item, Question, QuestionAnswer, Response, Survey, SurveyPart
from surveys.selectors.link import keys_of, links_of, take_key, with_key


def own_response(survey: Survey, enrolment: Enrolment) -> Response | None:
    """The person's response as far as it was begun. Who was read and has no key yet has begun nothing."""
    if getattr(enrolment, "read_key", "not read") is None:
        return None
    return next((one for one in _responses(keys_of(enrolment)) if one.survey_id == survey.pk), None)


@dataclass(frozen=True)
class OwnSurveys:
    """The surveys of a person's cohort that one goes through page by page, and their responses as far as begun."""

    enrolment: Enrolment
    surveys: dict[str, Survey]  # by wave
    responses: dict[UUID, Response]  # by survey

    def handed_in(self, wave: str) -> Response | None:
        survey = self.surveys.get(wave)
        begun = self.responses.get(survey.pk) if survey else None
        return begun if begun and begun.submitted_at else None


def own_surveys(enrolment: Enrolment) -> OwnSurveys:
    """Both in three queries, with how far the cohort's sessions are."""
    surveys = {survey.wave: survey for survey in _surveys(enrolment.cohort_id)}
    for survey in surveys.values():
        survey.cohort = enrolment.cohort
    begun = {one.survey_id: one for one in _responses(keys_of(enrolment))} if surveys else {}
    return OwnSurveys(enrolment, surveys, begun)


@prepared
def _surveys(cohort: UUID) -> QuerySet[Survey]:
    return Survey.objects.page_by_page().filter(cohort=cohort).annotate(**how_far()).order_by()


@prepared
def _responses(keys: list[str]) -> QuerySet[Response]:
    return Response.objects.filter(participant_key__in=keys, survey__in=Survey.objects.page_by_page())


def asked_of(survey: UUID, user: User) -> tuple[Survey, Enrolment] | None:
    """A survey that one goes through page by page, and the enrolment with which the person is asked; None if not."""
    for found in _by_page(survey):
        for enrolment in _in_cohort(found.cohort_id, user.pk):
            enrolment.user, found.cohort = user, enrolment.cohort
            take_key(enrolment)
            return found, enrolment
    return None


@prepared
def _by_page(survey: UUID) -> QuerySet[Survey]:
    own = Question.objects.filter(survey=OuterRef("pk"))
    return Survey.objects.page_by_page().filter(pk=survey).annotate(asks_own=Exists(own), **how_far()).order_by()


@prepared
def _in_cohort(cohort: UUID, user: UUID) -> QuerySet[Enrolment]:
    return with_key(Enrolment.objects.active().filter(cohort=cohort, user=user).select_related("cohort__format"))


def has_handed_in(enrolment: Enrolment, wave: str) -> bool:
    keys = list(links_of([enrolment.pk]))
    mine = Response.objects.filter(survey__cohort=enrolment.cohort_id, survey__wave=wave, participant_key__in=keys)
    return mine.filter(submitted_at__isnull=False).exists()


def given_answers(response: Response | None) -> dict[object, int | None]:
    """The answers by item key; None for “prefer not to say”. What was not answered is not in it."""
    return answers_by_response([response])[response.pk] if response else {}


def answers_by_response(responses: list[Response]) -> dict[UUID, dict[object, int | None]]:
    """The same of several responses; one query."""
    found: dict[UUID, dict[object, int | None]] = {one.pk: {} for one in responses}
    for response, item, value in _answers(list(found)):
        found[response][item] = value
    return found


@prepared
def _answers(responses: list[UUID]) -> QuerySet[Answer, tuple[Any, ...]]:
    return Answer.objects.filter(response__in=responses).values_list("response_id", "item_id", "value")


def pages(survey: Survey) -> list[SurveyPart]:
    """The survey's pages in order, each with its instrument and items."""
    parts = _parts(survey.pk)
    for part in parts:
        part.survey = survey
    attach([part.instrument for part in parts], "items", _items(survey.pk))
    return parts


@prepared
def _parts(survey: UUID) -> QuerySet[SurveyPart]:
    return SurveyPart.objects.filter(survey=survey).select_related("instrument")


@prepared
def _items(survey: UUID) -> QuerySet[Item]:
    return Item.objects.filter(instrument__in=SurveyPart.objects.filter(survey=survey).values("instrument"))


def own_answers(response: Response | None) -> dict[object, QuestionAnswer]:
    """The answers to the team's own questions, by question."""
    rows = QuestionAnswer.objects.filter(response=response) if response else []
    return {row.question_id: row for row in rows}
