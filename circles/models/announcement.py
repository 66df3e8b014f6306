"""What staff write to the people of a cohort."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.fields import Base
from circles.models.circle import Circle
from cohorts.models import Cohort
from organisations.models import Organisation


class Announcement(Base):
    """What staff write to some of a cohort's people: a draft until it is sent, once, to whoever it is for then.

    Whom it is for is kept as it was chosen; who that is, is found out when it is shown or sent.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"

    class Group(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        NO_REPLY = "no_reply", "Those who have not replied to their next session"
        NO_ANSWER = "no_answer", "Those who have not answered a survey that is open"
        WAITING = "waiting", "Those who wait for a seat"
        NOT_READY = "not_ready", "Those who have not done what they are asked to do to get ready"
        ABSENT = "absent", "Those who missed the last two sessions"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="announcements")
    subject = models.CharField(max_length=120)
    text = models.TextField()
    roles = models.JSONField(default=list, help_text="Roles of participants, and “coordinator”.")
    group = models.CharField(max_length=10, choices=Group.choices, default=Group.EVERYBODY)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="announcements"
    )
    circle = models.ForeignKey(Circle, null=True, blank=True, on_delete=models.SET_NULL, related_name="announcements")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="announcements"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", sent_at=None) | models.Q(state="sent", sent_at__isnull=False),
                name="announcement_sent_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("admin:announcement", args=[self.pk])
