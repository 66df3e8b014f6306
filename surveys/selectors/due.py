"""Which surveys a person may answer now."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import User
from circles.selectors.people import TOOK_PART, who_took_part
from participants.models import Enrolment
from surveys.models import ParticipantKey, Response, Survey
from surveys.selectors.windows import Window, session_span, window

SECONDS_AN_ITEM = 12


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
    found = []
    for enrolment in enrolments.order_by("cohort__launch_from"):
        found += _due_in_cohort(enrolment)
    return found


def _due_in_cohort(enrolment: Enrolment) -> list[DueSurvey]:
    span, states = session_span(enrolment.cohort), response_states(enrolment)
    surveys = (
        enrolment.cohort.surveys.before_and_after()
        .annotate(items=Count("parts__instrument__items"))
        .select_related("cohort")
    )
    waiting = [(survey, window(survey, span)) for survey in surveys if states.get(survey.pk) is not True]
    return [
        DueSurvey(survey, enrolment, now, survey.pk in states, minutes_for(survey.items))
        for survey, now in waiting
        if now.may_answer and (survey.wave == Survey.Wave.PRE or has_taken_part(enrolment))
    ]


def has_taken_part(enrolment: Enrolment) -> bool:
    """Only who sits in a circle, or came to a session of one that has ended, is asked to look back."""
    return who_took_part(enrolment.cohort).filter(pk=enrolment.pk).exists()


def concerned(survey: Survey) -> QuerySet[Enrolment]:
    """The people who are written to about a survey: those enrolled, and for the second one who took part."""
    people = survey.cohort.enrolments.enrolled()
    if survey.wave == Survey.Wave.PRE:
        return people.filter(completed_at__isnull=False)
    return people.filter(TOOK_PART)


def response_states(enrolment: Enrolment) -> dict[object, bool]:
    """For each survey that the person began: whether it is handed in."""
    keys = ParticipantKey.objects.filter(enrolment=enrolment).values("key")
    begun = Response.objects.filter(participant_key__in=keys)
    return {survey: submitted is not None for survey, submitted in begun.values_list("survey_id", "submitted_at")}


def waiting_for(survey: Survey) -> QuerySet[Enrolment]:
    """Those whom a survey concerns and who have not handed it in."""
    handed_in = Response.objects.filter(survey=survey, submitted_at__isnull=False).values("participant_key")
    answered = ParticipantKey.objects.filter(key__in=handed_in).values("enrolment_id")
    return concerned(survey).exclude(pk__in=answered)
