"""Links of one person's own: to answer an invitation or to join a meeting without signing in first.

The token is signed and holds two row keys: nothing about the person can be read from it, and nothing is stored.
"""

from django.core import signing
from django.db import models

from circles.models import Poll, StandIn
from cohorts.models import Event
from outbox.pages import page
from outbox.rendering import Url
from participants.models import Enrolment, Reply

__all__ = ["KINDS", "SALT", "answers", "page", "read", "token"]
SALT = "circles.links"
# What else a link can be about than a session (`s`).
KINDS: dict[type[models.Model], str] = {Event: "e", Poll: "p", StandIn: "i"}


def token(meeting: models.Model, enrolment: Enrolment) -> str:
    """One person's key to one session, event or poll, or to being asked to stand in."""
    kind = next((kind for model, kind in KINDS.items() if isinstance(meeting, model)), "s")
    return signing.dumps([kind, meeting.pk.hex, enrolment.pk.hex], salt=SALT)


def read(text: str, kind: str) -> tuple[str, str] | None:
    """The keys of what the link is about and of the enrolment; what it is about is named by its kind, see `KINDS`.

    None for a link that is not ours.
    """
    try:
        found, meeting, enrolment = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return (meeting, enrolment) if found == kind else None


def answers(name: str, *args: object) -> dict[str, Url]:
    """The page on which a person answers, and the same page with each of the three answers chosen already.

    They are chosen, not given: mail programs open links by themselves, so the page asks for one more tap.
    """
    asks = page(name, *args)
    return {"reply_url": asks} | {f"{reply}_url": Url(f"{asks}?answer={reply}") for reply in Reply.values}
