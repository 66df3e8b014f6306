"""Mail that can be refused: what it carries, and that who refused it gets none."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import User
from circles.services import calendar_replies
from outbox import kinds, preferences, services, stop_address
from outbox.delivery import deliver_all
from outbox.kinds import Category
from outbox.models import Message, OptOut, State
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example")


@pytest.fixture
def optional(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> kinds.MessageKind:
    """The tests’ kind of message, made one that can be refused."""
    kind = replace(kinds.get("tests.letter"), category=Category.NUDGES)
    monkeypatch.setitem(kinds._kinds, kind.key, kind)
    return kind


class TestMail:
    @pytest.fixture(autouse=True)
    def _https(self, settings: object) -> None:
        settings.BASE_URL = "https://circles.example"

    def test_optional_mail_carries_both_headers_and_the_link(
        self, ada: User, optional: kinds.MessageKind, sink: Sink
    ) -> None:
        services.queue(kind=optional.key, about=ada, to=ada)
        deliver_all()
        (sent,) = sink.received
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(r"<(https://circles\.example/u/\S+)>", sent["List-Unsubscribe"].strip())[1]
        text, html = (sent.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "Choose not to get mail like this:" in text
        assert text.count("/u/") == html.count("/u/") == 1
        assert Client(enforce_csrf_checks=True).post(link.removeprefix("https://circles.example")).status_code == 200
        assert OptOut.objects.filter(user=ada, category="nudges").exists()

    def test_it_names_an_address_that_does_the_same_where_mail_is_taken(
        self, ada: User, optional: kinds.MessageKind, sink: Sink, settings: object
    ) -> None:
        settings.INBOUND_DOMAIN = "in.circles.example"
        services.queue(kind=optional.key, about=ada, to=ada)
        deliver_all()
        named = re.search(
            r"<mailto:(stop\+[a-z2-7]{1,59}@in\.circles\.example)>", sink.received[0]["List-Unsubscribe"]
        )[1]
        forged = named.replace("+", "+a")
        assert not any(
            stop_address.take([one]) for one in (forged, "stop+@in.circles.example", "", "x@elsewhere.example")
        )
        assert not OptOut.objects.exists()
        assert calendar_replies.receive(b"Subject: stop\n\n", came_to=named.upper())
        assert calendar_replies.receive(f"To: {named}\n\n".encode())
        assert list(OptOut.objects.values_list("user", "category")) == [(ada.pk, "nudges")]

    def test_an_address_without_tls_is_never_named(
        self, ada: User, optional: kinds.MessageKind, sink: Sink, settings: object
    ) -> None:
        settings.BASE_URL = "http://127.0.0.1:8000"
        services.queue(kind=optional.key, about=ada, to=ada)
        deliver_all()
        assert sink.received[0]["List-Unsubscribe"] is None

    def test_what_was_refused_is_skipped_and_says_why(self, ada: User, optional: kinds.MessageKind, sink: Sink) -> None:
        services.queue(kind=optional.key, about=ada, to=ada)
        preferences.choose(user=ada, category="nudges", wanted=False, how="test")
        deliver_all()
        message = Message.objects.get()
        assert (message.state, message.reason) == (State.SKIPPED, preferences.SAID_NO)
        assert sink.received == []

    def test_another_category_is_another_choice(self, ada: User, optional: kinds.MessageKind, sink: Sink) -> None:
        preferences.choose(user=ada, category="surveys", wanted=False, how="test")
        services.queue(kind=optional.key, about=ada, to=ada)
        deliver_all()
        assert len(sink.received) == 1


def test_essential_mail_cannot_be_refused() -> None:
    """What is optional is a list that is read here, so that nothing becomes so by accident."""
    optional = {kind.key for kind in kinds.every() if kind.category}
    assert optional == {
        "circles.session_reply", "circles.session_coming", "circles.session_attendance", "circles.no_session",
        "circles.coordinator_digest", "surveys.survey_open", "surveys.survey_reminder", "staff.digest",
        "circles.announcement", "circles.poll_reminder", "circles.stand_in_reply", "circles.stand_in_coming",
        "circles.stand_in_attendance", "circles.notice", "surveys.check_in", "surveys.mid_point",
        "organisations.renewal_offered", "participants.asked_again",
    }  # fmt: skip


def test_asking_about_many_is_one_query(ada: User, count_queries: Callable) -> None:
    pairs = {(ada.pk, "circles.session_reply"), (ada.pk, "surveys.survey_open"), (ada.pk, "circles.placed")}
    OptOut.objects.create(user=ada, category="surveys")
    assert preferences.opted_out(pairs) == {(ada.pk, "surveys.survey_open")}
    assert count_queries(lambda: preferences.opted_out(pairs)) == 1
    assert preferences.opted_out([]) == set()
