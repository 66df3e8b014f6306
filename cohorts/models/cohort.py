"""A cohort with its key dates, and who works on it."""

import datetime as dt
import itertools
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from cohorts.models.format import Format


class Nation(models.TextChoices):
    """Whose bank holidays count; the values are the codes that `cohorts.calendar` knows them by."""

    ENGLAND_AND_WALES = "ENG", "England and Wales"
    SCOTLAND = "SCT", "Scotland"
    NORTHERN_IRELAND = "NIR", "Northern Ireland"


@dataclass(frozen=True)
class KeyDate:
    """One range of a cohort's timeline."""

    key: str
    label: str
    starts: dt.date
    ends: dt.date


# The key dates in their order: field prefix and words. Columns, so that PostgreSQL itself holds the order.
KEY_DATES = [
    ("applications", "Applications open"),
    ("confirmation", "Confirmation of participation"),
    ("recruitment", "Recruitment and enrolment"),
    ("onboarding", "Onboarding and training"),
    ("launch", "Launch and opening ceremony"),
    ("sessions", "Monthly sessions"),
    ("close", "Close and closing ceremony"),
]


PHASE_LABELS = {"upcoming": "Not yet open", **dict(KEY_DATES), "closed": "Closed"}


def _date_constraints() -> list[models.CheckConstraint]:
    keys = [key for key, _ in KEY_DATES]
    each = [
        models.CheckConstraint(condition=Q(**{f"{key}_until__gte": F(f"{key}_from")}), name=f"cohort_{key}_ends_after")
        for key in keys
    ]
    order = [
        models.CheckConstraint(
            condition=Q(**{f"{later}_from__gte": F(f"{earlier}_from")}), name=f"cohort_{later}_after_{earlier}"
        )
        for earlier, later in itertools.pairwise(keys)
    ]
    return each + order


class CohortQuerySet(models.QuerySet):
    def accepting_interest(self) -> "CohortQuerySet":
        """Cohorts that an organisation may still register for: not yet launched."""
        return self.filter(launch_from__gt=clock.today(), closed_at__isnull=True)

    def open(self) -> "CohortQuerySet":
        return self.filter(closed_at__isnull=True, close_until__gte=clock.today())

    def closed(self) -> "CohortQuerySet":
        return self.filter(closed_at__isnull=False)

    def for_staff(self, user: models.Model) -> "CohortQuerySet":
        """The cohorts that this member of staff works on: all of them for an assignment without a cohort."""
        if user.is_superuser:
            return self
        assignments = StaffAssignment.objects.filter(user=user)
        if assignments.filter(cohort__isnull=True).exists():
            return self
        return self.filter(staff_assignments__user=user).distinct()


class Cohort(Base):
    """One numbered run of a format."""

    format = models.ForeignKey(Format, on_delete=models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80, help_text="As people say it: “Cohort 15”.")
    applications_from = models.DateField()
    applications_until = models.DateField()
    confirmation_from = models.DateField()
    confirmation_until = models.DateField()
    recruitment_from = models.DateField()
    recruitment_until = models.DateField(help_text="Nominations and enrolments close at the end of this day.")
    onboarding_from = models.DateField()
    onboarding_until = models.DateField()
    launch_from = models.DateField()
    launch_until = models.DateField()
    sessions_from = models.DateField()
    sessions_until = models.DateField()
    close_from = models.DateField()
    close_until = models.DateField()
    session_count = models.PositiveSmallIntegerField(default=6)
    certificate_sessions = models.PositiveSmallIntegerField(
        default=4, help_text="How many sessions a person must attend to get a certificate."
    )
    circle_minimum = models.PositiveSmallIntegerField(
        default=6, help_text="Below this many members the engine leaves a circle closed."
    )
    circle_target = models.PositiveSmallIntegerField(default=9)
    places = models.JSONField(default=list, blank=True, help_text="Where circles may meet besides online: cities.")
    bank_holidays = models.CharField(
        "bank holidays of", max_length=3, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES,
        help_text="No session is planned on one of them.",
    )  # fmt: skip
    reply_address = models.EmailField(
        "answers go to", blank=True, default="", db_default="",
        help_text="Where answers to this cohort’s messages go: an address that a person reads. "
        "Blank: the programme’s own.",
    )  # fmt: skip
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-launch_from", "name"]
        constraints = [
            models.UniqueConstraint(fields=["format", "number"], name="cohort_number_once_per_format"),
            models.CheckConstraint(
                condition=Q(certificate_sessions__gte=1, certificate_sessions__lte=F("session_count")),
                name="cohort_certificate_within_sessions",
            ),
            models.CheckConstraint(
                condition=Q(circle_minimum__gte=1, circle_minimum__lte=F("circle_target"), circle_target__lte=10),
                name="cohort_circle_sizes",
            ),
            *_date_constraints(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:cohorts_cohort_change", args=[self.pk])

    @property
    def key_dates(self) -> list[KeyDate]:
        return [
            KeyDate(key, label, getattr(self, f"{key}_from"), getattr(self, f"{key}_until")) for key, label in KEY_DATES
        ]

    @property
    def phase(self) -> str:
        """The key of the phase that today is in: the last one that has begun; `upcoming` before, `closed` after."""
        today = clock.today()
        if self.closed_at or today > self.close_until:
            return "closed"
        begun = [date.key for date in self.key_dates if date.starts <= today]
        return begun[-1] if begun else "upcoming"

    @property
    def phase_label(self) -> str:
        return PHASE_LABELS[self.phase]

    def clean(self) -> None:
        """Say which dates are out of order, beside each: the database would only refuse."""
        errors: dict[str, str] = {}
        previous: tuple[str, str] | None = None
        for key, label in KEY_DATES:
            starts, ends = getattr(self, f"{key}_from"), getattr(self, f"{key}_until")
            if starts and ends and ends < starts:
                errors[f"{key}_until"] = f"{label} must end on or after its first day, {starts:%d %B %Y}."
            if previous and starts and (before := getattr(self, f"{previous[0]}_from")) and starts < before:
                errors[f"{key}_from"] = f"{label} can’t begin before {previous[1]} ({before:%d %B %Y}). Check the year."
            previous = key, label
        if errors:
            raise ValidationError(errors)


class StaffRole(models.TextChoices):
    LEAD = "lead", "Programme lead"
    MANAGER = "manager", "Programme manager"
    INCLUSION_ADVISER = "inclusion_adviser", "Inclusion Adviser"
    RELATIONSHIP_MANAGER = "relationship_manager", "Relationship Manager"
    ANALYST = "analyst", "Analyst (released figures only)"
    READ_ONLY = "read_only", "Read-only"


class StaffAssignment(Base):
    """What a member of staff is in one cohort, or in all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_assignments")
    role = models.CharField(max_length=30, choices=StaffRole.choices)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="staff_assignments",
        help_text="Blank: every cohort.",
    )  # fmt: skip

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "cohort"], nulls_distinct=False, name="staff_assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
