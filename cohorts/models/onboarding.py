"""What people do to get ready for their first session."""

import datetime as dt

from django.db import models
from django.db.models import Q

from accounts.fields import Base
from cohorts.models.cohort import Cohort
from cohorts.models.format import Format, Role
from content.models import Resource


class OnboardingItemQuerySet(models.QuerySet):
    def in_use(self) -> "OnboardingItemQuerySet":
        """Those that people are shown: one to read goes with its guide when that is no longer published."""
        return self.filter(Q(guide=None) | Q(guide__published=True), in_use=True)

    def of_cohort(self, cohort: Cohort) -> "OnboardingItemQuerySet":
        """Those for a cohort: its own, its format's, and everybody's."""
        return self.filter(Q(cohort=None) | Q(cohort=cohort), Q(format=None) | Q(format=cohort.format_id))


class OnboardingItem(Base):
    """One line of the checklist with which people get ready, for a format, a role or a cohort; blank is for all."""

    class Kind(models.TextChoices):
        READ = "read", "Read a guide"
        SURVEY = "survey", "Answer the first survey"
        SHARING = "sharing", "Choose what the others see of one"
        CALENDAR = "calendar", "Add the calendar"
        NOTICE = "notice", "Write on the notice board"
        OTHER = "other", "Something else"

    kind = models.CharField(
        "what it is", max_length=10, choices=Kind.choices, default=Kind.READ,
        help_text="The survey counts as done when it is handed in, the calendar also when its link is made. "
        "All else people tick off themselves.",
    )  # fmt: skip
    guide = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="onboarding_items",
        help_text="To be read. Only for “Read a guide”.",
    )  # fmt: skip
    title = models.CharField(max_length=100, help_text="What to do, as in “Read the mentor briefing”.")
    text = models.CharField(max_length=250, blank=True, help_text="Why, or how long it takes.")
    format = models.ForeignKey(
        Format, null=True, blank=True, on_delete=models.CASCADE, related_name="onboarding_items",
        help_text="Blank: every format.",
    )  # fmt: skip
    role = models.CharField(max_length=10, choices=Role.choices, blank=True, help_text="Blank: every role.")
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="onboarding_items",
        help_text="Blank: every cohort.",
    )  # fmt: skip
    required = models.BooleanField(default=True, help_text="Shown as the next thing to do until it is done.")
    days_before = models.PositiveSmallIntegerField(
        "days before", null=True, blank=True, default=7,
        help_text="By how many days before the cohort’s first session it should be done. Blank: no date.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    in_use = models.BooleanField(default=True)

    objects = OnboardingItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="read") & Q(guide__isnull=False)) | (~Q(kind="read") & Q(guide__isnull=True)),
                name="onboarding_guide_to_read",
                violation_error_message="Choose a guide for “Read a guide”, and none for anything else.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_for(self, role: str) -> bool:
        return self.role in ("", role)

    def due(self, first_session: dt.date) -> dt.date | None:
        """The day by which it should be done."""
        return None if self.days_before is None else first_session - dt.timedelta(days=self.days_before)
