"""Which outcomes a cohort is judged by."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from cohorts.models import Cohort
from surveys.models import EvaluationPlan, Response, Survey, SurveyPart


def planned(cohort: Cohort) -> list[str]:
    """Keys of instruments, the primary outcome first: as planned, else in the order in which they are asked."""
    plan = EvaluationPlan.objects.filter(cohort=cohort).first()
    if plan is not None:
        return list(plan.outcomes)
    parts = SurveyPart.objects.filter(survey__cohort=cohort, survey__wave=Survey.Wave.PRE).order_by("position")
    return list(parts.values_list("instrument__key", flat=True))


@dataclass(frozen=True)
class Plan:
    """The outcomes of a cohort as (key, name), the primary first, and whether that order stands for good."""

    outcomes: list[tuple[str, str]]
    locked: bool
    locked_at: dt.datetime | None
    digest: str


def evaluation_plan(cohort: Cohort) -> Plan:
    """What will be tested, in words."""
    keys, plan = planned(cohort), EvaluationPlan.objects.filter(cohort=cohort).first()
    parts = SurveyPart.objects.filter(survey__cohort=cohort, survey__wave=Survey.Wave.PRE)
    names = dict(parts.values_list("instrument__key", "instrument__plain_name"))
    locked_at = plan.locked_at if plan else None
    return Plan(
        outcomes=[(key, names.get(key, key)) for key in keys],
        locked=locked_at is not None or has_second_answers(cohort),
        locked_at=locked_at,
        digest=plan.digest if plan else "",
    )


def plan_digest(outcomes: list[str]) -> str:
    return hashlib.sha256(json.dumps(outcomes).encode()).hexdigest()


def has_second_answers(cohort: Cohort) -> bool:
    """Whether a second survey was handed in, from which on the plan stands."""
    return Response.objects.filter(
        survey__cohort=cohort, survey__wave=Survey.Wave.POST, submitted_at__isnull=False
    ).exists()
