"""Words and drawings from elsewhere, as safe HTML."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Raw HTML is escaped and images are left out: a text may bring words, links and tables, nothing that loads or runs.
_parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")
_ALLOWED_SCHEMES = ("https://", "http://", "mailto:", "tel:", "/", "#")


def _is_safe_link(url: str) -> bool:
    """Links go to the web, a mailbox, a telephone or this site; never to a script or a protocol-relative host."""
    return url.lower().startswith(_ALLOWED_SCHEMES) and not url.startswith(("//", "/\\"))


_parser.validateLink = _is_safe_link


def web_address(url: str) -> str:
    """The address if it leads to the web, else nothing: for links that somebody typed, whichever way they came in."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def _shift_headings(tokens: Sequence[Token]) -> None:
    """Let the highest heading of the text be an h2, under the page's one h1, and keep the steps between them."""
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = 2 - min(levels, default=2)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"


def inline_qr_code(svg: str) -> SafeString:
    """The picture of a QR code drawn anew from the path in `svg`: no XML prolog, no style, but a name."""
    view_box = re.search(r'viewBox="([\d. ]+)"', svg)
    path = re.search(r'\bd="([MmHhVvLlZz\d., -]+)"', svg)
    if not (view_box and path):
        raise ValueError("Not the SVG of a QR code.")
    return format_html(
        '<svg class="qr-code" width="208" height="208" viewBox="{}" role="img" aria-label="QR code">'
        '<path d="{}" /></svg>',
        view_box[1],
        path[1],
    )


def marked(text: str, matches: Callable[[str], bool]) -> SafeString:
    """Plain text as HTML, each word that matches inside a `mark` element."""
    parts = re.split(r"(\w+)", text)
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", p) if matches(p) else p,) for p in parts))


def _mark_words(tokens: Sequence[Token], matches: Callable[[str], bool]) -> None:
    for text in _inline(tokens):
        if text.type == "text":
            # The renderer writes this kind of token as it stands; `marked` has escaped what the text brought.
            text.type, text.content = "html_inline", marked(text.content, matches)


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def render_markdown(text: str, matches: Callable[[str], bool] | None = None) -> SafeString:
    """The text's HTML, its headings starting at h2, its raw HTML escaped, its unsafe links left as text.

    Words that `matches` is true of are marked.
    """
    tokens = _parser.parse(text)
    _shift_headings(tokens)
    if matches:
        _mark_words(tokens, matches)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(html)  # noqa: S308 – the parser escapes every character that it did not write itself


def plain_text(text: str) -> str:
    """The words of a text in Markdown, without its marks and addresses."""
    blocks = (token.children or () for token in _parser.parse(text) if token.type == "inline")
    return " ".join("".join(part.content or " " * (part.type == "softbreak") for part in block) for block in blocks)


# What could end the element, or begin a comment or a character reference in it.
_UNSAFE_IN_SCRIPT = {">": "\\u003E", "<": "\\u003C", "&": "\\u0026"}


def data_block(data: Any) -> SafeString:
    """Structured data for search engines. A browser runs no block of this type, and no text in it can end it."""
    written = json.dumps(data, ensure_ascii=False)
    for sign, code in _UNSAFE_IN_SCRIPT.items():
        written = written.replace(sign, code)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308 – see above
