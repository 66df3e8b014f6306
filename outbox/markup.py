"""The Markdown in which messages are written: what people typed made harmless, and the two ways to read it."""

import re

from markdown_it import MarkdownIt

# A picture would have to come from somewhere, and tells whoever serves it that the mail was opened.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")
_HEADING = re.compile(r"(?m)^#+ ")
_GAP = re.compile(r"\n{3,}")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+!|<>~-])")


class Url(str):
    """An address of ours: goes into the text as it is."""

    __slots__ = ()


class Markdown(str):
    """Text in Markdown by the programme team, which may mark it up."""

    __slots__ = ()


def link(words: str, url: str) -> Markdown:
    """A link of ours to put into a text as it is."""
    return Markdown(f"[{safe(words)}]({url})")


def safe(value: object) -> object:
    """Text from people can't become markup, in lists neither: special characters are escaped and lines joined."""
    if isinstance(value, list | tuple):
        return [safe(one) for one in value]
    if isinstance(value, Url | Markdown) or not isinstance(value, str):
        return value
    paragraphs = [" ".join(part.split()) for part in value.split("\n\n")]
    return "\n\n".join(_SPECIAL.sub(r"\\\1", part) for part in paragraphs)


def unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def plain(markdown: str) -> str:
    """The Markdown as somebody reads it in a plain mail: links as words and address, no escapes, no emphasis marks."""
    text = _LINK.sub(r"\1:\n\2", markdown)
    text = _BOLD.sub(r"\1", text)
    text = _HEADING.sub("", text)
    return unescaped(_GAP.sub("\n\n", text)).strip() + "\n"


def html(markdown: str) -> str:
    return str(MARKDOWN.render(markdown.strip()))
