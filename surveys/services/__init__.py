"""What surveys can do."""

from surveys.services.answering import (
    AlreadySubmittedError,
    NotOpenError,
    UnansweredError,
    save_page,
    save_questions,
    submit,
)
from surveys.services.check_ins import answer_check_in, ask_for_help, decline_mid_point, send_mid_point, settle_note
from surveys.services.closing import close_cohort, release_again, release_snapshot
from surveys.services.comments import decide_comments
from surveys.services.evidence import evidence_pdf
from surveys.services.plans import PlanLockedError, set_plan
from surveys.services.progress import change_goals, progress_pdf, rate_goals
from surveys.services.publishing import publish_figures, withdraw_figures
from surveys.services.reminders import queue_survey_reminders
from surveys.services.setup import add_part, ensure_surveys, new_version
from surveys.services.testimonials import approve_testimonial, offer_testimonial, signatures, withdraw_testimonial

__all__ = [
    "AlreadySubmittedError",
    "NotOpenError",
    "PlanLockedError",
    "UnansweredError",
    "add_part",
    "answer_check_in",
    "approve_testimonial",
    "ask_for_help",
    "change_goals",
    "close_cohort",
    "decide_comments",
    "decline_mid_point",
    "ensure_surveys",
    "evidence_pdf",
    "new_version",
    "offer_testimonial",
    "progress_pdf",
    "publish_figures",
    "queue_survey_reminders",
    "rate_goals",
    "release_again",
    "release_snapshot",
    "save_page",
    "save_questions",
    "send_mid_point",
    "set_plan",
    "settle_note",
    "signatures",
    "submit",
    "withdraw_figures",
    "withdraw_testimonial",
]
