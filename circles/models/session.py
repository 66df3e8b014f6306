"""Sessions, who came to them, what was talked about, and the certificate for having come."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts import clock
from accounts.fields import Base
from circles.models.circle import Circle
from participants.models import Enrolment, Reply


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
    plan_is_own = models.BooleanField(
        "plan is the circle’s own", default=False, db_default=False, editable=False,
        help_text="The circle has written its plan: no template is laid over it.",
    )  # fmt: skip
    on_closed_day = models.BooleanField(
        default=False, db_default=False, editable=False,
        help_text="Somebody has said that it is to be on a bank holiday or blocked day all the same.",
    )  # fmt: skip
    moved_because = models.CharField(
        "why moved", max_length=120, blank=True, editable=False,
        help_text="The regular day that planning could not take, and why: “25 May: Spring bank holiday”.",
    )  # fmt: skip
    moved_from = models.DateTimeField(
        null=True, editable=False,
        help_text="The earliest start that people may still expect, because they were told of it before it moved.",
    )  # fmt: skip
    because = models.CharField(
        "why this date", max_length=300, blank=True, db_default="", editable=False,
        help_text="What the programme team said when it chose the date in the mentor’s place. The invitation says it.",
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

    @property
    def state_now(self) -> str:
        """In words: what was planned and has taken place is not “planned” any more."""
        return "Over" if self.state == self.State.PLANNED and self.is_over else self.get_state_display()


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

    def __str__(self) -> str:
        return f"{self.enrolment.user} at {str(self.session).lower()}"


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

    def __str__(self) -> str:
        return f"Certificate of {self.enrolment.user}"
