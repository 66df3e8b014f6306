"""Asking for answers: when a survey opens and 7, 14 and 21 days later, until it is handed in.

Derived from the sessions each time, so a doubled tick changes nothing and a lost one is made up for.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from accounts import clock
from cohorts.calendar import is_open, next_opening
from cohorts.models import Cohort, ReminderRule
from outbox.models import Message
from outbox.services import queue
from participants.models import Enrolment
from surveys.models import ParticipantKey, Response, Survey
from surveys.selectors.due import concerned
from surveys.selectors.windows import Span, Window, opened_at, session_span, window

DEFAULT_DAYS = [0, 7, 14, 21]
# What could not be asked for longer than this (the system was down) is left out: the next one comes anyway.
GRACE = dt.timedelta(days=3)


@transaction.atomic
def queue_survey_reminders() -> int:
    """Queue what is due now, in working hours only; returns how many messages are new."""
    if not is_open(clock.now()):
        return 0
    cohorts = Cohort.objects.filter(closed_at__isnull=True, surveys__isnull=False).distinct()
    return sum(_queue(*found) for cohort in cohorts for found in _open_surveys(cohort))


def _open_surveys(cohort: Cohort) -> Iterator[tuple[Survey, Span, list[int]]]:
    """The cohort's surveys that are open (not late), with the days after opening on which people are asked."""
    span, days = session_span(cohort), days_of(cohort)
    for survey in cohort.surveys.select_related("cohort"):
        if window(survey, span) == Window.OPEN:
            yield survey, span, days


def days_of(cohort: Cohort) -> list[int]:
    """The cohort's own rules; the usual days where it has none. A rule that is switched off stays off."""
    rules = list(cohort.reminder_rules.filter(kind=ReminderRule.Kind.SURVEY))
    return sorted(rule.days for rule in rules if rule.enabled) if rules else DEFAULT_DAYS


def _queue(survey: Survey, span: Span, days: list[int]) -> int:
    asked, told = 0, _told(survey)
    for enrolment in waiting_for(survey):
        due = _due_day(opened_at(survey, enrolment.completed_at, span), days)
        if due is not None and (enrolment.user_id, str(due)) not in told:
            kind = "surveys.survey_reminder" if due else "surveys.survey_open"
            queue(kind=kind, about=survey, to=enrolment.user, occurrence=str(due))
            asked += 1
    return asked


def _told(survey: Survey) -> set[tuple[object, str]]:
    """Who has been asked on which day: a tick without news costs a few queries, whatever the size of the cohort."""
    return set(Message.objects.about(survey).values_list("recipient_id", "occurrence"))


def waiting_for(survey: Survey) -> list[Enrolment]:
    """Those whom the survey concerns and who have not handed it in."""
    handed_in = Response.objects.filter(survey=survey, submitted_at__isnull=False).values("participant_key")
    answered = ParticipantKey.objects.filter(key__in=handed_in).values("enrolment_id")
    return list(concerned(survey).exclude(pk__in=answered).select_related("user"))


def _due_day(opened: dt.datetime, days: list[int]) -> int | None:
    """The latest of the days that has come and is not long past."""
    now = clock.now()
    for day in reversed(days):
        since = next_opening(opened + dt.timedelta(days=day))
        if since <= now:
            return day if now < since + GRACE else None
    return None
