"""Links of one person's own: to answer an invitation or to join a meeting without signing in first.

The token is signed and holds two row keys: nothing about the person can be read from it, and nothing is stored.
"""

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse

from cohorts.models import Event
from outbox.rendering import Url
from participants.models import Enrolment

SALT = "circles.links"


def token(meeting: models.Model, enrolment: Enrolment) -> str:
    """One person's key to one session or event."""
    kind = "e" if isinstance(meeting, Event) else "s"
    return signing.dumps([kind, meeting.pk.hex, enrolment.pk.hex], salt=SALT)


def read(text: str, kind: str) -> tuple[str, str] | None:
    """The keys of the meeting (`s`: a session, `e`: an event) and the enrolment; None for a link that is not ours."""
    try:
        found, meeting, enrolment = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return (meeting, enrolment) if found == kind else None


def page(name: str, *args: object) -> Url:
    """The full address of one of our pages, as it is written in a mail."""
    return Url(settings.BASE_URL + reverse(name, args=args))
