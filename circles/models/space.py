"""What a circle keeps for itself: its notice board, votes on its agenda, shared goals, actions and session notes."""

from django.core.validators import MaxLengthValidator
from django.db import models

from accounts import clock
from accounts.fields import Base
from circles.models.circle import Circle
from circles.models.session import AgendaItem, Session
from participants.models import Enrolment

NOTICE_LENGTH, DECISIONS_LENGTH = 2000, 4000


class NoticeQuerySet(models.QuerySet):
    def up(self) -> "NoticeQuerySet":
        return self.filter(taken_down_at__isnull=True)


class Notice(Base):
    """What somebody tells their circle. Whoever sits in it then is sent a copy, once.

    One that is taken down keeps its row, so that copies which have not left yet know of it, and loses its words.
    """

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="notices")
    text = models.TextField(blank=True, validators=[MaxLengthValidator(NOTICE_LENGTH)])
    written_by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notices")
    changed_at = models.DateTimeField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_down_at__isnull=True) | models.Q(text=""),
                name="notice_taken_down_has_no_words",
            )
        ]

    def __str__(self) -> str:
        return f"A notice in {self.circle}"


class AgendaVote(Base):
    """That somebody would like to talk about a thing on the agenda, too."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="agenda_votes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "enrolment"], name="agenda_vote_once")]


class SharedGoal(Base):
    """What a circle wants to have reached together; in a reciprocal pair, under one of its three competencies."""

    class Competency(models.TextChoices):
        GOALS = "goals", "Setting goals"
        LEARNING = "learning", "Learning and sharing"
        AUTHENTIC = "authentic", "Bringing your authentic self"

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(max_length=200)
    competency = models.CharField(max_length=10, choices=Competency.choices, blank=True)
    added_by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="shared_goals")
    reached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return "A shared goal"


class Action(Base):
    """What somebody in a circle has said they will do."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="actions_owned")
    added_by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="actions_added")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "created_at"]

    def __str__(self) -> str:
        return "An action"

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < clock.today()


class SessionNote(Base):
    """What a circle decided in a session, and nothing of what was said. Each change raises `version`."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="note")
    decisions = models.TextField(blank=True, validators=[MaxLengthValidator(DECISIONS_LENGTH)])
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Enrolment, null=True, on_delete=models.SET_NULL, related_name="session_notes")
    written_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Notes of {self.session}"
