"""What people wrote to the team's own questions: to those who take names out of it, and then to the team.

Never beside anything about who they are, in no figure, in nothing that leaves the team; and nothing before the close.
"""

from dataclasses import dataclass
from uuid import UUID

from cohorts.models import Cohort
from surveys.disclosure import (
    TEAM,
    Asked,
    Audience,
    Ledger,
    Suppressed,
    comments_may_be_read,
    release,
    release_comments,
)
from surveys.models import Comment, Question, QuestionAnswer
from surveys.selectors.groups import consenting_keys, handed_in
from surveys.selectors.link import is_unlinked

WRITTEN = [Question.Kind.SHORT, Question.Kind.LONG]


@dataclass(frozen=True)
class Written:
    """One question with what people wrote, by the answer's random key, and what was decided about each of them."""

    question: Question
    survey: str
    people: frozenset[str]
    words: dict[UUID, str]
    decided: dict[UUID, Comment]

    @property
    def is_done(self) -> bool:
        return self.words.keys() <= self.decided.keys()

    @property
    def audience(self) -> Audience:
        """The team, under the threshold that the survey was launched with."""
        return TEAM.with_threshold(self.question.survey.threshold_team)

    @property
    def may_be_read(self) -> bool:
        return comments_may_be_read(len(self.words), self.audience)

    @property
    def left(self) -> int:
        return len(self.words.keys() - self.decided.keys())


@dataclass(frozen=True)
class Comments:
    """One question as the team reads it: the words, or the sentence that says why there are none."""

    question: str
    survey: str
    words: tuple[str, ...]
    text: str


WAITING = "Somebody of the team takes the names out first."


def written(cohort: Cohort) -> list[Written]:
    """Every question that is answered in words, of a cohort that is closed; nothing once the words are erased."""
    if cohort.closed_at is None or is_unlinked(cohort):
        return []
    keys = consenting_keys(cohort)
    questions = Question.objects.filter(survey__cohort=cohort, kind__in=WRITTEN).select_related("survey")
    return [_written(question, keys) for question in questions.order_by("-survey__wave", "position")]


def _written(question: Question, keys: set[str]) -> Written:
    answers = QuestionAnswer.objects.filter(question=question, response__in=handed_in(question.survey, keys))
    rows = list(answers.exclude(text="").order_by("pk").select_related("response", "comment"))
    return Written(
        question=question,
        survey=question.survey.title,
        people=frozenset(row.response.participant_key for row in rows),
        words={row.pk: row.text for row in rows},
        decided={row.pk: row.comment for row in rows if hasattr(row, "comment")},
    )


def to_read(cohort: Cohort) -> list[Written]:
    """Those that enough people answered for anybody to read them."""
    return [one for one in written(cohort) if one.may_be_read]


def comments(cohort: Cohort) -> list[Comments]:
    """What the team reads, once names are out of every answer to a question."""
    return [_comments(one) for one in written(cohort)]


def _comments(one: Written) -> Comments:
    words = {str(key): _shown(one.decided.get(key)) for key in one.words}
    found = release(
        Asked(f"words {one.question.pk}", one.people),
        lambda: release_comments(words, one.audience),
        audience=one.audience,
        ledger=Ledger(),
    )
    if one.may_be_read and not one.is_done:
        return Comments(one.question.text, one.survey, (), WAITING)
    if isinstance(found, Suppressed):
        return Comments(one.question.text, one.survey, (), found.text)
    return Comments(one.question.text, one.survey, found, "")


def _shown(comment: Comment | None) -> str | None:
    return comment.text if comment is not None and comment.shown else None
