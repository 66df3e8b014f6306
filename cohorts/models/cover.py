"""Who stands in for a member of the team who is away."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from ui.dates import date_range


class CoverQuerySet(models.QuerySet):
    def running(self) -> "CoverQuerySet":
        """Those whose days have come and are not over."""
        today = clock.today()
        return self.filter(first_day__lte=today, last_day__gte=today)

    def covered_by(self, user: models.Model) -> models.QuerySet:
        """The keys of those whom this person covers today, for `__in`."""
        return self.running().filter(covered_by=user).values("person")


class Cover(Base):
    """Somebody of the team is away, and who sees to what is theirs meanwhile. Why they are away is not kept.

    It lends no role: whoever covers sees what the other owns as far as their own roles go.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", verbose_name="who is away"
    )
    covered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="covers")
    first_day = models.DateField()
    last_day = models.DateField(help_text="The day itself is covered too.")

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day"]
        verbose_name = "absence cover"
        # That nobody has two covers on one day is an exclusion constraint, which the migration writes.
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="cover_ends_after"),
            models.CheckConstraint(condition=~Q(person=F("covered_by")), name="cover_by_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.days}"

    def get_absolute_url(self) -> str:
        return reverse("admin:cohorts_cover_change", args=[self.pk])

    def clean(self) -> None:
        """Say beside the field what the database would only refuse."""
        if self.person_id and self.person_id == self.covered_by_id:
            raise ValidationError({"covered_by": "Nobody can cover themselves. Choose somebody else."})
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "The last day can’t be before the first."})

    @property
    def days(self) -> str:
        return date_range(self.first_day, self.last_day)
