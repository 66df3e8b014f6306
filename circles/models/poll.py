"""Dates among which a circle chooses."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.fields import Base
from circles.models.circle import Circle
from circles.models.session import Session
from participants.models import Enrolment


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
    because = models.CharField(
        "why", max_length=300, blank=True, db_default="", editable=False,
        help_text="What the programme team said when it decided in the mentor’s place. Said to the circle.",
    )  # fmt: skip

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
