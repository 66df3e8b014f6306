"""A person's own goals and how they rate them. Shown to that person and to nobody else."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.prepared import prepared
from cohorts.models import Topic
from participants.models import Enrolment
from surveys.models import GoalRating
from surveys.selectors.link import keys_of

NOT_RATED = "Not rated"


@dataclass(frozen=True)
class Goal:
    """One goal, with both ratings (1 to 5) or None. Without a `topic` it is the one in the person's own words."""

    topic: UUID | None
    text: str
    before: int | None
    now: int | None

    @property
    def is_rated(self) -> bool:
        return self.before is not None or self.now is not None

    @property
    def before_words(self) -> str:
        return _words(self.before)

    @property
    def now_words(self) -> str:
        return _words(self.now)


def _words(value: int | None) -> str:
    return NOT_RATED if value is None else GoalRating.Reach(value).label


def goals_of(enrolment: Enrolment) -> list[Goal]:
    """What the person chose and wrote when they enrolled, in that order."""
    rated = {rating.topic_id: rating for rating in _ratings(keys_of(enrolment))}
    named = _topics(enrolment.pk)
    own = [(None, enrolment.goal_note)] if enrolment.goal_note else []
    return [_goal(key, text, rated.get(key)) for key, text in [*named, *own]]


@prepared
def _ratings(keys: list[str]) -> QuerySet[GoalRating]:
    return GoalRating.objects.filter(participant_key__in=keys)


@prepared
def _topics(enrolment: UUID) -> QuerySet[Topic, tuple[UUID, str]]:
    return Topic.objects.filter(enrolments=enrolment).values_list("pk", "name")


def _goal(topic: UUID | None, text: str, rating: GoalRating | None) -> Goal:
    return Goal(topic, text, rating.before if rating else None, rating.now if rating else None)
