"""The trial that comes before anything is passed on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.fields import Base


class IntruderTest(Base):
    """Somebody who has the list of participants tried to find one of them in the figures, and this is what came of it.

    A record is added and never changed. Figures go outside the team while the latest one found nobody.
    """

    class Outcome(models.TextChoices):
        NOBODY = "nobody", "Nobody was found"
        SOMEBODY = "somebody", "Somebody was found, or could be guessed"

    done_on = models.DateField("done on", help_text="Half a day’s work: the day on which it was finished.")
    tried_by = models.CharField("tried by", max_length=200, help_text="Who tried, and what they knew of the people.")
    tried = models.TextField(
        "what was tried", help_text="Which figures, beside what else that is known or can be looked up. Name nobody."
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "motivated-intruder test"
        ordering = ["-done_on", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(tried_by="") & ~Q(tried=""), name="intruder_test_says_who_and_what")
        ]

    def __str__(self) -> str:
        return f"{self.done_on}: {self.get_outcome_display()}"
