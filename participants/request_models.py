"""What somebody who takes part asks of the programme team about themselves."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from accounts.fields import Base

RUNS = ["started", "enrolled"]  # states of an enrolment in which an employer can change


class EmployerRequestQuerySet(models.QuerySet):
    def open(self) -> "EmployerRequestQuerySet":
        """Those that the team has still to answer, of people who take part in a cohort that is not closed."""
        return self.filter(outcome="", enrolment__state__in=RUNS, enrolment__cohort__closed_at=None)


class EmployerRequest(Base):
    """Somebody says that they work for another organisation, in words of their own; the team notes it or says why not.

    One for each cohort in which they take part: another team may run each, and what follows is another thing in each.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Noted"
        REFUSED = "refused", "Not changed"

    enrolment = models.ForeignKey("participants.Enrolment", on_delete=models.CASCADE, related_name="employer_requests")
    organisation = models.CharField("employer", max_length=200)
    since = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    why_refused = models.TextField(blank=True, validators=[MaxLengthValidator(500)])
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EmployerRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(outcome=""), name="employer_request_open_once"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True) | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="employer_request_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"To {self.organisation}"


class LeaveRequestQuerySet(models.QuerySet):
    def open(self) -> "LeaveRequestQuerySet":
        """Those of people who still take part in a cohort that is not closed."""
        return self.filter(answered_at=None, enrolment__state__in=RUNS, enrolment__cohort__closed_at=None)


class LeaveRequest(Base):
    """Somebody wants to leave whose circle would have nobody to lead it, or nobody else: the team arranges it first.

    It can't be refused: it ends when they have left, and is deleted where they think better of it.
    """

    enrolment = models.ForeignKey("participants.Enrolment", on_delete=models.CASCADE, related_name="leave_requests")
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(answered_at__isnull=True), name="leave_request_open_once"
            ),
        ]

    def __str__(self) -> str:
        return "Wants to leave"
