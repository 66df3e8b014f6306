"""Questions that other apps and the views ask of surveys."""

from surveys.selectors.answers import (
    asked_of,
    given_answers,
    has_handed_in,
    own_answers,
    own_response,
    own_surveys,
    pages,
)
from surveys.selectors.check_ins import (
    DueCheckIn,
    check_in_page,
    check_ins_among,
    checked_in,
    due_check_ins,
    due_mid_points,
    is_check_in_open,
    is_mid_point,
    mid_point_note,
    was_there,
)
from surveys.selectors.closing import ClosingPreview, closing_blockers, closing_preview
from surveys.selectors.due import DueSurvey, due_among, due_of, due_surveys, minutes_for
from surveys.selectors.evidence import Evidence, evidence
from surveys.selectors.flow import reach_words
from surveys.selectors.goals import Goal, goals_of
from surveys.selectors.headings import OWN_QUESTIONS, citation_of, heading_of
from surveys.selectors.impact import (
    CohortImpact,
    cohort_impact,
    organisation_outcomes,
    outside_figures,
    published_figures,
    released_figures,
)
from surveys.selectors.intruder import NotCheckedError, may_pass_on
from surveys.selectors.link import is_unlinked
from surveys.selectors.onboarding import Checklist, Task, checklist, completion, guides_of, is_getting_ready, not_ready
from surveys.selectors.plans import evaluation_plan
from surveys.selectors.progress import Progress, progress, progress_in
from surveys.selectors.reach import LiveImpact, live_impact
from surveys.selectors.steps import Step, first_unanswered, steps
from surveys.selectors.testimonials import quotes_in, quotes_of
from surveys.selectors.windows import Window, opened_at, session_span, window

__all__ = [
    "OWN_QUESTIONS",
    "Checklist",
    "ClosingPreview",
    "CohortImpact",
    "DueCheckIn",
    "DueSurvey",
    "Evidence",
    "Goal",
    "LiveImpact",
    "NotCheckedError",
    "Progress",
    "Step",
    "Task",
    "Window",
    "asked_of",
    "check_in_page",
    "check_ins_among",
    "checked_in",
    "checklist",
    "citation_of",
    "closing_blockers",
    "closing_preview",
    "cohort_impact",
    "completion",
    "due_among",
    "due_check_ins",
    "due_mid_points",
    "due_of",
    "due_surveys",
    "evaluation_plan",
    "evidence",
    "first_unanswered",
    "given_answers",
    "goals_of",
    "guides_of",
    "has_handed_in",
    "heading_of",
    "is_check_in_open",
    "is_getting_ready",
    "is_mid_point",
    "is_unlinked",
    "live_impact",
    "may_pass_on",
    "mid_point_note",
    "minutes_for",
    "not_ready",
    "opened_at",
    "organisation_outcomes",
    "outside_figures",
    "own_answers",
    "own_response",
    "own_surveys",
    "pages",
    "progress",
    "progress_in",
    "published_figures",
    "quotes_in",
    "quotes_of",
    "reach_words",
    "released_figures",
    "session_span",
    "steps",
    "was_there",
    "window",
]
