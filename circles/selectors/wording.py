"""How much a person's calendar says."""

from accounts.models import User
from circles.models import DiscreetWording


def is_discreet(user: User) -> bool:
    """Whether somebody wants their calendar to say “Meeting” and no more."""
    return DiscreetWording.objects.filter(user=user).exists()
