"""The HTML part of a message in HTML of the team's own, where they want more than what is made from its text.

It stands between the message's heading and its foot and is filled with the same values, each escaped. What it may be
made of is a short list, so that it can neither run, fetch nor hide anything, and is as easy to read as our own.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.template import Context, Template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from outbox.markup import MARKDOWN, Markdown, Url
from outbox.markup import html as of_markdown

REFUSE = '<p><a href="{}">Choose not to get mail like this</a></p>'
ALONE = {"br", "hr"}
TAGS = {
    "a", "b", "blockquote", "div", "em", "h2", "h3", "i", "li", "ol", "p", "span", "strong", "table", "tbody", "td",
    "tr", "ul", *ALONE,
}  # fmt: skip
BUTTON, LAYOUT = ("class", "button"), ("role", "presentation")
_LEADS = re.compile(r"(https?://|mailto:)\S+")
# What somebody might type that would get out of an attribute without quotation marks.
HOSTILE = "x onx=1"


def rendered(template: Template, context: dict[str, Any], refuse: Url | None) -> str:
    """The HTML with these values; `refuse` is where its reader can ask for no more like it."""
    values = {name: _as_html(value) for name, value in context.items()}
    html = str(template.render(Context(values, autoescape=True))).strip()
    return f"{html}\n{format_html(REFUSE, refuse)}" if refuse else html


def _as_html(value: Any) -> Any:
    """Text keeps its paragraphs; Markdown, which only the team writes, is what it stands for."""
    if isinstance(value, list | tuple):
        return [_as_html(one) for one in value]
    if isinstance(value, Markdown):
        return SafeString(of_markdown(value) if "\n" in value else MARKDOWN.renderInline(value))
    if isinstance(value, Url) or not isinstance(value, str):
        return value
    paragraphs = ((" ".join(part.split()),) for part in value.split("\n\n"))
    return format_html_join(SafeString("<br><br>"), "{}", paragraphs)


def addresses(html: str) -> set[str]:
    """Where its links lead."""
    reader = _Reader()
    reader.feed(html)
    return reader.links


def faults(html: str) -> Iterator[str]:
    """What it may not be made of, or is not well made; each once, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.found += [f"“<{tag}>” is not closed. Write “</{tag}>” where it ends." for tag in reader.open]
    yield from dict.fromkeys(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"“<{tag}>” can’t be used. Only {', '.join(sorted(TAGS))} can.")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "table" and LAYOUT not in attrs:
            self.found.append('Write a table as “<table role="presentation">”: it is for the layout alone.')
        if tag == "a" and "href" not in dict(attrs):
            self.found.append('A link needs an address: “<a href="…">”.')
        if tag not in ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if (tag, name) == ("a", "href"):
            self.links.add(value)
            if not _LEADS.match(value):
                words = "one of the links that are listed beside the text, or a whole address"
                self.found.append(f"A link leads to {words}, not to “{value}”.")
        elif not ((tag == "a" and (name, value) == BUTTON) or (tag == "table" and (name, value) == LAYOUT)):
            self.found.append(f"“{name}” can’t be used in “<{tag}>”: a link has its “href” and may be class=“button”.")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open and tag == self.open[-1]:
            self.open.pop()
        elif tag in TAGS:
            self.found.append(f"“</{tag}>” closes nothing that is open there.")

    def handle_comment(self, data: str) -> None:
        self.found.append("Take out what stands between “<!--” and “-->”: it would be sent.")

    def handle_decl(self, decl: str) -> None:
        self.found.append("Leave out “<!…>”: only what stands between the heading and the foot is yours.")

    def unknown_decl(self, data: str) -> None:
        self.handle_decl(data)

    def handle_pi(self, data: str) -> None:
        self.handle_decl(data)
