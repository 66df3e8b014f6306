"""One person's own response to a survey. For that person's eyes, and for scoring."""

from participants.models import Enrolment
from surveys.models import Answer, ParticipantKey, QuestionAnswer, Response, Survey, SurveyPart


def own_response(survey: Survey, enrolment: Enrolment) -> Response | None:
    """The person's response as far as it was begun."""
    keys = ParticipantKey.objects.filter(enrolment=enrolment).values("key")
    return Response.objects.filter(survey=survey, participant_key__in=keys).first()


def has_handed_in(enrolment: Enrolment, wave: str) -> bool:
    keys = ParticipantKey.objects.filter(enrolment=enrolment).values("key")
    mine = Response.objects.filter(survey__cohort=enrolment.cohort_id, survey__wave=wave, participant_key__in=keys)
    return mine.filter(submitted_at__isnull=False).exists()


def given_answers(response: Response | None) -> dict[object, int | None]:
    """The answers by item key; None for “prefer not to say”. What was not answered is not in it."""
    return dict(Answer.objects.filter(response=response).values_list("item_id", "value")) if response else {}


def pages(survey: Survey) -> list[SurveyPart]:
    """The survey's pages in order, each with its instrument and items."""
    return list(survey.parts.select_related("instrument").prefetch_related("instrument__items"))


def own_answers(response: Response | None) -> dict[object, QuestionAnswer]:
    """The answers to the team's own questions, by question."""
    rows = QuestionAnswer.objects.filter(response=response) if response else []
    return {row.question_id: row for row in rows}
