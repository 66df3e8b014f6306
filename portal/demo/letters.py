"""Mail as the sink kept it: one file for each message."""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from django.conf import settings

from outbox.models import Message

NAME = re.compile(r"\d+-\d+")  # as the sink names its files; nothing else is read
TO = re.compile(r"^To:(.*(?:\r\n[ \t].*)*)", re.MULTILINE | re.IGNORECASE)
STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Letter:
    """One sent message; `name` is its file's, without the ending."""

    name: str
    message: EmailMessage
    sent_at: dt.datetime

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "(no subject)")

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def html(self) -> str:
        return self.part("html")

    @property
    def calendar(self) -> str:
        return self.part("calendar")

    def part(self, subtype: str) -> str:
        """The content of the first text part of that kind; blank when there is none."""
        parts = (p for p in self.message.walk() if p.get_content_type() == f"text/{subtype}")
        return next((str(part.get_content()).replace("\r\n", "\n") for part in parts), "")


def folder() -> Path | None:
    """Where the sink keeps mail; None when this copy has no sink."""
    return Path(settings.MAIL_SINK_DIR) if settings.MAIL_SINK_DIR else None


def names() -> list[str]:
    """The messages there are, newest first."""
    place = folder()
    files = place.glob("*.eml") if place and place.is_dir() else []
    return sorted((file.stem for file in files), key=_received, reverse=True)


def names_to(words: str) -> list[str]:
    """The messages to an address or name with these words, newest first."""
    sought = words.casefold()
    return [name for name in names() if sought in _recipient(name)]


def headers(wanted: Iterable[str]) -> list[Letter]:
    """The named messages without their content, for a list. Those deleted meanwhile are left out."""
    parser = BytesHeaderParser(policy=policy.default)
    read = [(name, parser.parsebytes(raw)) for name in wanted if (raw := _bytes(name)) is not None]
    return _dated(read)


def get(name: str) -> Letter | None:
    """One whole message; None when there is none of that name."""
    raw = _bytes(name)
    return None if raw is None else _dated([(name, BytesParser(policy=policy.default).parsebytes(raw))])[0]


def style_hashes(html: str) -> list[str]:
    """What a Content-Security-Policy must name for the style sheets inside the message, and for nothing else."""
    sheets = (hashlib.sha256(sheet.encode()).digest() for sheet in STYLE.findall(html))
    return [f"'sha256-{base64.b64encode(sheet).decode()}'" for sheet in sheets]


def _bytes(name: str) -> bytes | None:
    place = folder()
    file = place / f"{name}.eml" if place and NAME.fullmatch(name) else None
    return file.read_bytes() if file and file.is_file() else None


def _recipient(name: str) -> str:
    """The “To” of a message as it is written; quick, because it looks at the first lines alone."""
    head = (_bytes(name) or b"").partition(b"\r\n\r\n")[0].decode(errors="replace")
    found = TO.search(head)
    return found[1].casefold() if found else ""


def _received(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("-") if part.isdigit())


def _dated(read: list[tuple[str, EmailMessage]]) -> list[Letter]:
    """With the moment at which the outbox says it was sent: the one clock's, which may have been moved."""
    ids = [str(message["Message-ID"]) for _, message in read]
    sent = dict(Message.objects.filter(message_id__in=ids).values_list("message_id", "sent_at"))
    return [Letter(name, m, sent.get(str(m["Message-ID"])) or _file_time(name)) for name, m in read]


def _file_time(name: str) -> dt.datetime:
    milliseconds = (_received(name) or (0,))[0]
    return dt.datetime.fromtimestamp(milliseconds / 1000, tz=dt.UTC)
