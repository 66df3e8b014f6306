"""Finding questions by words: in questions and answers, whatever their case, accents and endings. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from accounts.fields import sort_key
from content.models import Faq
from ui.text import marked, plain_text, render_markdown

# Words that are in every question. They count only where somebody types nothing else.
COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are at be by can do does for from have how i if in is it me my of on or our so that "
        "the there they this to us we what when where which who why will with would you your",
    )
)
ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y")
# Words for the same thing: whoever looks for a price shall find what it costs.
ALIKE = (
    ("cost", "price", "fee", "pay", "charge", "money", "free"),
    ("online", "virtual", "remote", "video", "zoom", "teams"),
    ("organisation", "organization", "employer", "company", "business", "workplace"),
    ("confidential", "private", "privacy", "secret", "anonymous"),
    ("join", "apply", "register", "enrol", "sign"),
    ("time", "hour", "long", "often", "commitment"),
)


_key = lru_cache(maxsize=4096)(sort_key)  # the same few hundred words at every search


def stem(word: str) -> str:
    """The word without the ending that a number or a tense puts on it; never less than three letters."""
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    return word.removesuffix(ending)


_ALIKE = [frozenset(map(stem, words)) for words in ALIKE]


@dataclass(frozen=True)
class Term:
    """One word looked for: what a word of a text may begin with, or be, to be found by it."""

    begins: str
    alike: frozenset[str]

    def matches(self, word: str) -> bool:
        key = _key(word)
        return key.startswith(self.begins) or stem(key) in self.alike


@dataclass(frozen=True)
class Found:
    """A question as the page shows it, what was looked for marked."""

    faq: Faq
    question: SafeString
    answer: SafeString


@dataclass(frozen=True)
class Result:
    found: list[Found]
    every_word: bool  # whether each has all the words, or only the most that any has


def terms_of(asked: str) -> list[Term]:
    words = list(dict.fromkeys(re.findall(r"\w+", sort_key(asked))))
    telling = [word for word in words if word not in COMMON] or words
    return [Term(stem(word), _alike(stem(word))) for word in telling]


def _alike(begins: str) -> frozenset[str]:
    return frozenset().union(*(group for group in _ALIKE if begins in group))


def find(faqs: Sequence[Faq], asked: str) -> Result:
    """The questions that have the most of the words, those with a word in the question itself first.

    All of them where nothing is looked for, in their own order.
    """
    terms = terms_of(asked)
    if not terms:
        return Result([] if asked else [_shown(faq, []) for faq in faqs], every_word=True)
    ranked = sorted(((_rank(faq, terms), n) for n, faq in enumerate(faqs)), key=lambda one: (_down(one[0]), one[1]))
    most = ranked[0][0][0] if ranked else 0
    best = [faqs[n] for (hits, _), n in ranked if hits == most and hits]
    return Result([_shown(faq, terms) for faq in best], every_word=most == len(terms))


def _down(rank: tuple[int, int]) -> tuple[int, int]:
    return -rank[0], -rank[1]


def _rank(faq: Faq, terms: Sequence[Term]) -> tuple[int, int]:
    """How many of the words are in it, and how many of them in the question."""
    question, answer = re.findall(r"\w+", faq.question), re.findall(r"\w+", plain_text(faq.answer))
    in_question = [any(map(term.matches, question)) for term in terms]
    anywhere = [asked or any(map(term.matches, answer)) for asked, term in zip(in_question, terms, strict=True)]
    return sum(anywhere), sum(in_question)


def _shown(faq: Faq, terms: Sequence[Term]) -> Found:
    def matches(word: str) -> bool:
        return any(term.matches(word) for term in terms)

    return Found(faq, marked(faq.question, matches), render_markdown(faq.answer, matches))
