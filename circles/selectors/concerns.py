"""Which concerns a member of the team may know of."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from circles.models import Concern
from cohorts.permissions import cohorts_where

PERMISSION = "circles.change_concern"


def concerns_for(user: User) -> QuerySet[Concern]:
    """Those of the cohorts in which somebody deals with them; never of people whom they may be about.

    Who may only read the team's pages does not learn that there is one.
    """
    return Concern.objects.readable_by(user).filter(cohort__in=cohorts_where(user, PERMISSION))


def known_to(user: User) -> Any:
    """Their keys, for what says by itself that there is a concern: a message about it, a line of the trail."""
    return concerns_for(user).values("pk")
