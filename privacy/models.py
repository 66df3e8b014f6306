"""Consent, and who did what to whose data. Both ledgers are append-only, which PostgreSQL enforces by trigger."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts import clock
from accounts.fields import Base
from privacy import registry


class Purpose(models.TextChoices):
    """What a person may agree to, each on its own."""

    EVALUATION = "evaluation", "Using my survey answers to report what the programme achieves"
    SHARE_WITH_CIRCLE = "share_with_circle", "Showing my name, role and organisation to my circle"
    SHARE_ATTENDANCE = "share_attendance", "Telling my organisation how many sessions I attended"
    TESTIMONIAL = "testimonial", "Asking me for a quote about the programme"
    DEMAND = "demand", "Telling my employer that somebody asked about the programme"


class ConsentWording(Base):
    """The words that were put to a person for one purpose. A change is a new version; old ones stay."""

    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_wording_version_once")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} (version {self.version})"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class ConsentEvent(Base):
    """One giving or withdrawing of consent. Never changed, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_events")
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, related_name="events")
    wording_digest = models.CharField(max_length=64)
    given = models.BooleanField()
    how = models.CharField(max_length=60, help_text="The page on which it was said.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "-at"], name="consent_user_at")]


class AuditEventQuerySet(models.QuerySet):
    def for_staff(self, user: models.Model) -> "AuditEventQuerySet":
        """Without lines about what was told in confidence to others: see `registry.confide`."""
        found = self
        for label, known_to in registry.confided().items():
            app, _, model = label.lower().partition(".")
            about = models.Q(content_type__app_label=app, content_type__model=model)
            found = found.exclude(about, ~models.Q(object_id__in=known_to(user)))
        return found


class AuditEvent(Base):
    """Who did what, to what, when. Holds no values of the data concerned."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="audit_events"
    )
    verb = models.CharField(max_length=80)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.UUIDField()
    about = GenericForeignKey("content_type", "object_id")
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=clock.now)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["content_type", "object_id", "-at"], name="audit_object_at")]

    def __str__(self) -> str:
        return f"{self.verb} at {self.at:%d %b %Y %H:%M}"
