"""Consent, and who did what to whose data. Both ledgers are append-only, which PostgreSQL enforces by trigger.

It lets a line go when its time is over: after two years of the audit trail, after six of consent.
"""

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
    SHARE_WITH_CIRCLE = "share_with_circle", "Showing my name to my circle"
    SHARE_JOB_TITLE = "share_job_title", "Showing my job title to my circle, beside my name"
    SHARE_EMPLOYER = "share_employer", "Showing my employer to my circle, beside my name"
    SHARE_ATTENDANCE = "share_attendance", "Telling my organisation how many sessions I attended"
    TESTIMONIAL = "testimonial", "Asking me for a quote about the programme"
    DEMAND = "demand", "Telling my employer that somebody asked about the programme"


# What a circle sees of somebody, each item by their own choice; the last two only of whom it knows the name.
CIRCLE_SEES = [Purpose(key) for key in ("share_with_circle", "share_job_title", "share_employer")]
BESIDE_THE_NAME = CIRCLE_SEES[1:]


class ConsentWording(Base):
    """The words that were put to a person for one purpose. A change is a new version; old ones stay."""

    purpose = models.CharField(max_length=40, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    names_all = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Words of old for the name that named job title and employer too: what was said to them counts for "
        "all three.",
    )

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_wording_version_once")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} (version {self.version})"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class ConsentEvent(Base):
    """One giving or withdrawing of consent. Never changed, and deleted after six years at the earliest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_events")
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, related_name="events")
    wording_digest = models.CharField(max_length=64)
    given = models.BooleanField()
    how = models.CharField(max_length=60, help_text="The page on which it was said.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "-at"], name="consent_user_at")]

    def __str__(self) -> str:
        return f"{self.wording.get_purpose_display()}: {'yes' if self.given else 'no'}"


class AuditEventQuerySet(models.QuerySet):
    def for_staff(self, user: models.Model) -> "AuditEventQuerySet":
        """Without lines about what was told in confidence to others: see `registry.confide`."""
        found = self
        for label, known_to in registry.confided().items():
            app, _, model = label.lower().partition(".")
            about = models.Q(content_type__app_label=app, content_type__model=model)
            found = found.exclude(about, ~models.Q(object_id__in=known_to(user)))
        return found


class AuditSeal(Base):
    """A link of the chain that holds the audit trail: a hash of some lines, and of the link before it.

    Whoever changes, adds or removes a line that is sealed breaks the chain; whoever makes it anew is found out by the
    digest that somebody keeps elsewhere. When its lines are two years old they go, and the last link without any stays
    as the anchor that the next one hangs on. PostgreSQL lets nothing else be changed or deleted.
    """

    number = models.PositiveBigIntegerField(unique=True)
    lines = models.PositiveIntegerField()
    until = models.DateTimeField(help_text="When the newest of its lines was written.")
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


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
    seal = models.ForeignKey(AuditSeal, null=True, editable=False, on_delete=models.PROTECT, related_name="events")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-at"], name="audit_object_at"),
            models.Index(fields=["at"], condition=models.Q(seal=None), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        from privacy.trail import said  # which reads this model

        return said(self)


class ErasureQuerySet(models.QuerySet):
    def open(self) -> "ErasureQuerySet":
        """Those that nobody has answered."""
        return self.filter(outcome=Erasure.Outcome.OPEN)

    def unfinished(self) -> "ErasureQuerySet":
        """Those to answer, and those after which whoever works for us has not been told."""
        untold = models.Q(outcome=Erasure.Outcome.ERASED, processors_told_at=None)
        return self.filter(models.Q(outcome=Erasure.Outcome.OPEN) | untold)


class Erasure(Base):
    """Somebody is to be erased: since when, by when they must have an answer, and what came of it.

    It outlasts the person: their row, which is nobody's by then, says whom a restored backup must lose again, and
    `address_digest` to whom nothing is sent any more.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", "To be answered"
        ERASED = "erased", "Erased"
        REFUSED = "refused", "Refused"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    by_themselves = models.BooleanField(help_text="Asked for on their own page, not told to the team.")
    asked_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    why_refused = models.TextField(blank=True, help_text="The person reads this.")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    address_digest = models.CharField(max_length=64, blank=True)
    processors_told_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(outcome="open"), name="erasure_open_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="open", answered_at__isnull=True)
                | (models.Q(outcome__in=["erased", "refused"]) & models.Q(answered_at__isnull=False)),
                name="erasure_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="refused") | ~models.Q(why_refused=""), name="erasure_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} since {self.asked_at:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN
