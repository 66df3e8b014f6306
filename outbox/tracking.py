"""What anymail's tracking webhook hands on, by its signal; all else is a service."""

import hashlib
from collections.abc import Mapping
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking

from outbox import bounces
from outbox.models import MailEvent

FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
# Where services say themselves that a mail came back for now, which anymail's own words do not tell apart.
SAID_IN = ["Type", "event", "bounceType"]
FOR_NOW = ("soft", "transient")


def what_of(event: AnymailTrackingEvent) -> str:
    """Which of our kinds of event it is; blank for those that change nothing, like a delivery."""
    if event.event_type == EventType.COMPLAINED:
        return MailEvent.What.COMPLAINT
    if event.event_type == EventType.BOUNCED:
        for_good = event.reject_reason in FOR_GOOD and not _is_for_now(event.esp_event)
        return MailEvent.What.HARD if for_good else MailEvent.What.SOFT
    return MailEvent.What.SOFT if event.event_type == EventType.DEFERRED else ""


def _is_for_now(told: Any) -> bool:
    if not isinstance(told, Mapping):
        return False
    parts = [told, told.get("bounce")]
    words = [str(part.get(name, "")).lower() for part in parts if isinstance(part, Mapping) for name in SAID_IN]
    return any(word.startswith(FOR_NOW) for word in words)


def on_event(event: AnymailTrackingEvent, esp_name: str, **_values: Any) -> None:
    if (what := what_of(event)) and event.recipient:
        key = event.event_id or hashlib.sha256(repr(event.esp_event).encode()).hexdigest()
        bounces.note(event_id=f"{esp_name}:{what}:{key}", what=what, address=event.recipient)


def register() -> None:
    tracking.connect(on_event, dispatch_uid="outbox.bounces")
