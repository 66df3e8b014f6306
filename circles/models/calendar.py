"""What belongs to a person's own calendar."""

from django.conf import settings
from django.db import models

from accounts import clock
from accounts.fields import Base


class CalendarReply(Base):
    """That an answer from a calendar was taken. Of the mail only a hash of its Message-ID is kept."""

    message_hash = models.CharField(max_length=64, unique=True, editable=False)

    def __str__(self) -> str:
        return "An answer from a calendar"


class DiscreetWording(Base):
    """That a person wants their calendar to say “Meeting” and no more; while there is no row, it does not."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="discreet_wording")

    def __str__(self) -> str:
        return "Discreet wording"


class CalendarFeed(Base):
    """A person's private calendar address. Who holds it sees when they meet; of its token only a hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=clock.now)
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return "A calendar link"
