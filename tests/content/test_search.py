"""Finding questions by words, as people type them."""

import datetime as dt

import pytest

from content.models import Faq
from content.search import find

# Given when they were made, so that none has to ask the clock for it: nothing here comes from a database.
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def faq(question: str, answer: str) -> Faq:
    return Faq(question=question, answer=answer, created_at=MADE)


FAQS = [
    faq("What does it cost?", "That depends. [Ask](/interest/) your manager."),
    faq("How does an organisation join?", "By the **form**. Joining costs nothing at first."),
    faq("Is there a café?", "Circles meet online, in one meeting a month."),
]


def questions(asked: str) -> list[str]:
    return [one.faq.question.split()[-1] for one in find(FAQS, asked).found]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["cost?", "join?", "café?"]),
        ("costs", ["cost?", "join?"]),  # in the question itself first
        ("What is the PRICE", ["cost?", "join?"]),
        ("cafe", ["café?"]),
        ("meetings", ["café?"]),
        ("companies", ["join?"]),
        ("interest", []),  # an address is nobody's words
        ("how", ["join?"]),
        ("zebra", []),
        ("???", []),
    ],
)
def test_words_find_questions(asked: str, found: list[str]) -> None:
    assert questions(asked) == found


def test_the_most_words_are_found_and_it_is_said_that_one_is_missing() -> None:
    result = find(FAQS, "zebra form")
    assert [one.faq for one in result.found] == [FAQS[1]]
    assert not result.every_word
    assert find(FAQS, "join form").every_word


def test_what_is_found_is_marked_and_nothing_of_a_text_becomes_html() -> None:
    [found] = find([faq("<b>Cost</b> & more?", "It <i>costs</i> `cost` [cost](/a/).")], "cost").found
    assert found.question == "&lt;b&gt;<mark>Cost</mark>&lt;/b&gt; &amp; more?"
    assert "&lt;i&gt;<mark>costs</mark>&lt;/i&gt;" in found.answer
    assert '<a href="/a/"><mark>cost</mark></a>' in found.answer
