"""The line to the mail server: one connection for a worker's whole run, and a new one after an error.

Where the backend is Django's own over SMTP, mails are written and handed over by us, as it would: so something useful
can be done while the server reads one, and the next can be announced before the last has been marked. What the server
does not answer with is waited for only when the next word depends on it.
"""

import contextlib
import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from outbox import mime

OK, OK_FORWARDED, GO_ON = 250, 251, 354
Reply = tuple[int, bytes]


@dataclass(eq=False)
class Packed:
    """A mail to one address, ready to go. `body` is its bytes where we hand it over ourselves, else nothing."""

    mail: EmailMultiAlternatives
    address: str = ""
    body: bytes = b""


@dataclass
class _Line:
    """The run's connection, and the mail that has been announced over it and not handed over yet."""

    backend: BaseEmailBackend
    announced: Packed | None = None

    @property
    def is_ours(self) -> bool:
        """Only Django's own way over SMTP is known well enough to take a shorter one."""
        return type(self.backend) is EmailBackend


_held: ContextVar[_Line | None] = ContextVar("held", default=None)


def nothing() -> None:
    """What there is to do meanwhile, when there is nothing."""


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Within this block every mail goes over one connection; it is opened by the first and closed at the end."""
    token = _held.set(_Line(get_connection()))
    try:
        yield
    finally:
        drop()
        _held.reset(token)


def drop() -> None:
    """Hang up. After an error nobody knows what the server still expects, so the next mail starts a new connection."""
    line = _held.get()
    if line is None:
        return
    if line.announced is not None:
        _hang_up(line)
    with contextlib.suppress(smtplib.SMTPException, OSError):
        line.backend.close()


def _hang_up(line: _Line) -> None:
    """Without a farewell, which a server that waits for a mail would take for its beginning."""
    line.announced = None
    if line.backend.connection is not None:
        line.backend.connection.close()


def pack(mail: EmailMultiAlternatives, address: str) -> Packed:
    line = _held.get()
    if line is None or not line.is_ours:
        return Packed(mail)
    return Packed(mail, mime.bare(address), mime.written(mail))


def announce(packed: Packed) -> None:
    """Say that this mail is next, and do not wait for what the server says to that. Never raises."""
    line = _held.get()
    if line is not None and line.is_ours and packed.body:
        try:
            _begin(line, packed)
        except (smtplib.SMTPException, OSError, ValueError):
            drop()


def hand_over(packed: Packed, *, before: Callable[[], None], meanwhile: Callable[[], None] = nothing) -> str:
    """Give a mail to the mail server, over the run's connection; outside a run over one of its own.

    Returns what the server said to it, or the mail service called it.

    `before` is called when nothing but the mail itself is left to say, and stops it by raising; `meanwhile` while the
    server takes the mail in, and must not raise. Raises what `smtplib` does where the server does not take it.
    """
    line = _held.get()
    if line is None or not packed.body:
        before()
        packed.mail.connection = line and line.backend
        if line is not None:
            line.backend.open()  # and so it is not closed after each mail
        packed.mail.send()
        status = getattr(packed.mail, "anymail_status", None)
        return str(getattr(status, "message_id", None) or "")
    if line.announced is not packed:
        _begin(line, packed)
    server = line.backend.connection
    _check(_replies(server, packed), packed)
    try:
        before()
    except BaseException:
        drop()
        raise
    line.announced = None
    server.send(_with_end(packed.body))
    meanwhile()
    code, words = server.getreply()
    if code != OK:
        raise smtplib.SMTPDataError(code, words)
    return f"{code} {words.decode(errors='replace')}"


def _commands(server: smtplib.SMTP, packed: Packed) -> list[str]:
    size = f" size={len(packed.body)}" if server.has_extn("size") else ""
    sender = f"mail FROM:{_quoted(packed.mail.from_email)}{size}"
    return [sender, f"rcpt TO:{smtplib.quoteaddr(packed.address)}", "data"]


def _begin(line: _Line, packed: Packed) -> None:
    """Say as much about the mail as the server can take at once, by its own account: everything, or from whom it is."""
    line.backend.open()
    server = line.backend.connection
    server.ehlo_or_helo_if_needed()
    commands = _commands(server, packed)
    if any("\r" in command or "\n" in command for command in commands):
        raise ValueError("An address has a line break in it.")
    at_once = commands if server.has_extn("pipelining") else commands[:1]
    line.announced = packed
    server.send("".join(f"{command}{smtplib.CRLF}" for command in at_once))


def _replies(server: smtplib.SMTP, packed: Packed) -> Iterable[Reply]:
    """The answers to what has been said, and to the rest, which is said when the answer before is good."""
    if server.has_extn("pipelining"):
        return [server.getreply() for _ in range(3)]
    return (server.getreply() if n == 0 else server.docmd(said) for n, said in enumerate(_commands(server, packed)))


def _check(replies: Iterable[Reply], packed: Packed) -> None:
    """Raises the error of `smtplib` for the first reply that is not the one hoped for; asks for no more than that."""
    asked = iter(replies)
    code, words = next(asked)
    if code != OK:
        raise smtplib.SMTPSenderRefused(code, words, packed.mail.from_email)
    code, words = next(asked)
    if code not in {OK, OK_FORWARDED}:
        raise smtplib.SMTPRecipientsRefused({packed.address: (code, words)})
    code, words = next(asked)
    if code != GO_ON:
        raise smtplib.SMTPDataError(code, words)


@lru_cache(maxsize=8)
def _quoted(sender: str) -> str:
    return smtplib.quoteaddr(sanitize_address(sender, settings.DEFAULT_CHARSET))


def _with_end(body: bytes) -> bytes:
    """As it goes over the line: a full stop at the beginning of a line is doubled, for one by itself is the end."""
    return body.replace(b"\n.", b"\n..") + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")
