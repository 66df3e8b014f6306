"""What is told in confidence: a concern, to the programme team; a reflection, to nobody."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.fields import Base
from circles.models.session import Session
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.fields import EncryptedTextField


class ConcernQuerySet(models.QuerySet):
    def waiting(self) -> "ConcernQuerySet":
        """Those that nobody of the team has taken up."""
        return self.filter(acknowledged_at__isnull=True)

    def open(self) -> "ConcernQuerySet":
        return self.filter(closed_at__isnull=True)

    def readable_by(self, user: models.Model) -> "ConcernQuerySet":
        """Without those of people with whom a member of the team sits in a circle, or whose employer they coordinate.

        A concern may be about the very person who reads it: somebody else of the team takes it up.
        """
        circles = Q(enrolment__memberships__circle__memberships__enrolment__user=user)
        employer = Q(enrolment__organisation__coordinators__user=user)
        return self.exclude(pk__in=self.model.objects.filter(circles | employer).values("pk"))


class Concern(Base):
    """Something that is not right, told to the programme team alone: received, acknowledged, closed."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="concerns")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="concerns", verbose_name="from")
    text = EncryptedTextField()
    due_on = models.DateField("to be taken up by")
    acknowledged_at = models.DateTimeField("taken up", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="taken up by",
    )  # fmt: skip
    closed_at = models.DateTimeField("closed", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = EncryptedTextField("what came of it", blank=True, help_text="For the team alone. Needed to close it.")

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["closed_at", "due_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(acknowledged_at__isnull=False),
                name="concern_closed_taken_up",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="concern_closed_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return "A concern"

    @property
    def is_late(self) -> bool:
        return self.acknowledged_at is None and self.due_on < clock.today()


class Reflection(Base):
    """What somebody thinks of a session: theirs alone. No page shows it to anybody else, and no trail tells of it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reflections")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reflections")
    text = EncryptedTextField()
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["session__starts_at"]
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="reflection_once")]

    def __str__(self) -> str:
        return "A reflection"
