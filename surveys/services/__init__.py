"""What surveys can do."""

from surveys.services.answering import AlreadySubmittedError, NotOpenError, UnansweredError, save_page, submit
from surveys.services.closing import close_cohort, release_again, release_snapshot
from surveys.services.plans import PlanLockedError, set_plan
from surveys.services.reminders import queue_survey_reminders
from surveys.services.setup import add_part, ensure_surveys
from surveys.services.testimonials import approve_testimonial, offer_testimonial, signatures, withdraw_testimonial

__all__ = [
    "AlreadySubmittedError",
    "NotOpenError",
    "PlanLockedError",
    "UnansweredError",
    "add_part",
    "approve_testimonial",
    "close_cohort",
    "ensure_surveys",
    "offer_testimonial",
    "queue_survey_reminders",
    "release_again",
    "release_snapshot",
    "save_page",
    "set_plan",
    "signatures",
    "submit",
    "withdraw_testimonial",
]
