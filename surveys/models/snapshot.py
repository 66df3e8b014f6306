"""Figures as they were released."""

from django.db import models

from accounts.fields import Base
from cohorts.models import Cohort


class Snapshot(Base):
    """Figures as released, once, to one audience. Later answers and erasures do not change them."""

    class Kind(models.TextChoices):
        REACH = "reach", "Organisations and people of a closed cohort"
        IMPACT = "impact", "Before and after, for the programme team"
        OUTSIDE = "outside", "Before and after, for everybody else"
        TOGETHER = "together", "Cohorts that are too small alone, together, for the programme team"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    figures = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["cohort", "kind", "digest"], name="snapshot_once")]
        permissions = [("view_impact", "Can see released impact figures")]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.get_kind_display().lower()}"
