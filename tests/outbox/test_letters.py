"""Every message in both its parts, with every choice its text makes: alike, and easy to read (A-13)."""

import html
import re

import pytest

from outbox import kinds, sandbox
from outbox.rendering import LONGEST, NEUTRAL, REVEALING, Rendered, Url, fill, render, shipped
from outbox.wording_check import combinations, link_faults, sample
from tests.outbox.letters import message_of
from tests.world import build

DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d{1,2} [A-Z][a-z]+ \d{4}(?:, [\d:]+[ap]m \(UK time\))?")
FOOT = re.compile(r'<footer class="foot">.*?</footer>', re.DOTALL)


def words_of(part: str) -> str:
    """The HTML part as plain words, without the foot that names the service."""
    body = FOOT.sub("", part.partition("<body>")[2])
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def differences(mail: Rendered) -> list[str]:
    """Addresses and dates of the HTML part that the text part does not hold, the other way round, and poor links."""
    body = FOOT.sub("", mail.html.partition("<body>")[2])
    addresses = {html.unescape(address) for address in re.findall(r'href="([^"]+)"', body)}
    in_text = set(re.findall(r"https?://\S+", mail.text))
    dates = set(DATE.findall(words_of(mail.html))) - set(DATE.findall(mail.subject))
    return [
        *(f"only in HTML: {address}" for address in addresses - in_text),
        *(f"only in text: {address}" for address in in_text - addresses),
        *(f"only in HTML: {date}" for date in dates if date not in mail.text),
        *link_faults(mail),
        *(f"not rendered: {mark}" for mark in ("{{", "{%", "**", "None") if mark in mail.text + mail.html),
    ]


def shape(mail: Rendered) -> list[str]:
    """What the document of the HTML part lacks."""
    title = f"<title>{html.escape(mail.subject)}</title>"
    return [
        *([] if '<html lang="en-GB">' in mail.html else ["no language"]),
        *([] if html.unescape(title) in html.unescape(mail.html) else ["no title"]),
        *([] if mail.html.count("<h1") == 1 else ["not one h1"]),
        *([] if "<img" not in mail.html else ["a picture"]),
        *([] if "<table" not in mail.html else ["a table"]),
    ]


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.key)
def test_both_parts_say_the_same_whatever_the_text_chooses(kind: kinds.MessageKind) -> None:
    words = sandbox.pair(*shipped(kind.template))
    for values in combinations(kind):
        mail = fill(words, values)
        assert differences(mail) == []
        assert shape(mail) == []
        assert REVEALING.search(mail.subject) is None


@pytest.mark.django_db
def test_both_parts_say_the_same_about_real_people() -> None:
    world = build()
    for kind in kinds.every():
        mail = render(kind.template, kind.context(message_of(kind, world)))
        assert (kind.key, differences(mail), shape(mail)) == (kind.key, [], [])


@pytest.mark.parametrize("typed", ["Black, Asian and diverse leaders", "x\r\nBcc: a@b.example", "long " * 60])
@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.key)
def test_whatever_was_typed_a_subject_is_neutral_short_and_one_line(kind: kinds.MessageKind, typed: str) -> None:
    values = sample(kind)
    values |= {name: typed for name, value in values.items() if isinstance(value, str) and not isinstance(value, Url)}
    subject = fill(sandbox.pair(*shipped(kind.template)), values).subject
    assert REVEALING.search(subject) is None
    assert 0 < len(subject) <= LONGEST
    assert subject.isprintable()


def test_no_subject_says_what_a_cohort_or_an_event_was_called() -> None:
    for kind in kinds.every():
        subject, _, _ = shipped(kind.template)
        assert not {"cohort", "title", "description", "place"} & sandbox.pair(subject, "x").names, kind.key


def test_a_typed_subject_that_reveals_something_leaves_as_a_neutral_one() -> None:
    assert fill(sandbox.pair("{{ subject }}", "x"), {"subject": "Our inclusion days"}).subject == NEUTRAL


# --- the guards, with faults planted --------------------------------------------------------------
def planted(text: str, body: str) -> Rendered:
    page = f'<html lang="en-GB"><head><title>S</title></head><body><h1>S</h1>{body}</body></html>'
    return Rendered("S", text, page)


@pytest.mark.parametrize(
    ("text", "body", "fault"),
    [
        ("x", '<a href="https://a.example/">A page</a>', "only in HTML: https://a.example/"),
        ("https://a.example/", "x", "only in text: https://a.example/"),
        ("x", "<p>Tuesday 19 January 2027, 12:30pm (UK time)</p>", "only in HTML: Tuesday 19 January 2027, 12:30pm"),
        ("https://a.example/", '<a href="https://a.example/">Click here</a>', "The link “Click here”"),
        ("{{ name }}", "x", "not rendered: {{"),
    ],
)
def test_a_difference_is_found(text: str, body: str, fault: str) -> None:
    assert fault in " ".join(differences(planted(text, body)))


@pytest.mark.parametrize("body", ["<h1>Again</h1>", '<img src="x">', "<table></table>"])
def test_a_poor_shape_is_found(body: str) -> None:
    assert shape(planted("x", body))
