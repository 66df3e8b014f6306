"""Which surveys a person may answer now."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.prepared import prepared
from circles.selectors.people import TOOK_PART, who_took_part
from circles.selectors.sessions import how_far
from participants.models import Enrolment, EnrolmentState
from surveys.models import Response, Survey
from surveys.selectors.answers import OwnSurveys
from surveys.selectors.link import keys_of, links_of
from surveys.selectors.windows import Window, window

SECONDS_AN_ITEM = 12
NOBODY = ""  # a key that no response has


@dataclass(frozen=True)
class DueSurvey:
    """A survey that waits for a person's answers."""

    survey: Survey
    enrolment: Enrolment
    window: Window
    started: bool
    minutes: int

    @property
    def title(self) -> str:
        return self.survey.title

    @property
    def url(self) -> str:
        return reverse("portal:survey", args=[self.survey.pk])


def minutes_for(items: int) -> int:
    """About how long so many statements take, in whole minutes, never less than two."""
    return max(2, -(-items * SECONDS_AN_ITEM // 60))


def due_surveys(user: User) -> list[DueSurvey]:
    """What the person can answer today and has not handed in, the oldest cohort first."""
    enrolments = user.enrolments.active().filter(cohort__closed_at__isnull=True).select_related("cohort")
    return due_among(list(enrolments.order_by("cohort__launch_from")))


def due_among(enrolments: list[Enrolment], still_meeting: Collection[UUID] = ()) -> list[DueSurvey]:
    """The same of one person's enrolments, in their order.

    Of the cohorts `still_meeting` it is known that a session is to come, so that their second survey is not open yet.
    """
    cohorts = {one.cohort_id: one for one in enrolments if one.cohort.closed_at is None}
    if not cohorts:
        return []
    waiting: dict[UUID, list[Survey]] = {key: [] for key in cohorts}
    keys = keys_of(*cohorts.values())
    for survey in _not_handed_in(list(cohorts), keys or [NOBODY]):
        if survey.wave == Survey.Wave.PRE or survey.cohort_id not in still_meeting:
            waiting[survey.cohort_id].append(survey)
    return _with_minutes(
        [one for key, surveys in waiting.items() if surveys for one in _due_in_cohort(cohorts[key], surveys)]
    )


def due_of(own: OwnSurveys) -> list[DueSurvey]:
    """The same of one part in a cohort whose surveys and responses have been read."""
    enrolment = own.enrolment
    if enrolment.cohort.closed_at is not None or enrolment.state == EnrolmentState.WITHDRAWN:
        return []
    waves = (Survey.Wave.PRE, Survey.Wave.POST)
    waiting = [own.surveys[wave] for wave in waves if wave in own.surveys and not own.handed_in(wave)]
    for survey in waiting:
        survey.is_begun = survey.pk in own.responses
    return _with_minutes(_due_in_cohort(enrolment, waiting))


def _due_in_cohort(enrolment: Enrolment, surveys: list[Survey]) -> list[DueSurvey]:
    for survey in surveys:
        survey.cohort = enrolment.cohort
    found = [DueSurvey(one, enrolment, window(one), one.is_begun, 0) for one in surveys]
    return [
        due
        for due in found
        if due.window.may_answer and (due.survey.wave == Survey.Wave.PRE or has_taken_part(enrolment))
    ]


def _with_minutes(due: list[DueSurvey]) -> list[DueSurvey]:
    if not due:
        return []
    items = dict(_items_in([one.survey.pk for one in due]))
    return [replace(one, minutes=minutes_for(items[one.survey.pk])) for one in due]


@prepared
def _items_in(surveys: list[UUID]) -> QuerySet[Survey, tuple[Any, ...]]:
    counted = Survey.objects.filter(pk__in=surveys).order_by().annotate(items=Count("parts__instrument__items"))
    return counted.values_list("pk", "items")


@prepared
def _not_handed_in(cohorts: list[UUID], keys: list[str]) -> QuerySet[Survey]:
    begun = Response.objects.filter(survey=OuterRef("pk"), participant_key__in=keys)
    surveys = Survey.objects.before_and_after().filter(cohort__in=cohorts).annotate(is_begun=Exists(begun), **how_far())
    return surveys.exclude(Exists(begun.filter(submitted_at__isnull=False))).order_by("-wave")


def has_taken_part(enrolment: Enrolment) -> bool:
    """Only who sits in a circle, or came to a session of one that has ended, is asked to look back."""
    return who_took_part(enrolment.cohort).filter(pk=enrolment.pk).exists()


def concerned(survey: Survey) -> QuerySet[Enrolment]:
    """The people who are written to about a survey: those enrolled, and for the second one who took part."""
    people = survey.cohort.enrolments.enrolled()
    if survey.wave == Survey.Wave.PRE:
        return people.filter(completed_at__isnull=False)
    return people.filter(TOOK_PART)


def response_states(enrolment: Enrolment) -> dict[UUID, bool]:
    """For each survey that the person began: whether it is handed in."""
    begun = Response.objects.filter(participant_key__in=list(links_of([enrolment.pk])))
    return {survey: submitted is not None for survey, submitted in begun.values_list("survey_id", "submitted_at")}


def waiting_for(survey: Survey) -> QuerySet[Enrolment]:
    """Those whom a survey concerns and who have not handed it in."""
    people = concerned(survey)
    whose = links_of(people.order_by().values_list("pk", flat=True))
    handed_in = Response.objects.filter(survey=survey, submitted_at__isnull=False, participant_key__in=list(whose))
    answered = [whose[key] for key in handed_in.values_list("participant_key", flat=True)]
    return people.exclude(pk__in=answered)
