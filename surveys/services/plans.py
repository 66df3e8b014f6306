"""Saying what will be tested, and standing by it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from privacy.services import record
from surveys.models import EvaluationPlan
from surveys.selectors.plans import has_second_answers, plan_digest, planned


class PlanLockedError(ValidationError):
    """The plan stands: somebody has handed in a second survey."""


def set_plan(*, cohort: Cohort, outcomes: list[str], by: User) -> EvaluationPlan:
    """Say in which order outcomes count, the primary first. All that is asked before has to be in it.

    Raises ValidationError, and PlanLockedError once a second survey is handed in; that refusal is in the audit trail.
    """
    plan = EvaluationPlan.objects.filter(cohort=cohort).first()
    if (plan and plan.locked_at) or has_second_answers(cohort):
        record(by=by, verb="evaluation_plan.refused", about=cohort)
        raise PlanLockedError("The plan is locked: somebody has handed in the second survey.")
    if sorted(outcomes) != sorted(planned(cohort)):
        raise ValidationError("Every outcome has its place in the plan, once.")
    return _save(cohort, outcomes, by)


@transaction.atomic
def _save(cohort: Cohort, outcomes: list[str], by: User) -> EvaluationPlan:
    plan, _ = EvaluationPlan.objects.update_or_create(cohort=cohort, defaults={"outcomes": outcomes})
    record(by=by, verb="evaluation_plan.set", about=cohort, primary=outcomes[0] if outcomes else "")
    return plan


@transaction.atomic
def lock_plan(*, cohort: Cohort) -> None:
    """Lock the plan as it is now, with its hash. Doing it again changes nothing."""
    if EvaluationPlan.objects.filter(cohort=cohort, locked_at__isnull=False).exists():
        return
    plan, _ = EvaluationPlan.objects.get_or_create(cohort=cohort, defaults={"outcomes": planned(cohort)})
    EvaluationPlan.objects.filter(pk=plan.pk, locked_at__isnull=True).update(
        locked_at=clock.now(), digest=plan_digest(plan.outcomes)
    )
