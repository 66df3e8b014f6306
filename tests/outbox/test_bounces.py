"""Mail that came back: told by a webhook with a secret, taken once, and not sent there again."""

import base64
import json

import pytest
from django.test import Client

from accounts.models import User
from outbox import bounces, services
from outbox.delivery import deliver_all
from outbox.models import MailEvent, Message, OptOut, State, Suppression
from privacy.models import AuditEvent
from tests.factories import StaffFactory, UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink

SECRET = "postmark:correct"


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(email="ada@employer.example")


@pytest.fixture(autouse=True)
def _tracking(settings: object) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def told(number: int, kind: str, address: str = "ada@employer.example", secret: str = SECRET) -> int:
    body = {"RecordType": "Bounce", "ID": number, "Type": kind, "Email": address, "BouncedAt": "2026-11-18T12:00:00Z"}
    if kind == "SpamComplaint":
        body["RecordType"] = "SpamComplaint"
    return (
        Client(enforce_csrf_checks=True)
        .post(
            "/mail/tracking/postmark/",
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"},
        )
        .status_code
    )


pytestmark = pytest.mark.urls("tests.portal.inbound_urls")


def test_a_forged_event_is_refused(ada: User) -> None:
    assert told(1, "HardBounce", secret="postmark:forged") == 403
    assert not MailEvent.objects.exists()


def test_an_address_that_does_not_exist_is_not_written_to_again(ada: User, letter: Letter, sink: Sink) -> None:
    assert told(1, "HardBounce", "Ada@Employer.example") == 200
    message = services.queue(kind="tests.letter", about=ada, to=ada)
    deliver_all()
    message.refresh_from_db()
    assert sink.received == []
    assert (message.state, message.reason) == (State.SKIPPED, f"{Suppression.Why.BOUNCED.label}.")


def test_the_same_event_twice_is_one(ada: User) -> None:
    for _ in range(3):
        assert told(1, "SoftBounce") == 200
    assert MailEvent.objects.count() == 1
    assert not Suppression.objects.exists()


def test_three_times_for_now_is_a_pause(ada: User) -> None:
    told(1, "SoftBounce")
    told(2, "Transient")
    assert not Suppression.objects.exists()
    told(3, "SoftBounce")
    assert Suppression.objects.get().why == "paused"


def test_a_complaint_switches_all_optional_mail_off_and_nothing_else(ada: User) -> None:
    told(1, "SpamComplaint")
    assert OptOut.objects.filter(user=ada).count() == 5
    assert not Suppression.objects.exists()


def test_who_is_unknown_is_passed_over_with_the_same_answer(ada: User) -> None:
    assert told(1, "HardBounce", "nobody@employer.example") == 200
    assert not MailEvent.objects.exists()
    assert not Suppression.objects.exists()


def test_what_staff_lift_is_written_to_again_until_it_comes_back_anew(ada: User, letter: Letter, sink: Sink) -> None:
    told(1, "HardBounce")
    lead = StaffFactory()
    for _ in range(2):
        bounces.lift(suppression=Suppression.objects.get(), by=lead)
    services.queue(kind="tests.letter", about=ada, to=ada)
    deliver_all()
    assert len(sink.received) == 1
    assert AuditEvent.objects.filter(verb="suppression.lifted").count() == 1
    told(1, "HardBounce")
    assert Suppression.objects.get().lifted_at is not None
    told(2, "HardBounce")
    assert Suppression.objects.get().lifted_at is None
    assert Message.objects.count() == 1
