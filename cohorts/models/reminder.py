"""Which reminders a cohort’s people get, and when."""

from django.core.validators import MaxValueValidator
from django.db import models

from accounts.fields import Base
from cohorts.models.cohort import Cohort
from ui.dates import uk_time


class ReminderRule(Base):
    """When the people concerned are reminded of something; editable per cohort.

    What its days count depends on the kind: days before a session, days after one, after a survey opens or
    after somebody accepted, or the day of the month. Daily mail has none.
    """

    class Kind(models.TextChoices):
        ENROLMENT = "enrolment", "Enrolling: not yet finished (those who accepted)"
        SESSION_REPLY = "session_reply", "Session: will you come? (those who have not replied)"
        SESSION_COMING = "session_coming", "Session: see you soon (those who are coming)"
        ATTENDANCE = "attendance", "After a session: were you there? (those of whom nobody has said)"
        CHECK_IN = "check_in", "After a session: two questions (those who were there)"
        NO_SESSION = "no_session", "Mentor: no session this month"
        SURVEY = "survey", "Survey: not yet answered"
        COORDINATOR_DIGEST = "coordinator_digest", "Coordinator: monthly summary"
        STAFF_DIGEST = "staff_digest", "Programme team: daily summary of what is stuck"

    # Mail to people who need not take part themselves.
    FOR_OTHERS = (Kind.COORDINATOR_DIGEST, Kind.STAFF_DIGEST)

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    days = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(60)],
        help_text="Days before or after a session; days after a survey opens or somebody accepted; the day of the "
        "month for monthly mail; 0 for daily mail.",
    )
    at = models.TimeField(
        "time of day", null=True, blank=True,
        help_text="Blank: at the session’s own time, or at 8 in the morning. Always in working hours.",
    )  # fmt: skip
    enabled = models.BooleanField("switched on", default=False)

    class Meta:
        ordering = ["kind", "-days"]
        constraints = [models.UniqueConstraint(fields=["cohort", "kind", "days"], name="reminder_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.when}"

    @property
    def when(self) -> str:
        """Its days and time in words, as in “7 days before” or “on day 1 of the month at 9am”."""
        days = f"{self.days} {'day' if self.days == 1 else 'days'}"
        words = {
            self.Kind.ENROLMENT: f"{days} after they accepted",
            self.Kind.SESSION_REPLY: f"{days} before",
            self.Kind.SESSION_COMING: f"{days} before",
            self.Kind.ATTENDANCE: f"{days} after",
            self.Kind.CHECK_IN: f"{days} after",
            self.Kind.SURVEY: f"{days} after it opens" if self.days else "as it opens",
            self.Kind.STAFF_DIGEST: "every working day",
        }.get(self.Kind(self.kind), f"on day {self.days} of the month")
        return f"{words} at {uk_time(self.at)}" if self.at else words
