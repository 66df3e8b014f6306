"""Answering a survey: saved page by page, handed in once.

These writes leave no line in the audit trail: it would tie answers to a person a second time.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from participants.models import Enrolment
from surveys.models import Answer, ParticipantKey, QuestionAnswer, Response, Survey, SurveyPart
from surveys.selectors.answers import has_handed_in
from surveys.selectors.link import links_of
from surveys.selectors.steps import first_unanswered
from surveys.selectors.windows import Span, Window, window
from surveys.services.plans import lock_plan

# The answers to a page by the item's key; None for “prefer not to say”.
Values = Mapping[UUID, int | None]


class NotOpenError(ValidationError):
    """The survey can't be answered at this time."""


class AlreadySubmittedError(ValidationError):
    """The survey was handed in; its answers stay as they are."""


class UnansweredError(ValidationError):
    """Something has neither an answer nor “prefer not to say”; `page` is the first page with such a gap."""

    def __init__(self, page: int) -> None:
        super().__init__(f"There is something left to answer on page {page}.")
        self.page = page


def save_page(*, survey: Survey, enrolment: Enrolment, part: SurveyPart, values: Values) -> Response:
    """Keep the answers to one page; see `save_pages`."""
    return save_pages(survey=survey, enrolment=enrolment, pages=[(part, values)])


@transaction.atomic
def save_pages(
    *, survey: Survey, enrolment: Enrolment, pages: Sequence[tuple[SurveyPart, Values]], span: Span | None = None
) -> Response:
    """Keep the answers to pages in their order, whole or in part: `values` by item key, None for “prefer not to say”.

    The person comes back to the last of them. Whoever saves for many people passes the cohort's `span` of sessions.
    Raises NotOpenError and AlreadySubmittedError; ValidationError for an answer that a page's scale does not have.
    """
    response = _open_response(survey, enrolment, window(survey, span))
    for part, values in pages:
        refuse_foreign(part, values)
    Answer.objects.bulk_create(
        [Answer(response=response, item_id=key, value=value) for _, values in pages for key, value in values.items()],
        update_conflicts=True,
        unique_fields=["response", "item"],
        update_fields=["value"],
    )
    response.page = pages[-1][0].position
    response.save(update_fields=["page"])
    return response


# The answers to the team's own questions by their key: the numbers of what was chosen, and words.
OwnValues = Mapping[UUID, tuple[list[int], str]]


@transaction.atomic
def save_questions(*, survey: Survey, enrolment: Enrolment, values: OwnValues) -> Response:
    """Keep the answers to the team's own questions. Raises as `save_pages` does."""
    response = _open_response(survey, enrolment, window(survey))
    own = {question.pk: question for question in survey.questions.all()}
    for key, (chosen, _) in values.items():
        if key not in own or not {str(number) for number in chosen} <= own[key].accepted:
            raise ValidationError("That is not an answer to this page.")
    QuestionAnswer.objects.bulk_create(
        [QuestionAnswer(response=response, question_id=k, chosen=c, text=t) for k, (c, t) in values.items()],
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["chosen", "text"],
    )
    return response


def refuse_foreign(part: SurveyPart, values: Values) -> None:
    """Raise ValidationError for an answer to something else, or one that the scale does not have."""
    items = {item.pk for item in part.instrument.items.all()}
    scale = range(part.instrument.scale_min, part.instrument.scale_max + 1)
    if any(key not in items or (value is not None and value not in scale) for key, value in values.items()):
        raise ValidationError("That is not an answer to this page.")


@transaction.atomic
def submit(*, survey: Survey, enrolment: Enrolment, span: Span | None = None) -> Response:
    """Hand the survey in. Raises UnansweredError while something is left, NotOpenError and AlreadySubmittedError."""
    state = window(survey, span)
    response = _open_response(survey, enrolment, state)
    gap = first_unanswered(response)
    if gap is not None:
        raise UnansweredError(gap)
    response.submitted_at, response.late = clock.now(), state == Window.LATE
    response.save(update_fields=["submitted_at", "late"])
    if survey.wave == Survey.Wave.POST:
        lock_plan(cohort=survey.cohort)
    return response


def _open_response(survey: Survey, enrolment: Enrolment, state: Window) -> Response:
    """The person's response, locked; made with its random key at the first answer."""
    if not state.may_answer:
        raise NotOpenError("This survey can’t be answered at the moment.")
    if survey.wave == Survey.Wave.THEN and not has_handed_in(enrolment, Survey.Wave.POST):
        raise NotOpenError("This page comes after the survey at the end.")
    locked = _locked(survey, enrolment) or begin(survey, enrolment)
    if locked.submitted_at is not None:
        raise AlreadySubmittedError("You have handed this survey in already.")
    return locked


def _locked(survey: Survey, enrolment: Enrolment) -> Response | None:
    keys = list(links_of([enrolment.pk]))
    return Response.objects.select_for_update().filter(survey=survey, participant_key__in=keys).first()


def begin(survey: Survey, enrolment: Enrolment, occasion: int = 0) -> Response:
    """The person's response, locked. Of two first answers at one moment one makes the row, and the other waits."""
    ParticipantKey.objects.bulk_create([ParticipantKey(enrolment=enrolment)], ignore_conflicts=True)
    key = ParticipantKey.objects.get(enrolment=enrolment).key
    which = {"survey": survey, "participant_key": key, "occasion": occasion}
    Response.objects.bulk_create([Response(**which)], ignore_conflicts=True)
    return Response.objects.select_for_update().get(**which)
