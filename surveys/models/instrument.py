"""Scales as versioned data."""

from django.db import models
from django.db.models import Q

from accounts.fields import Base


class Instrument(Base):
    """A scale as versioned data. One without permission cannot be put to anybody."""

    class Permission(models.TextChoices):
        OWN = "own", "The programme’s own items"
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
    permission_evidence = models.CharField(
        max_length=300, blank=True, db_default="",
        help_text="Where the permission can be read: an address or a file, and its date.",
    )  # fmt: skip
    higher_is_better = models.BooleanField(
        default=True, db_default=True, help_text="Whether a higher score is what the programme hopes for."
    )
    validated = models.BooleanField(default=False, help_text="A published scale, not the programme’s own items.")
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
