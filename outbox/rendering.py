"""From a template in Markdown to the two equivalent parts of an e-mail."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.html import escape

from outbox import moulds, own_html, sandbox
from outbox.markup import MARKDOWN, Markdown, Url, link, safe

__all__ = [
    "LONGEST", "MARKDOWN", "NEUTRAL", "REVEALING", "Markdown", "Rendered", "Url", "fill", "link", "markdown_of",
    "one_line", "render", "shipped", "style_hashes", "subject_of",
]  # fmt: skip
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SUBJECT = "Subject: "
# Subjects are seen on lock screens and by colleagues: taking part says something about a person.
REVEALING = re.compile(r"\b(ethnic\w*|black|asian|race|racial|divers\w*|minorit\w*|inclusion|bame)\b", re.IGNORECASE)
# What stands instead of a subject in which something that somebody typed would tell that.
NEUTRAL = "A message about mentoring"
LONGEST = 120  # characters of a subject


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def _values(words: sandbox.Pair, context: dict[str, Any]) -> dict[str, Any]:
    """What the words ask for, made harmless."""
    values = {name: safe(context[name]) for name in words.roots if name in context}
    return values | {"service_name": settings.SERVICE_NAME, "base_url": Url(settings.BASE_URL)}


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
    texts = moulds.texts(words, _values(words, context), refuse)
    subject = subject_of(texts.subject)
    title, above, below = str(escape(subject)), *_page(**_site())
    body = own_html.rendered(words.html, context | _site(), refuse) if words.html else texts.html
    html = f"{title.join(above)}{body}{title.join(below)}"
    return Rendered(subject=subject, text=texts.plain, html=html)


@lru_cache(maxsize=8)
def _page(service_name: str, base_url: str) -> tuple[list[str], list[str]]:
    """The HTML part above its text and below it, each in the pieces between which its subject stands."""
    subject, body = secrets.token_hex(), secrets.token_hex()
    values = {"subject": subject, "body": body, "service_name": service_name, "base_url": base_url}
    above, below = render_to_string("mail/base.html", values).split(body)
    return above.split(subject), below.split(subject)


def subject_of(text: str) -> str:
    """A subject as it may be seen by others: one line, not long, and silent about who somebody is."""
    line = one_line(text)
    if REVEALING.search(line):
        return NEUTRAL
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def markdown_of(words: sandbox.Pair, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of one message before they become an e-mail."""
    return words.fill(_values(words, context))


def _site() -> dict[str, str]:
    return {"service_name": settings.SERVICE_NAME, "base_url": settings.BASE_URL}


def style_hashes() -> list[str]:
    """What a Content-Security-Policy must name so that a preview of the HTML part may be styled, and nothing else."""
    sheets = _STYLE.findall(get_template("mail/base.html").template.source)
    digests = (hashlib.sha256(sheet.encode()).digest() for sheet in sheets)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
