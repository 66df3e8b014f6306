"""Telling one text from another, and showing what is different. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

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
    """A line of one text or of both. `mark` is “+” for what the other text has more, “-” for what it has not."""

    mark: str
    text: str

    @property
    def word(self) -> str:
        """The mark as it is read out."""
        return {"+": "New", "-": "Gone"}.get(self.mark, "")


def compare(ours: str, theirs: str) -> list[Line]:
    """Line by line what taking the other text would do."""
    before, after = ours.strip().splitlines(), theirs.strip().splitlines()
    return list(_lines(before, after))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line("", text) for text in before[i:j])
            continue
        yield from (Line("-", text) for text in before[i:j] if text.strip())
        yield from (Line("+", text) for text in after[k:m] if text.strip())
