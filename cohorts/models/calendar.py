"""When a cohort meets and what about: slots, days kept free, the plan of each session, ceremonies and masterclasses."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.fields import Base
from cohorts.models.cohort import Cohort
from ui.dates import uk_time


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Slot(Base):
    """A time of the week at which a circle may meet."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    start = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=90)

    class Meta:
        ordering = ["weekday", "start"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "weekday", "start"], name="slot_once_per_cohort"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_weekday_known"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="slot_length_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {uk_time(self.start)}"


class BlockedDates(Base):
    """Days on which no session of a cohort is planned, besides bank holidays."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="blocked_dates")
    first_day = models.DateField()
    last_day = models.DateField()
    label = models.CharField(
        "what for", max_length=60, help_text="As in “Eid al-Fitr”. Circles whose session moves because of it see it."
    )

    class Meta:
        ordering = ["first_day", "last_day", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="blocked_dates_end_after",
                violation_error_message="The last day can’t be before the first day.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class SessionPlan(Base):
    """What a session of a cohort is about, by its number. Circles get a copy of their own when they are published."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="session_plans")
    number = models.PositiveSmallIntegerField("session")
    aim = models.CharField(max_length=200, blank=True)
    prompts = models.TextField("to talk about", blank=True, help_text="One on each line.")
    preparation = models.TextField("to prepare", blank=True, help_text="Stands in the invitation too.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="session_plan_number_once")]

    def __str__(self) -> str:
        return f"Session {self.number}"


class EventQuerySet(models.QuerySet["Event"]):
    """Events, by whether they stand."""

    def standing(self) -> Self:
        """Those that were not called off."""
        return self.filter(called_off_at=None)


class Event(Base):
    """Something for the whole cohort: a ceremony or a masterclass. One that was called off stays, and says so."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening ceremony"
        CLOSING = "closing", "Closing ceremony"
        MASTERCLASS = "masterclass", "Masterclass"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    place = models.CharField(max_length=200, blank=True, help_text="Blank: online only.")
    join_url = models.URLField(blank=True)
    description = models.TextField(blank=True)
    speakers = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Who speaks, as it stands on the event’s page."
    )
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many may come; who says yes later waits in order. Blank: everybody."
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # The earliest start that people may still expect, because they were told of it before it moved.
    moved_from = models.DateTimeField(null=True, editable=False)
    called_off_at = models.DateTimeField(null=True, editable=False)
    called_off_words = models.CharField(max_length=300, blank=True, db_default="", editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "kind"],
                condition=Q(kind__in=["opening", "closing"], called_off_at=None),
                name="event_one_ceremony_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cohort})"

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)
