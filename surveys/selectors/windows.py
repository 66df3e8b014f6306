"""When a cohort's surveys may be answered. Nothing opens them: it follows from the sessions and today's date."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from accounts import clock
from circles.selectors import first_start_and_last_end
from cohorts.models import Cohort
from surveys.models import Survey


class Window(StrEnum):
    """Whether a survey may be answered now. A late first survey is taken, and flagged."""

    NOT_YET = "not_yet"
    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"

    @property
    def may_answer(self) -> bool:
        return self in {Window.OPEN, Window.LATE}


@dataclass(frozen=True)
class Span:
    """From the first planned session of a cohort to the end of its last one."""

    first_starts: dt.datetime
    last_ends: dt.datetime


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=clock.LONDON)


def session_span(cohort: Cohort) -> Span:
    """By the sessions that circles have planned; where none has, by the cohort's key dates."""
    planned = first_start_and_last_end(cohort)
    if planned is None:
        return Span(_midnight(cohort.sessions_from), _midnight(cohort.close_from))
    return Span(*planned)


def window(survey: Survey, span: Span | None = None) -> Window:
    """The survey's state at this moment.

    The first one can be answered from enrolling on; it is late from the first session and closed once the second one
    opens. The second, and the page that looks back, open when the cohort's last session has ended and close with the
    cohort. Whoever asks about many surveys passes each cohort's `span`, or reads them with `how_far` they are.
    """
    begun, ended = _how_far(survey) if span is None and getattr(survey, "is_planned", False) else _reached(survey, span)
    if survey.cohort.closed_at is not None:
        return Window.CLOSED
    if survey.wave in {Survey.Wave.POST, Survey.Wave.THEN}:
        return Window.OPEN if ended else Window.NOT_YET
    if ended:
        return Window.CLOSED
    return Window.LATE if begun else Window.OPEN


def _how_far(survey: Any) -> tuple[bool, bool]:
    return survey.has_begun, not survey.goes_on


def _reached(survey: Survey, span: Span | None) -> tuple[bool, bool]:
    """Whether the first session has begun, and the last one ended."""
    span, now = span or session_span(survey.cohort), clock.now()
    return now >= span.first_starts, now >= span.last_ends


def opened_at(survey: Survey, enrolled_at: dt.datetime, span: Span | None = None) -> dt.datetime:
    """The moment from which a person could answer the survey; reminders count from it."""
    if survey.wave == Survey.Wave.PRE:
        return enrolled_at
    return (span or session_span(survey.cohort)).last_ends
