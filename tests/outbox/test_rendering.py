"""From one Markdown source to text and HTML, with what people typed made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.delivery import deliver_all
from outbox.markup import plain, safe
from outbox.models import Message
from outbox.rendering import Url, one_line, render
from outbox.services import queue
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink

EVIL = [
    "<script>alert(1)</script>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "**bold** _it_ `code`",
    "# Heading",
    "- item\n- item",
    "<https://evil.example>",
    "a\\*b",
    "&lt;b&gt; &amp;",
]


@pytest.mark.parametrize("words", EVIL)
def test_what_people_type_stays_words(letter: Letter, words: str) -> None:
    mail = render("mail/tests.letter.md", {"first_name": words})
    assert "<script" not in mail.html
    assert 'evil.example"' not in mail.html
    assert "<strong>bold" not in mail.html
    assert mail.html.count("<h1>") == 1
    assert mail.html.count("<li>") == 1
    assert one_line(words) in mail.text.replace("\n", " ")


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40))
def test_the_text_part_says_exactly_what_was_typed(words: str) -> None:
    assert plain(str(safe(words))).strip() == " ".join(words.split())


def test_text_and_html_hold_the_same_addresses(letter: Letter) -> None:
    mail = render("mail/tests.letter.md", {"first_name": "Ada"})
    assert "http://127.0.0.1:8000/more/" in mail.text
    assert 'href="http://127.0.0.1:8000/more/"' in mail.html
    assert "**" not in mail.text


def test_an_address_of_ours_is_not_escaped(letter: Letter) -> None:
    assert "a_b-c" in render("mail/tests.letter.md", {"first_name": Url("a_b-c")}).text


def test_a_template_without_a_subject_is_refused(letter: Letter, tmp_path: object) -> None:
    with pytest.raises(ValueError, match="must begin with a line"):
        render("mail/base.html", {"subject": "x", "body": "x"})


def test_nobody_writes_a_header_of_their_own(letter: Letter, sink: Sink, db: None) -> None:
    evil = "Ada\r\nBcc: everybody@evil.example"
    user = UserFactory(first_name=evil, last_name="x\nX-Spam: 1")
    letter.values = {"first_name": evil}
    queue(kind="tests.letter", about=user, to=user)
    deliver_all()
    (mail,) = sink.received
    assert mail["Bcc"] is None
    assert mail["X-Spam"] is None
    assert mail["Subject"] == "A letter to Ada Bcc: everybody@evil.example"
    assert sink.envelopes[0][1] == [user.email]
    assert Message.objects.get().state == "sent"
