"""Instruments, surveys, confidential responses, testimonials and released figures."""

from surveys.models.comment import Comment
from surveys.models.goal import GoalRating
from surveys.models.instrument import Instrument, Item
from surveys.models.intruder import IntruderTest
from surveys.models.ledger import LedgerEntry
from surveys.models.note import TeamNote
from surveys.models.plan import EvaluationPlan
from surveys.models.publication import Publication
from surveys.models.question import Question, QuestionAnswer
from surveys.models.response import Answer, ParticipantKey, Response, participant_key
from surveys.models.snapshot import Snapshot
from surveys.models.survey import FLOOR, Survey, SurveyPart
from surveys.models.testimonial import Testimonial

__all__ = [
    "FLOOR",
    "Answer",
    "Comment",
    "EvaluationPlan",
    "GoalRating",
    "Instrument",
    "IntruderTest",
    "Item",
    "LedgerEntry",
    "ParticipantKey",
    "Publication",
    "Question",
    "QuestionAnswer",
    "Response",
    "Snapshot",
    "Survey",
    "SurveyPart",
    "TeamNote",
    "Testimonial",
    "participant_key",
]
