"""A mail server, and a kind of message that only tests send."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

from accounts.models import User
from outbox import kinds, services
from outbox.calendar import CalendarPart
from outbox.models import Message
from tests.factories import UserFactory
from tests.outbox.sink import Sink, start

NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example", first_name="Ada", last_name="Obi")


def queue(user: User, occurrence: str = "", **kwargs: object) -> Message:
    """Put one message of the kind that only tests send into the outbox."""
    return services.queue(kind="tests.letter", about=user, to=user, occurrence=occurrence, **kwargs)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """Mail goes to a real SMTP server on loopback."""
    sink = Sink()
    controller = start(sink)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield sink
    controller.stop()


class Letter:
    """What the tests' kind of message says and whether it is due; a test changes it.

    `meanwhile` happens while a message is being made.
    """

    values: dict[str, object]
    reason: str
    part: CalendarPart | None
    meanwhile: Callable[[], object]

    def __init__(self) -> None:
        self.values, self.reason, self.part = {"first_name": "Ada"}, "", None
        self.meanwhile = lambda: None


@pytest.fixture
def letter(monkeypatch: pytest.MonkeyPatch) -> Letter:
    """Registers the kind `tests.letter` for one test."""
    letter = Letter()

    def context(message: Message) -> kinds.Context:
        letter.meanwhile()
        return letter.values

    kind = kinds.MessageKind(
        key="tests.letter",
        title="A letter",
        audience="Tests",
        context=context,
        still_due=lambda _: letter.reason,
        calendar=lambda _: letter.part,
        read=lambda _: {},
    )
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, Path(__file__).parent / "templates"])
    monkeypatch.setitem(kinds._kinds, "tests.letter", kind)
    return letter
