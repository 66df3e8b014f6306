"""Nobody who fills in a field writes a header, an envelope or a line of a calendar."""

import datetime as dt

import pytest

from accounts.models import User
from outbox.calendar import CalendarPart
from outbox.delivery import deliver_all
from outbox.models import Message, State
from outbox.services import queue
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink

EVIL = "x\r\nBcc: a@b.example"
HEADERS = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
}  # fmt: skip
NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example", first_name="Ada", last_name="Obi")


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
@pytest.mark.parametrize("field", ["first_name", "last_name", "name", "subject"])
def test_a_line_break_starts_no_header(letter: Letter, sink: Sink, ada: User, field: str, ending: str) -> None:
    evil = EVIL.replace("\r\n", ending)
    if field in {"first_name", "last_name"}:
        User.objects.filter(pk=ada.pk).update(**{field: evil})
        ada.refresh_from_db()
    letter.values = {"first_name": evil if field == "subject" else "Ada"}
    if field == "name":
        queue(kind="tests.letter", about=ada, address=ada.email, name=evil)
    else:
        queue(kind="tests.letter", about=ada, to=ada)
    deliver_all()
    (mail,) = sink.received
    assert set(mail.keys()) == HEADERS
    assert sink.envelopes == [("programme@comc.example", [ada.email])]
    assert (mail["From"], mail["Reply-To"]) == (
        "Mentoring programme <programme@comc.example>",
        "programme@comc.example",
    )


def test_an_address_with_a_line_break_is_sent_nowhere(letter: Letter, sink: Sink, ada: User) -> None:
    queue(kind="tests.letter", about=ada, address=f"nia@employer.example{EVIL}")
    deliver_all()
    assert sink.envelopes == []
    assert Message.objects.get().state == State.FAILED


@pytest.mark.parametrize("field", ["title", "location", "description"])
def test_a_line_break_adds_no_line_to_a_calendar(letter: Letter, sink: Sink, ada: User, field: str) -> None:
    values = {"title": "Mentoring", "location": "Online", "description": "", field: "x\r\nATTENDEE:mailto:a@b.example"}
    letter.part = CalendarPart(
        method="REQUEST", uid="session-1@comc.example", sequence=0, starts_at=NOON,
        ends_at=NOON + dt.timedelta(hours=1), **values,
    )  # fmt: skip
    queue(kind="tests.letter", about=ada, to=ada)
    deliver_all()
    (mail,) = sink.received
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert sum(line.startswith("ATTENDEE") for line in part.get_content().splitlines()) == 1
