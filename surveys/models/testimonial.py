"""What participants say in their own words, for everybody to read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.fields import Base
from participants.models import Enrolment


class TestimonialQuerySet(models.QuerySet):
    def on_show(self) -> "TestimonialQuerySet":
        """Those that everybody may read today: approved, and not past their day, also before the daily job says so."""
        still_shown = Q(expires_on=None) | Q(expires_on__gte=clock.today())
        return self.filter(still_shown, state=Testimonial.State.PUBLISHED)

    def past_their_day(self) -> "TestimonialQuerySet":
        """Those that still say that they are published."""
        return self.filter(state=Testimonial.State.PUBLISHED, expires_on__lt=clock.today())


class Testimonial(Base):
    """A quote about the programme, published with its author's consent and the team's approval."""

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for approval"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Past its day"

    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.CASCADE, related_name="testimonials",
        help_text="Blank for a quote from before this software.",
    )  # fmt: skip
    quote = models.TextField()
    attribution = models.CharField(max_length=120, help_text="As it is shown: a name, or “Mentee, Cohort 14”.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    expires_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TestimonialQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.attribution

    @property
    def is_on_show(self) -> bool:
        return self.state == self.State.PUBLISHED and (self.expires_on is None or self.expires_on >= clock.today())
