"""How much a person's calendar says."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import prepared
from circles.models import DiscreetWording


def is_discreet(user: User) -> bool:
    """Whether somebody wants their calendar to say “Meeting” and no more."""
    return bool(_chosen(user.pk))


@prepared
def _chosen(user: UUID) -> QuerySet[DiscreetWording, tuple[UUID]]:
    return DiscreetWording.objects.filter(user=user).values_list("user")[:1]
