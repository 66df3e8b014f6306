"""What a cohort is asked, and when."""

from django.db import models
from django.db.models import Q

from accounts.fields import Base
from cohorts.models import Cohort
from surveys.models.instrument import Instrument

FLOOR = 5  # no group smaller than this is ever reported on, whatever the settings say


class SurveyQuerySet(models.QuerySet):
    def page_by_page(self) -> "SurveyQuerySet":
        """Those that a person goes through page by page and hands in."""
        return self.filter(wave__in=[Survey.Wave.PRE, Survey.Wave.POST, Survey.Wave.THEN])

    def before_and_after(self) -> "SurveyQuerySet":
        """The two that everybody is asked for."""
        return self.filter(wave__in=[Survey.Wave.PRE, Survey.Wave.POST])


class Survey(Base):
    """One wave of questions put to a cohort, with the disclosure thresholds that held at its launch."""

    class Wave(models.TextChoices):
        PRE = "pre", "Before"
        POST = "post", "After"
        THEN = "then", "Before, as seen from the end"
        CHECK_IN = "check_in", "After each session"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="surveys")
    wave = models.CharField(max_length=10, choices=Wave.choices)
    title = models.CharField(max_length=120)
    introduction = models.TextField(blank=True, help_text="Markdown.")
    threshold_outside = models.PositiveSmallIntegerField(default=8)
    threshold_team = models.PositiveSmallIntegerField(default=5)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "-wave"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "wave"], name="survey_wave_once_per_cohort"),
            models.CheckConstraint(
                condition=Q(threshold_outside__gte=FLOOR, threshold_team__gte=FLOOR), name="survey_thresholds_floor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cohort})"


class SurveyPart(Base):
    """An instrument's place in a survey: one page."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="parts")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="survey_part_position_once"),
            models.UniqueConstraint(fields=["survey", "instrument"], name="survey_part_instrument_once"),
        ]

    def __str__(self) -> str:
        return f"Page {self.position}"
