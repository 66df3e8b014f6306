"""What anymail's webhook hands on. It speaks by a signal, the only one of this code base; all else is a service."""

from typing import Any

from anymail.signals import AnymailInboundEvent, inbound

from circles.services.calendar_replies import receive


def on_mail(event: AnymailInboundEvent, **_values: Any) -> None:
    message = event.message
    receive(message.as_bytes(), came_to=message.envelope_recipient or "")


def register() -> None:
    inbound.connect(on_mail, dispatch_uid="circles.calendar_replies")
