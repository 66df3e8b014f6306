"""From a template in Markdown to the two equivalent parts of an e-mail."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+!|<>~-])")

REFUSE = "[Choose not to get mail like this]({})"


class Url(str):
    """An address of ours: goes into the text as it is."""

    __slots__ = ()


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def _safe(value: object) -> object:
    """Text from people can't become markup, in lists neither: special characters are escaped and lines joined."""
    if isinstance(value, list | tuple):
        return [_safe(one) for one in value]
    if isinstance(value, Url) or not isinstance(value, str):
        return value
    paragraphs = [" ".join(part.split()) for part in value.split("\n\n")]
    return "\n\n".join(_SPECIAL.sub(r"\\\1", part) for part in paragraphs)


def _source(template_name: str, context: dict[str, Any]) -> str:
    values = {name: _safe(value) for name, value in context.items()}
    values |= {"service_name": settings.SERVICE_NAME, "base_url": Url(settings.BASE_URL)}
    # The file is Markdown, not HTML: Django's own escaping would write &amp; into the plain text.
    template: Template = get_template(template_name).template
    return template.render(Context(values, autoescape=False))


def _plain(markdown: str) -> str:
    """The Markdown as somebody reads it in a plain mail: links as words and address, no escapes, no emphasis marks."""
    text = _LINK.sub(r"\1:\n\2", markdown)
    text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", text)
    text = re.sub(r"(?m)^#+ ", "", text)
    return _ESCAPE.sub(r"\1", re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n"


def one_line(text: str) -> str:
    """Without line breaks, which would start a new header."""
    return " ".join(text.split())


def render(template_name: str, context: dict[str, Any], refuse: Url | None = None) -> Rendered:
    """Subject, plain text and HTML of one message; `refuse` is where its reader can ask for no more like it.

    Raises ValueError when the template has no subject line.
    """
    first, _, body = _source(template_name, context).strip().partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError(f"{template_name} must begin with a line “Subject: …”.")
    subject = _ESCAPE.sub(r"\1", one_line(first.removeprefix("Subject: ")))
    if refuse:
        body = f"{body.rstrip()}\n\n{REFUSE.format(refuse)}"
    html = render_to_string("mail/base.html", {"subject": subject, "body": _MARKDOWN.render(body.strip()), **_site()})
    return Rendered(subject=subject, text=_plain(body), html=html)


def _site() -> dict[str, str]:
    return {"service_name": settings.SERVICE_NAME, "base_url": settings.BASE_URL}
