"""An e-mail as the bytes that go to the mail server: those that Django makes, in a tenth of its time.

Django builds a tree of parts, each with a table of headers, and walks it several times. Our mails are all of one
shape, text beside HTML and perhaps a calendar, so they can be written down from top to bottom. Whatever is of another
shape, or has a line that must be broken up, is left to Django.
"""

import random
import re
import sys
from email.policy import compat32
from email.utils import formatdate
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import RFC5322_EMAIL_LINE_LENGTH_LIMIT as LONGEST_LINE
from django.core.mail.message import forbid_multi_line_headers, sanitize_address

CRLF = "\r\n"
POLICY = compat32.clone(linesep=CRLF)
_LINE_END = re.compile(r"\r\n|\r|\n")
# Headers that stand in one line as they are, names of people too.
_SHORT = re.compile(r"[!-~]+(?: [!-~]+)*")
_ONE_LINE = 74
_SET_ELSEWHERE = {"from", "to", "cc", "reply-to", "date"}
_KIND = re.compile(r"(text/[a-z]+)(?:; method=([A-Z]+))?")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9-]{{1,63}}\.)+[A-Za-z]{{2,63}}")


class _OtherShapeError(Exception):
    """A mail that is left to Django."""


def written(mail: EmailMultiAlternatives) -> bytes:
    """The mail as bytes. Raises what Django raises for one that can't be sent."""
    try:
        return _written(mail)
    except _OtherShapeError:
        return mail.message().as_bytes(linesep=CRLF)


def _written(mail: EmailMultiAlternatives) -> bytes:
    _must_be_of_our_shape(mail)
    parts = [_part("text/plain", mail.body), *(_part(kind, content) for content, kind in mail.alternatives)]
    boundary = _boundary(parts)
    lines = [
        f'Content-Type: multipart/alternative;{CRLF} boundary="{boundary}"{CRLF}MIME-Version: 1.0{CRLF}'.encode(),
        header("Subject", mail.subject),
        header("From", mail.from_email),
        header("To", ", ".join(mail.to)),
        header("Reply-To", ", ".join(mail.reply_to)),
        header("Date", formatdate(localtime=settings.EMAIL_USE_LOCALTIME)),
        *[header(name, value) for name, value in mail.extra_headers.items()],
    ]
    between = f"{CRLF}--{boundary}{CRLF}".encode()
    return b"".join([*lines, between, between.join(parts), f"{CRLF}--{boundary}--{CRLF}".encode()])


def _must_be_of_our_shape(mail: EmailMultiAlternatives) -> None:
    usual = mail.subject and mail.body and mail.to and mail.reply_to and mail.alternatives
    usual = usual and "Message-ID" in mail.extra_headers
    unusual = mail.attachments or mail.cc or mail.encoding or mail.content_subtype != "plain"
    unusual = unusual or settings.DEFAULT_CHARSET != "utf-8"
    if not usual or unusual or any(name.lower() in _SET_ELSEWHERE for name in mail.extra_headers):
        raise _OtherShapeError


def _part(kind: object, content: object) -> bytes:
    found = _KIND.fullmatch(str(kind))
    if not found or not isinstance(content, str):
        raise _OtherShapeError
    try:
        body = (_LINE_END.sub(CRLF, content) if "\r" in content else content.replace("\n", CRLF)).encode()
    except UnicodeEncodeError:
        raise _OtherShapeError from None
    if max(map(len, body.split(b"\n"))) > LONGEST_LINE:
        raise _OtherShapeError
    method = f'; method="{found[2]}"' if found[2] else ""
    lines = [f'Content-Type: {found[1]}{method}; charset="utf-8"', "MIME-Version: 1.0"]
    lines = [*(lines[::-1] if method else lines), f"Content-Transfer-Encoding: {'7bit' if body.isascii() else '8bit'}"]
    return CRLF.join([*lines, "", ""]).encode() + body


def _boundary(parts: list[bytes]) -> str:
    """As the standard library makes it: by chance, and in none of the parts."""
    while True:
        boundary = f"{'=' * 15}{random.randrange(sys.maxsize):019d}=="  # noqa: S311 - must differ, not be secret
        if not any(boundary.encode() in part for part in parts):
            return boundary


def header(name: str, value: object) -> bytes:
    """A header's lines. Raises BadHeaderError for a value with a line break in it."""
    text = str(value)
    if len(name) + len(text) <= _ONE_LINE and _SHORT.fullmatch(text):
        return f"{name}: {text}{CRLF}".encode("ascii")
    return _folded(name, text)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> bytes:
    return POLICY.fold_binary(*forbid_multi_line_headers(name, value, settings.DEFAULT_CHARSET))


def bare(address: str) -> str:
    """The address as it is named to the mail server. Raises ValueError for one that is none."""
    return address if _ADDRESS.fullmatch(address) else sanitize_address(address, settings.DEFAULT_CHARSET)
