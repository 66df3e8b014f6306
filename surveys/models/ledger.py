"""About whom figures were released, for weighing the next ones."""

from django.db import models

from accounts.fields import Base
from cohorts.models import Cohort


class LedgerEntry(Base):
    """One group of respondents about whom one measure was released to one class of readers.

    `people` are hashes of participant keys; they outlive an erasure, without which what was released before could be
    subtracted from what is released after it. No page, no admin and no permission leads here.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=20)
    measure = models.CharField(max_length=120)
    people = models.JSONField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["cohort", "audience"], name="ledger_by_audience")]
