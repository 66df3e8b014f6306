"""Forming circles, circles, their sessions and attendance. A pair is a circle of two."""

import datetime as dt
import secrets

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from cohorts.models import Cohort, Slot
from participants.models import Enrolment, Reply


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


class CircleQuerySet(models.QuerySet):
    def of(self, user: models.Model) -> "CircleQuerySet":
        """The circles that a person sits in today."""
        return self.filter(memberships__enrolment__user=user, memberships__left_at__isnull=True)

    def open(self) -> "CircleQuerySet":
        """Those that still meet."""
        return self.filter(closed_at__isnull=True)


class Circle(Base):
    """A published circle. It has one lead, in seat 0, and members in seats 1 to `capacity`.

    One that is closed before its cohort is has nobody in it any more; its sessions and attendance stay as they were.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="circles")
    number = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(default=10)
    slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="circles")
    week_of_month = models.PositiveSmallIntegerField(default=2)
    place = models.CharField(max_length=60, default="online")
    join_url = models.URLField("meeting link", blank=True)
    hand_over = models.TextField(
        "hand-over note", blank=True, db_default="", validators=[MaxLengthValidator(2000)],
        help_text="For whoever leads next: where the circle stands and what is agreed. Seen by who leads and by staff.",
    )  # fmt: skip
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False
    )

    objects = CircleQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="circle_number_once"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=10), name="circle_capacity_1_to_10"),
            models.CheckConstraint(condition=Q(week_of_month__gte=1, week_of_month__lte=4), name="circle_week_1_to_4"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(closed_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="circle_merged_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort.format.group_word.capitalize()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("admin:circles_circle_change", args=[self.pk])


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        return self.filter(left_at__isnull=True)


class Membership(Base):
    """A person's seat in a circle. An eleventh member has no seat number to take."""

    LEAD_SEAT = 0

    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="memberships")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="memberships")
    seat = models.PositiveSmallIntegerField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "seat"], condition=Q(left_at__isnull=True), name="membership_seat_taken_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(left_at__isnull=True), name="membership_one_circle_at_a_time"
            ),
            models.CheckConstraint(condition=Q(seat__lte=10), name="membership_seat_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"Seat {self.seat}"

    @property
    def is_lead(self) -> bool:
        return self.seat == self.LEAD_SEAT


class SessionQuerySet(models.QuerySet):
    def planned(self) -> "SessionQuerySet":
        return self.filter(state=Session.State.PLANNED)

    def upcoming(self) -> "SessionQuerySet":
        return self.planned().filter(starts_at__gt=clock.now())

    def past(self) -> "SessionQuerySet":
        return self.planned().filter(starts_at__lte=clock.now())


class Session(Base):
    """One monthly meeting of a circle. Its key is its calendar UID for life; `sequence` counts material changes."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CANCELLED = "cancelled", "Cancelled"

    class Mode(models.TextChoices):
        ONLINE = "online", "Online"
        IN_PERSON = "in_person", "In person"
        HYBRID = "hybrid", "Online and in person"

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveSmallIntegerField(default=90)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ONLINE)
    place = models.CharField(max_length=200, blank=True)
    join_url = models.URLField("meeting link", blank=True)
    aim = models.CharField(max_length=200, blank=True)
    prompts = models.TextField("to talk about", blank=True, db_default="", help_text="One on each line.")
    preparation = models.TextField("to prepare", blank=True, db_default="")
    moved_because = models.CharField(
        "why moved", max_length=120, blank=True, editable=False,
        help_text="The regular day that planning could not take, and why: “25 May: Spring bank holiday”.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    sequence = models.PositiveIntegerField(default=0)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["circle", "number"], name="session_number_once"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="session_length_sensible"),
        ]

    def __str__(self) -> str:
        return f"Session {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("admin:circles_session_change", args=[self.pk])

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def is_past(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()


class Attendance(Base):
    """One person and one session: whether they will come, and whether they came. A fact that every figure counts."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendances")
    reply = models.CharField(max_length=10, choices=Reply.choices, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(null=True, help_text="Unknown until somebody says.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")]


class AgendaItem(Base):
    """Something that the circle wants to talk about; anybody in it may add one."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="agenda")
    text = models.CharField(max_length=300)
    added_by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["done_at", "created_at"]


def certificate_code() -> str:
    return secrets.token_urlsafe(12)


class Certificate(Base):
    """Says that a person attended enough sessions; anybody with the code can check it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=32, unique=True, default=certificate_code, editable=False)
    sessions_attended = models.PositiveSmallIntegerField()
    sessions_held = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-created_at"]


class PollQuerySet(models.QuerySet):
    def undecided(self) -> "PollQuerySet":
        return self.filter(decided_at__isnull=True)


class Poll(Base):
    """Dates among which a circle chooses, for a session that is to move or for a new one. One at a time."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="polls")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.CASCADE, related_name="polls", help_text="Blank: a new one."
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closes_at = models.DateTimeField(help_text="Until when people may answer.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When a date was chosen, or none wanted.")

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle"], condition=Q(decided_at__isnull=True), name="poll_one_at_a_time_per_circle"
            )
        ]

    def __str__(self) -> str:
        return "Which date suits?"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and clock.now() < self.closes_at


class PollDate(Base):
    """One of up to five dates of a poll."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="dates")
    starts_at = models.DateTimeField()
    chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "starts_at"], name="poll_date_once"),
            models.UniqueConstraint(fields=["poll"], condition=Q(chosen=True), name="poll_one_date_chosen"),
        ]


class PollAnswer(Base):
    """Whether one person can come on one date."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        IF_NEED_BE = "if_need_be", "If need be"
        NO = "no", "No"

    date = models.ForeignKey(PollDate, on_delete=models.CASCADE, related_name="answers")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="poll_answers")
    answer = models.CharField(max_length=10, choices=Answer.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["date", "enrolment"], name="poll_answer_once")]
