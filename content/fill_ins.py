"""Words in square brackets that stand for facts in texts for organisations: what they mean, and putting the facts in.

Texts of other pages have none: there, square brackets are a link's words.
"""

import re
from collections.abc import Mapping

# Keys of the texts in which they may stand.
BEGINNINGS = ("recruit_", "poster_")
MEANINGS = {
    "organisation": "the organisation’s name",
    "cohort": "the cohort’s name",
    "format": "the format’s name",
    "role": "mentee, mentor or partner",
    "roles": "all roles of the format",
    "group": "circle or pair",
    "sessions": "how many sessions there are",
    "minutes": "how long a session takes",
    "first_month": "the month of the first session",
    "last_month": "the month of the last session",
    "launch": "the first day of the launch",
    "closing_day": "the last day on which people come forward, as the coordinator chooses",
    "how_to_apply": "whom to write to, or the link with which to apply",
    "contact": "the coordinator’s name and address",
}
_FILL_IN = re.compile(r"\[(\w+)\]")
HELP = f"Plain text, to be copied. Facts are filled in for: {', '.join(f'[{name}]' for name in MEANINGS)}."


def has_fill_ins(key: str) -> bool:
    return key.startswith(BEGINNINGS)


def unknown(text: str) -> list[str]:
    """The words in square brackets that stand for nothing, each once."""
    return list(dict.fromkeys(name for name in _FILL_IN.findall(text) if name not in MEANINGS))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts; a word in brackets that is not among them stays as it is."""
    return _FILL_IN.sub(lambda found: facts.get(found[1], found[0]), text)
