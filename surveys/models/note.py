"""What somebody wants the programme team to know."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.fields import Base
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.fields import EncryptedTextField


class TeamNoteQuerySet(models.QuerySet):
    def open(self) -> "TeamNoteQuerySet":
        """Those that nobody of the team has dealt with."""
        return self.filter(settled_at=None)

    def asking_for_help(self) -> "TeamNoteQuerySet":
        return self.open().filter(asks_for_help=True)


class TeamNote(Base):
    """Words to the programme team, sent by their writer and no survey answer: never counted, never in a figure.

    A note with its writer's name has an enrolment. One without has only the random key under which its writer's
    answers are kept, so that it goes when they go and nobody of the team can tell whose it is.
    """

    class Origin(models.TextChoices):
        CHECK_IN = "check_in", "After a session"
        MID_POINT = "mid_point", "Half-way through a pair"
        HELP = "help", "From who leads a circle"

    class Shared(models.TextChoices):
        EVENLY = "evenly", "About evenly"
        MINE = "mine", "I do more of it than my partner"
        THEIRS = "theirs", "My partner does more of it than I do"
        UNSAID = "unsaid", "Prefer not to say"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="team_notes")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.CASCADE, related_name="team_notes", verbose_name="from"
    )
    participant_key = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    text = EncryptedTextField(blank=True)
    shared = models.CharField("how the work is shared", max_length=10, choices=Shared.choices, blank=True)
    asks_for_help = models.BooleanField("asks to be contacted", default=False)
    settled_at = models.DateTimeField("dealt with", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name="dealt with by",
    )  # fmt: skip

    objects = TeamNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note to the team"
        verbose_name_plural = "notes to the team"
        ordering = ["settled_at", "pk"]  # never by when it came, which would tell whose session it was after
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, participant_key="")
                | Q(enrolment__isnull=True) & ~Q(participant_key=""),
                name="team_note_named_or_by_key",
            ),
            models.CheckConstraint(
                condition=Q(asks_for_help=False) | Q(enrolment__isnull=False), name="team_note_help_needs_a_name"
            ),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(origin="mid_point"), name="team_note_mid_point_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_origin_display()}: {self.enrolment.user if self.enrolment else 'without a name'}"
