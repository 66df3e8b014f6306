"""Questions that the team writes itself, and the answers to them."""

from django.db import models
from django.db.models import Q

from accounts.fields import Base
from privacy.fields import EncryptedTextField
from surveys.models.response import Response
from surveys.models.survey import Survey


class Question(Base):
    """One question of the team's own. Those with the same place share a page; each may stay open."""

    class Kind(models.TextChoices):
        SINGLE = "single", "One of several answers"
        MULTIPLE = "multiple", "Any of several answers"
        SCALE = "scale", "A scale in words"
        SHORT = "short", "A short text"
        LONG = "long", "A longer text"
        CONSENT = "consent", "Agreement to something"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField(
        "after which scale", null=True, blank=True,
        help_text="0: before the first scale; 1: after the first, and so on. Empty: at the end. Questions of one place "
        "share a page.",
    )  # fmt: skip
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=200, blank=True)
    options = models.TextField(
        blank=True, help_text="One on each line, for the first three kinds; those of a scale from the lowest on."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "position"], name="question_position_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["single", "multiple", "scale"]) | ~Q(options=""),
                name="question_has_options",
                violation_error_message="Write the answers to choose from, one on each line.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers to choose from, numbered from 1."""
        lines = [line.strip() for line in self.options.splitlines() if line.strip()]
        return [(str(number), line) for number, line in enumerate(lines, start=1)]

    @property
    def accepted(self) -> set[str]:
        """The numbers that an answer may have."""
        return {"1"} if self.kind == self.Kind.CONSENT else {number for number, _ in self.choices}


class QuestionAnswer(Base):
    """What somebody answered to one question of the team's own: the numbers of what they chose, or their words."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="question_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    chosen = models.JSONField(default=list, help_text="Empty: left open, or “prefer not to say”.")
    text = EncryptedTextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="question_answer_once")]
