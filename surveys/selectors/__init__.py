"""Questions that other apps and the views ask of surveys."""

from surveys.selectors.answers import first_unanswered, given_answers, own_response, pages
from surveys.selectors.closing import ClosingPreview, closing_blockers, closing_preview
from surveys.selectors.due import DueSurvey, due_surveys, minutes_for
from surveys.selectors.impact import CohortImpact, cohort_impact, organisation_outcomes, released_figures
from surveys.selectors.progress import Progress, progress
from surveys.selectors.reach import LiveImpact, live_impact
from surveys.selectors.windows import Window, opened_at, session_span, window

__all__ = [
    "ClosingPreview",
    "CohortImpact",
    "DueSurvey",
    "LiveImpact",
    "Progress",
    "Window",
    "closing_blockers",
    "closing_preview",
    "cohort_impact",
    "due_surveys",
    "first_unanswered",
    "given_answers",
    "live_impact",
    "minutes_for",
    "opened_at",
    "organisation_outcomes",
    "own_response",
    "pages",
    "progress",
    "released_figures",
    "session_span",
    "window",
]
