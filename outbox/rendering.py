"""From a template in Markdown to the two equivalent parts of an e-mail."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from markdown_it import MarkdownIt

from outbox import sandbox

# A picture would have to come from somewhere, and tells whoever serves it that the mail was opened.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+!|<>~-])")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SUBJECT = "Subject: "
# Subjects are seen on lock screens and by colleagues: taking part says something about a person.
REVEALING = re.compile(r"\b(ethnic\w*|black|asian|race|racial|divers\w*|minorit\w*|inclusion|bame)\b", re.IGNORECASE)
# What stands instead of a subject in which something that somebody typed would tell that.
NEUTRAL = "A message about mentoring"
LONGEST = 120  # characters of a subject

REFUSE = "[Choose not to get mail like this]({})"


class Url(str):
    """An address of ours: goes into the text as it is."""

    __slots__ = ()


class Markdown(str):
    """Text in Markdown by the programme team, which may mark it up."""

    __slots__ = ()


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def link(words: str, url: str) -> Markdown:
    """A link of ours to put into a text as it is."""
    return Markdown(f"[{_safe(words)}]({url})")


def _safe(value: object) -> object:
    """Text from people can't become markup, in lists neither: special characters are escaped and lines joined."""
    if isinstance(value, list | tuple):
        return [_safe(one) for one in value]
    if isinstance(value, Url | Markdown) or not isinstance(value, str):
        return value
    paragraphs = [" ".join(part.split()) for part in value.split("\n\n")]
    return "\n\n".join(_SPECIAL.sub(r"\\\1", part) for part in paragraphs)


def _values(context: dict[str, Any]) -> dict[str, Any]:
    values = {name: _safe(value) for name, value in context.items()}
    return values | {"service_name": settings.SERVICE_NAME, "base_url": Url(settings.BASE_URL)}


def _plain(markdown: str) -> str:
    """The Markdown as somebody reads it in a plain mail: links as words and address, no escapes, no emphasis marks."""
    text = _LINK.sub(r"\1:\n\2", markdown)
    text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", text)
    text = re.sub(r"(?m)^#+ ", "", text)
    return _ESCAPE.sub(r"\1", re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n"


def one_line(text: str) -> str:
    """Without line breaks, which would start a new header."""
    return " ".join(text.split())


@lru_cache(maxsize=256)
def shipped(template_name: str) -> tuple[str, str, str]:
    """Subject and text of a template as it came with the product, and its file. Raises ValueError without a subject."""
    template = get_template(template_name).template
    first, _, body = template.source.strip().partition("\n")
    if not first.startswith(SUBJECT):
        raise ValueError(f"{template_name} must begin with a line “Subject: …”.")
    return first.removeprefix(SUBJECT), body.strip(), str(template.origin.name)


def render(template_name: str, context: dict[str, Any], refuse: Url | None = None) -> Rendered:
    """One message in the shipped words. Raises ValueError when the template has no subject line."""
    return fill(sandbox.pair(*shipped(template_name)), context, refuse)


def fill(words: sandbox.Pair, context: dict[str, Any], refuse: Url | None = None) -> Rendered:
    """Subject, plain text and HTML of one message; `refuse` is where its reader can ask for no more like it."""
    first, body = words.fill(_values(context))
    subject = subject_of(_ESCAPE.sub(r"\1", first))
    if refuse:
        body = f"{body.rstrip()}\n\n{REFUSE.format(refuse)}"
    html = render_to_string("mail/base.html", {"subject": subject, "body": MARKDOWN.render(body.strip()), **_site()})
    return Rendered(subject=subject, text=_plain(body), html=html)


def subject_of(text: str) -> str:
    """A subject as it may be seen by others: one line, not long, and silent about who somebody is."""
    line = one_line(text)
    if REVEALING.search(line):
        return NEUTRAL
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def markdown_of(words: sandbox.Pair, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of one message before they become an e-mail."""
    return words.fill(_values(context))


def _site() -> dict[str, str]:
    return {"service_name": settings.SERVICE_NAME, "base_url": settings.BASE_URL}


def style_hashes() -> list[str]:
    """What a Content-Security-Policy must name so that a preview of the HTML part may be styled, and nothing else."""
    sheets = _STYLE.findall(get_template("mail/base.html").template.source)
    digests = (hashlib.sha256(sheet.encode()).digest() for sheet in sheets)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
