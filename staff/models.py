"""The programme team's own desk: what they have put off, and the views that they keep of their lists."""

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.fields import Base
from cohorts.models import Cohort
from staff.list_models import OpeningView, PastLoad, SavedView

__all__ = ["OpeningView", "PastLoad", "PutOff", "SavedView"]


class PutOffQuerySet(models.QuerySet):
    def lasting(self) -> "PutOffQuerySet":
        """Those whose day has not come yet."""
        return self.filter(until__gt=clock.today())


class PutOff(Base):
    """One thing that needs attention and that the team will come back to on a day; until then it is not listed.

    `rule` and `subject` say which: the key of the rule that found it, and of the row that it is about.
    """

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = PutOffQuerySet.as_manager()

    class Meta:
        ordering = ["until", "created_at"]
        constraints = [models.UniqueConstraint(fields=["rule", "subject"], name="put_off_once")]

    def __str__(self) -> str:
        return f"Put off until {self.until}"
