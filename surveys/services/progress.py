"""What a person does with their own progress: rate their goals, take it away as a PDF. Leaves no audit line."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from uuid import UUID

import typst
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import clock
from cohorts.models import Topic
from participants.models import Enrolment
from participants.services import keep_goals
from surveys.charts import LEFT, RIGHT, Mark
from surveys.models import GoalRating, ParticipantKey
from surveys.selectors.goals import goals_of
from surveys.selectors.link import is_unlinked, links_of
from surveys.selectors.progress import ScaleProgress, progress
from ui.dates import uk_date

TEMPLATE = Path(__file__).resolve().parent.parent / "progress.typ"
# A goal's ratings by its topic's key (None: the goal in one's own words): before, now.
Ratings = Mapping[UUID | None, tuple[int | None, int | None]]


@transaction.atomic
def rate_goals(*, enrolment: Enrolment, ratings: Ratings) -> None:
    """Keep how somebody rates their goals. Raises ValidationError for what is no goal of theirs, and once it is
    forgotten whose answers are whose."""
    if is_unlinked(enrolment.cohort):
        raise ValidationError("Nothing is kept under your key any more.")
    if not set(ratings) <= {goal.topic for goal in goals_of(enrolment)}:
        raise ValidationError("That is not one of your goals.")
    ParticipantKey.objects.bulk_create([ParticipantKey(enrolment=enrolment)], ignore_conflicts=True)
    key = ParticipantKey.objects.select_for_update().get(enrolment=enrolment).key
    for topic, (before, now) in ratings.items():
        GoalRating.objects.update_or_create(
            participant_key=key, topic_id=topic, defaults={"before": before, "now": now}
        )


@transaction.atomic
def change_goals(*, enrolment: Enrolment, topics: Iterable[Topic], goal_note: str, same_note: bool = False) -> None:
    """Replace somebody's own goals. Ratings stay with the goals that stay; those of goals taken away go with them.

    The goal in their own words keeps its rating while its words are the same, or where they say that it is still the
    `same_note`; to a new goal nothing is carried over. Raises RefusedError once goals can't change.
    """
    chosen = list(topics)
    before = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk).goal_note
    keep_goals(enrolment=enrolment, topics=chosen, goal_note=goal_note)
    own_stays = bool(goal_note) and (same_note or goal_note.splitlines() == before.splitlines())
    stay = Q(topic__in=chosen) | Q(topic=None) if own_stays else Q(topic__in=chosen)
    keys = list(links_of([enrolment.pk]))
    GoalRating.objects.filter(participant_key__in=keys).exclude(stay).delete()


def progress_pdf(enrolment: Enrolment) -> bytes:
    """The person's progress page as a tagged PDF (PDF/UA-1)."""
    found = progress(enrolment)
    data = {
        "name": enrolment.user.get_full_name(),
        "cohort": enrolment.cohort.name,
        "service": settings.SERVICE_NAME,
        "date": uk_date(clock.now()),
        "missing": found.missing,
        "late": found.late,
        "complete": found.is_complete,
        "scales": [_scale(scale) for scale in found.scales],
        "goals": [
            {"text": goal.text, "before": goal.before_words, "now": goal.now_words} for goal in goals_of(enrolment)
        ],
    }
    return typst.compile(
        _source(),
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        timestamp=clock.now().replace(microsecond=0),
    )


def _scale(scale: ScaleProgress) -> dict[str, object]:
    return asdict(scale) | {"chart": {"before": _share(scale.chart.before), "after": _share(scale.chart.after)}}


def _share(mark: Mark | None) -> float | None:
    """Where a value lies on its scale, from 0 to 1."""
    return None if mark is None else round((mark.x - LEFT) / (RIGHT - LEFT), 4)


@cache
def _source() -> bytes:
    return TEMPLATE.read_bytes()
