"""The line to the mail server: one connection for a worker's whole run, and a new one after an error."""

import contextlib
import smtplib
from collections.abc import Iterator
from contextvars import ContextVar

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

_held: ContextVar[BaseEmailBackend | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Within this block every mail goes over one connection; it is opened by the first and closed at the end."""
    token = _held.set(get_connection())
    try:
        yield
    finally:
        drop()
        _held.reset(token)


def connection() -> BaseEmailBackend:
    """The run's connection, open; outside a run a fresh one, which each mail opens and closes for itself."""
    line = _held.get()
    if line is None:
        return get_connection()
    # A backend that is open already stays as it is; one that was opened here is not closed after each mail.
    line.open()
    return line


def drop() -> None:
    """Hang up. After an error nobody knows what the server still expects, so the next mail starts a new connection."""
    if (line := _held.get()) is not None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            line.close()
