"""What will be tested, said before there is anything to test."""

from django.db import models

from accounts.fields import Base
from cohorts.models import Cohort


class EvaluationPlan(Base):
    """A cohort's outcomes by instrument key: the first is primary, the others secondary in their order.

    Locked, with a hash of its contents, by the first second survey that is handed in.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, related_name="evaluation_plan")
    outcomes = models.JSONField(help_text="Keys of instruments: the primary outcome first, then the secondary ones.")
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(locked_at__isnull=True, digest="")
                | (models.Q(locked_at__isnull=False) & ~models.Q(digest="")),
                name="evaluation_plan_locked_with_digest",
            )
        ]

    def __str__(self) -> str:
        return f"Evaluation plan of {self.cohort}"
