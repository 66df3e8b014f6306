"""Words about people that a nominator should not write: ethnicity, health, faith and the like."""

import re

_TERMS = [
    "black", "asian", "bame", "mixed race", "mixed-race", "african", "caribbean", "white british", "indian",
    "pakistani", "bangladeshi", "chinese", "arab", "gypsy", "traveller", "ethnic", "ethnicity", "race", "racial",
    "nationality", "immigrant", "refugee", "visa", "religion", "religious", "muslim", "christian", "hindu", "sikh",
    "jewish", "buddhist", "catholic", "gay", "lesbian", "bisexual", "transgender", "sexuality", "pregnant",
    "pregnancy", "maternity", "disabled", "disability", "wheelchair", "autism", "autistic", "adhd", "dyslexia",
    "dyslexic", "neurodivergent", "neurodiverse", "mental health", "anxiety", "depression", "cancer", "diabetes",
    "illness", "sickness", "sick leave", "medical", "trade union", "criminal",
]  # fmt: skip
_PATTERN = re.compile(rf"\b({'|'.join(map(re.escape, _TERMS))})\b", re.IGNORECASE)

NOTICE = (
    "Do not include anybody’s ethnicity, health or other sensitive information. The person will read what you write."
)


def sensitive_terms(text: str) -> list[str]:
    """The words of the text that may say something sensitive about a person, each once. A hint, no verdict."""
    return list(dict.fromkeys(match.lower() for match in _PATTERN.findall(text)))


def warning(text: str) -> str:
    """A sentence about the sensitive words of the text; blank when there are none."""
    terms = sensitive_terms(text)
    if not terms:
        return ""
    return (
        f"The reason mentions {', '.join(f'“{term}”' for term in terms)}. Leave out sensitive information about people."
    )
