"""The plain data that components are drawn from."""

import zlib
from dataclasses import dataclass
from typing import Literal

TONES = ("neutral", "good", "attention", "problem", "info")


@dataclass(frozen=True)
class TimelineItem:
    """One point on a timeline; `when` is the text to show, `state` its place relative to today."""

    label: str
    when: str
    state: Literal["past", "now", "next"]
    detail: str = ""


def initials(name: str) -> str:
    """First letters of the first and last word; “?” for a blank name."""
    words = name.split()
    if not words:
        return "?"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def tone_of(name: str) -> str:
    """A tone that stays the same for the same name. It means nothing; it tells neighbours apart."""
    return TONES[zlib.crc32(name.encode()) % len(TONES)]


def checked_tone(tone: str) -> str:
    """The tone itself; an unknown one is a mistake of the caller's."""
    if tone not in TONES:
        raise ValueError(f"Unknown tone {tone!r}: use one of {', '.join(TONES)}.")
    return tone
