"""Telling one text from another, and showing what is different. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

# What begins a piece of its own in Markdown: a heading, an item, a quotation, a row of a table.
BEGINS = re.compile(r"\s*(#|>|\||[-*]\s|\d+[.)]\s)")
Words = Mapping[str, str]  # what somebody reads, by the name of its field


def digest(words: Words) -> str:
    """Tells one shipped text from another."""
    joined = "\x1f".join(f"{name}\x1e{_plain(words[name])}" for name in sorted(words))
    return hashlib.sha256(joined.encode()).hexdigest()


def _plain(text: str) -> str:
    """Without what a browser's text box adds."""
    return text.replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Line:
    """A piece of one text or of both. `mark` is “+” for what the other text has more, “-” for what it has not."""

    mark: str
    text: str

    @property
    def word(self) -> str:
        """The mark as it is read out."""
        return {"+": "New", "-": "Gone"}.get(self.mark, "")


def compare(ours: str, theirs: str) -> list[Line]:
    """Piece by piece what taking the other text would do."""
    return list(_lines(_blocks(ours), _blocks(theirs)))


def _blocks(text: str) -> list[str]:
    """The text as it is read: each heading, paragraph and item of a list in one piece, wherever its lines end."""
    blocks: list[str] = []
    goes_on = False
    for line in text.strip().splitlines():
        if goes_on and line.strip() and not BEGINS.match(line):
            blocks[-1] += f" {line.strip()}"
        elif line.strip():
            blocks.append(line.strip())
        goes_on = bool(line.strip()) and not line.lstrip().startswith("#")
    return blocks


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line("", text) for text in before[i:j])
            continue
        yield from (Line("-", text) for text in before[i:j])
        yield from (Line("+", text) for text in after[k:m])
