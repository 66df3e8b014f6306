"""Instruments, surveys, confidential responses, testimonials and released figures."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.fields import Base
from cohorts.models import Cohort
from participants.models import Enrolment

FLOOR = 5  # no group smaller than this is ever reported on, whatever the settings say


class Instrument(Base):
    """A scale as versioned data. One without permission cannot be put to anybody."""

    class Permission(models.TextChoices):
        OWN = "own", "The programme's own items"
        FREE = "free", "Free to use"
        GRANTED = "granted", "Permission granted"
        NEEDED = "needed", "Permission still needed"

    class Scoring(models.TextChoices):
        MEAN = "mean", "Mean of the items"
        SUM = "sum", "Sum of the items"

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    plain_name = models.CharField(max_length=120, help_text="What a participant reads above their result.")
    citation = models.TextField()
    licence = models.TextField()
    permission = models.CharField(max_length=10, choices=Permission.choices, default=Permission.NEEDED)
    validated = models.BooleanField(default=False, help_text="A published scale, not the programme's own items.")
    scale_min = models.SmallIntegerField(default=1)
    scale_max = models.SmallIntegerField(default=5)
    anchors = models.JSONField(help_text="The words of each answer, lowest first.")
    scoring = models.CharField(max_length=10, choices=Scoring.choices, default=Scoring.MEAN)
    min_items = models.PositiveSmallIntegerField(help_text="With fewer answers there is no score.")
    reliability = models.FloatField(null=True, blank=True, help_text="Published; used for the reliable change index.")
    reference_sd = models.FloatField(
        "published spread", null=True, blank=True, help_text="Standard deviation of the score, in points of the scale."
    )
    reliability_source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="instrument_version_once"),
            models.CheckConstraint(condition=Q(scale_max__gt=models.F("scale_min")), name="instrument_scale_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"


class Item(Base):
    """One statement of an instrument."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    reverse = models.BooleanField(default=False, help_text="Agreement means less of what is measured.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="item_number_once")]

    def __str__(self) -> str:
        return self.text


class Survey(Base):
    """One wave of questions put to a cohort, with the disclosure thresholds that held at its launch."""

    class Wave(models.TextChoices):
        PRE = "pre", "Before"
        POST = "post", "After"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="surveys")
    wave = models.CharField(max_length=10, choices=Wave.choices)
    title = models.CharField(max_length=120)
    introduction = models.TextField(blank=True, help_text="Markdown.")
    threshold_outside = models.PositiveSmallIntegerField(default=8)
    threshold_team = models.PositiveSmallIntegerField(default=5)

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


def participant_key() -> str:
    return secrets.token_hex(16)


class ParticipantKey(Base):
    """The only link between a person and their answers, held apart from both."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=32, unique=True, default=participant_key, editable=False)

    class Meta:
        default_permissions = ()


class Response(Base):
    """One person's answers to one survey, known only by a random key."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    participant_key = models.CharField(max_length=32, db_index=True)
    page = models.PositiveSmallIntegerField(default=1, help_text="The page to come back to.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False, help_text="A first survey answered after the first session.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["survey", "participant_key"], name="response_once")]


class Answer(Base):
    """One answer as it was given; never reversed, never altered by scoring."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    value = models.SmallIntegerField(null=True, help_text="Null: prefer not to say.")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "item"], name="answer_once")]


class Testimonial(Base):
    """A quote about the programme, published with its author's consent and the team's approval."""

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for approval"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.CASCADE, related_name="testimonials",
        help_text="Blank for a quote from before this software.",
    )  # fmt: skip
    quote = models.TextField()
    attribution = models.CharField(max_length=120, help_text="As it is shown: a name, or “Mentee, Cohort 14”.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    expires_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.attribution


class Snapshot(Base):
    """Figures as released, once, to one audience. Later answers and erasures do not change them."""

    class Kind(models.TextChoices):
        REACH = "reach", "Organisations and people of a closed cohort"
        IMPACT = "impact", "Before and after"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    figures = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["cohort", "kind", "digest"], name="snapshot_once")]
        permissions = [("view_impact", "Can see released impact figures")]
