"""Who leads one session in the place of the circle's own mentor."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import clock
from accounts.fields import Base
from circles.models.session import Session
from participants.models import Enrolment


class StandInQuerySet(models.QuerySet):
    def current(self) -> "StandInQuerySet":
        """Those who are asked or have said yes."""
        return self.filter(declined_at__isnull=True, ended_at__isnull=True)

    def accepted(self) -> "StandInQuerySet":
        """Those who have said yes, and have not stepped back."""
        return self.current().filter(accepted_at__isnull=False)

    def in_reach(self) -> "StandInQuerySet":
        """Those who may still see the session that they lead."""
        return self.accepted().filter(session__starts_at__gt=clock.now() - StandIn.REACH)


class StandIn(Base):
    """A mentor of the cohort who is asked to lead one session of a circle that is not theirs. One at a time."""

    # For how long after the start of the session who stood in may see it and say who was there.
    REACH = dt.timedelta(days=14)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="stand_ins")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="stand_ins")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When they stepped back, or were not needed.")

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(declined_at__isnull=True, ended_at__isnull=True),
                name="stand_in_one_at_a_time_per_session",
            )
        ]

    def __str__(self) -> str:
        return "A stand-in"

    @property
    def is_current(self) -> bool:
        return self.declined_at is None and self.ended_at is None
