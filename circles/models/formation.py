"""Runs of the engine, and the proposals that staff make of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts import clock
from accounts.fields import Base
from cohorts.models import Cohort, Slot
from participants.models import Enrolment


class FormationRun(Base):
    """One run of the engine over a cohort, and the proposal that staff made of it."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Ready for review"
        FAILED = "failed", "Failed"
        PUBLISHED = "published", "Published"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="formation_runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    seed = models.PositiveIntegerField(default=1)
    seconds_limit = models.PositiveSmallIntegerField(default=20)
    stop_requested = models.BooleanField(default=False)
    input_hash = models.CharField(max_length=64, blank=True)
    progress = models.JSONField(default=dict, blank=True, help_text="step, share done (0–1), best cost, seconds")
    cost = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    parts = models.JSONField(default=dict, blank=True)
    settings = models.JSONField(
        default=dict, db_default=models.Value({}, output_field=models.JSONField()), blank=True,
        help_text="minimum, target, own organisation, weights: what the run was told to aim at",
    )  # fmt: skip
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The older proposal that staff took up again.",
    )  # fmt: skip
    problem = models.TextField("what went wrong", blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by every change to the proposal, so that two people do not overwrite each other."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state__in=["queued", "running"]), name="formation_one_run_at_a_time"
            ),
            models.UniqueConstraint(fields=["cohort"], condition=Q(state="published"), name="formation_published_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}, {clock.local(self.created_at):%d %b %Y %H:%M}"


class ProposedCircle(Base):
    """A circle as proposed: its lead and meeting."""

    run = models.ForeignKey(FormationRun, on_delete=models.CASCADE, related_name="circles")
    number = models.PositiveSmallIntegerField()
    lead = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="proposed_circle_number_once"),
            models.UniqueConstraint(fields=["run", "lead"], name="proposed_circle_lead_once"),
        ]


class ProposedSeat(Base):
    """Where the proposal puts one member: in a circle, or waiting with the reason."""

    run = models.ForeignKey(FormationRun, on_delete=models.CASCADE, related_name="seats")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        ProposedCircle, null=True, blank=True, on_delete=models.SET_NULL, related_name="seats",
        help_text="Blank: waiting.",
    )  # fmt: skip
    because = models.JSONField(default=list, blank=True)
    reason = models.TextField("why waiting", blank=True)
    pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "enrolment"], name="proposed_seat_once")]


class KeptApart(Base):
    """Two people of a cohort who are never put in one circle: staff know of a line manager or a conflict.

    No reason is kept. Whatever stood here would be said about a person behind their back, and in free text sooner or
    later a grievance or a health matter; that they are kept apart is all that forming circles has to know.
    The two stand in the order of their keys, so that a pair is stored once. PostgreSQL holds the rule itself: see
    migration 0003.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="kept_apart")
    first = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="kept_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"Two people of {self.cohort}"
