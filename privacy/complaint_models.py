"""A complaint about how personal data are handled: received, looked into, answered in time."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from privacy.fields import EncryptedTextField

# Held in every cohort: a complaint is about the programme, and belongs to no cohort.
PERMISSION = "privacy.answer_complaint"
# Who supervises how organisations use personal data, and where one may complain besides.
ICO_NAME = "Information Commissioner’s Office"
ICO_URL = "https://ico.org.uk/make-a-complaint/"


class ComplaintQuerySet(models.QuerySet):
    def open(self) -> "ComplaintQuerySet":
        """Those that nobody has answered."""
        return self.exclude(state=Complaint.State.ANSWERED)

    def overdue(self) -> "ComplaintQuerySet":
        return self.open().filter(due_on__lt=clock.today())

    def for_staff(self, user: Any) -> "ComplaintQuerySet":
        """For those who answer them in the whole programme, and nobody else; never their own."""
        if not user.has_perm(PERMISSION):
            return self.none()
        return self.exclude(_of(user))

    def of_person(self, user: Any) -> "ComplaintQuerySet":
        """Their own: written when signed in, or by whoever gave one of their addresses and no account."""
        return self.filter(_of(user))


def _of(user: Any) -> Q:
    """An address counts only where there is no account: it may have been somebody else's since."""
    proven = user.emailaddress_set.filter(verified=True).values("email")
    return Q(user=user) | Q(user=None) & (Q(email__iexact=user.email) | Q(email__in=proven))


class Complaint(Base):
    """One complaint, with what was done, what came of it and the words of the answer."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        LOOKED_INTO = "looked_into", "Being looked into"
        ANSWERED = "answered", "Answered"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "We were wrong, and put it right"
        PARTLY = "partly", "We were wrong in part"
        NOT_UPHELD = "not_upheld", "We found nothing wrong"
        WITHDRAWN = "withdrawn", "They took it back"

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField("e-mail address")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="account", help_text="Of whoever was signed in. Nobody has proven an address that stands alone.",
    )  # fmt: skip
    text = EncryptedTextField("what happened")
    wish = EncryptedTextField("what would put it right", blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    due_on = models.DateField("to be answered by")
    looked_into_at = models.DateTimeField("taken up", null=True, blank=True)
    looked_into_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="looked into by",
    )  # fmt: skip
    done = EncryptedTextField("what was done", blank=True, help_text="For the team alone. Needed to answer it.")
    outcome = models.CharField("what came of it", max_length=10, choices=Outcome.choices, blank=True)
    answer = EncryptedTextField("our answer", blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="answered by",
    )  # fmt: skip

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="answered", answered_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state="answered") & Q(answered_at__isnull=True, outcome="")),
                name="complaint_answered_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(looked_into_at__isnull=False), name="complaint_looked_into_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Complaint {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("admin:privacy_complaint_change", args=[self.pk])

    @property
    def reached_at(self) -> str:
        """Where they are written to: the address that their account has now, where there is one."""
        return self.user.email if self.user is not None else self.email

    @property
    def is_open(self) -> bool:
        return self.state != self.State.ANSWERED

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < clock.today()


def known_to(user: Any) -> Any:
    """Keys of those of which a member of the team may know, for a message or a line of the trail that tells of one."""
    return Complaint.objects.for_staff(user).values("pk")
