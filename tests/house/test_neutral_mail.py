"""What a colleague may see over somebody’s shoulder: subjects and sender say no more than that there is mail."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from outbox import kinds

# Words that would tell who somebody is, or what they said in confidence.
REVEALING = re.compile(
    r"ethnic|black|asian|mixed|divers|minorit|\brace\b|racial|inclusi|\bbame\b|identity|wellbeing|disab|confidential",
    re.IGNORECASE,
)
MAIL = Path(settings.BASE_DIR, "templates", "mail")


def subject_of(kind: kinds.MessageKind) -> str:
    return Path(MAIL, f"{kind.key}.md").read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.key)
def test_a_subject_says_no_more_than_that_there_is_a_meeting_or_a_task(kind: kinds.MessageKind) -> None:
    subject = subject_of(kind)
    assert subject.startswith("Subject: ")
    assert not REVEALING.search(subject)
    # Neither a name of a person nor what they said.
    assert not re.search(r"{{ *(full_name|first_name|name|reason|lead|reply) *}}", subject)


def test_the_sender_and_the_service_are_neutral() -> None:
    for words in (settings.DEFAULT_FROM_EMAIL, settings.SERVICE_NAME, settings.MAIL_REPLY_TO, settings.MAIL_DOMAIN):
        assert not REVEALING.search(words)


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.key)
def test_every_kind_has_its_text_and_no_text_is_without_a_kind(kind: kinds.MessageKind) -> None:
    assert Path(MAIL, f"{kind.key}.md").is_file()
    assert {path.stem for path in MAIL.glob("*.md")} == {one.key for one in kinds.every()}


def test_the_guard_sees_a_revealing_subject() -> None:
    assert REVEALING.search("Subject: Your ethnically diverse circle")
