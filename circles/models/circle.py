"""Published circles and who sits in them. A pair is a circle of two."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.fields import Base
from cohorts.models import Cohort, Slot
from cohorts.words import Words, words_of
from participants.models import Enrolment


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

    @property
    def words(self) -> Words:
        """How pages speak to this person of those they meet with."""
        return words_of(self.circle.cohort.format, leads=self.is_lead)
