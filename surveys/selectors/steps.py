"""The pages of a survey in their order: scales, and between them the team's own questions."""

from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from accounts.prepared import prepared
from surveys.models import Answer, Item, Question, Response, Survey, SurveyPart
from surveys.selectors.answers import pages


@dataclass(frozen=True)
class Step:
    """One page: a scale, or questions that share a place."""

    number: int
    part: SurveyPart | None = None
    questions: list[Question] = field(default_factory=list)


def steps(survey: Survey) -> list[Step]:
    """Every page, numbered from 1."""
    return steps_of(pages(survey), _questions(survey.pk) if getattr(survey, "asks_own", True) else [])


@prepared
def _questions(survey: UUID) -> QuerySet[Question]:
    return Question.objects.filter(survey=survey)


def steps_of(parts: list[SurveyPart], questions: list[Question]) -> list[Step]:
    """Questions of place n come after the nth scale, those of 0 before the first, those without a place at the end."""
    last = len(parts)
    ordered = sorted(questions, key=lambda question: (_place(question, last), question.position))
    own = {place: list(group) for place, group in groupby(ordered, key=lambda question: _place(question, last))}
    found: list[tuple[SurveyPart | None, list[Question]]] = [(None, own[0])] if 0 in own else []
    for place, part in enumerate(parts, start=1):
        found.append((part, []))
        if place in own:
            found.append((None, own[place]))
    return [Step(number, part, asked) for number, (part, asked) in enumerate(found, start=1)]


def _place(question: Question, last: int) -> int:
    """A place beyond the last scale is the end."""
    return last if question.after is None else min(question.after, last)


def first_unanswered(response: Response) -> int | None:
    """The number of the first page with a statement left; None when there is none. Own questions may stay open."""
    given = Answer.objects.filter(response=response).values("item")
    parts = list(SurveyPart.objects.filter(survey=response.survey_id))
    mine = [part.instrument_id for part in parts]
    left = set(Item.objects.filter(instrument__in=mine).exclude(pk__in=given).values_list("instrument", flat=True))
    if not left:
        return None
    asked = steps_of(parts, list(Question.objects.filter(survey=response.survey_id)))
    return next(step.number for step in asked if step.part is not None and step.part.instrument_id in left)
