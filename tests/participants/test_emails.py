"""The mails of this app, as they are read."""

import re

import pytest

from outbox import kinds, rendering
from outbox.models import Message
from participants import emails, services
from tests.factories import CoordinatorFactory, EnrolmentFactory, NominationFactory, UserFactory

pytestmark = pytest.mark.django_db
# A subject or title is seen on lock screens and in shared calendars.
REVEALING = re.compile(r"ethnic|black|asian|race|circle|divers", re.IGNORECASE)


def rendered(message):
    kind = kinds.get(message.kind)
    return rendering.render(kind.template, kind.context(message))


def message(kind, about, **values):
    address = getattr(about, "email", "a@b.example").lower()
    return Message.objects.create(key=f"{kind}:{about.pk}", kind=kind, about=about, address=address, **values)


NOMINATION_KINDS = [
    emails.NOMINATED, emails.CONFIRMED, emails.RECEIVED, emails.WITHDRAWN, emails.REFUSED, emails.RESERVED,
    emails.NOT_TAKING_PART,
]  # fmt: skip


@pytest.mark.parametrize("kind", [*NOMINATION_KINDS, emails.ENROLLED])
def test_every_mail_is_whole_and_its_subject_reveals_nothing(kind):
    about = EnrolmentFactory() if kind == emails.ENROLLED else NominationFactory(reason="Keen")

    mail = rendered(message(kind, about))

    assert not REVEALING.search(mail.subject)
    assert "{{" not in mail.text + mail.html
    assert "None" not in mail.text


def test_the_first_mail_says_who_why_what_is_held_and_how_to_decline():
    nominator = UserFactory(first_name="Robin", last_name="Coordinator")
    nomination = NominationFactory(reason="Ready\n\nfor *more*", nominated_by=nominator)

    text = rendered(message(emails.NOMINATED, nomination)).text

    told = [
        "Robin Coordinator", "Ready for *more*", "What we hold about you, and where it came from", nomination.email,
        "legitimate interest", "30 days", "Your rights", "Information Commissioner", "/decline/", "/privacy/",
    ]  # fmt: skip
    assert [words for words in told if words not in text] == []


def test_the_links_of_a_mail_are_whole_and_work(client):
    nomination = NominationFactory()
    text = rendered(message(emails.NOMINATED, nomination)).text

    pages = re.findall(r"http://127\.0\.0\.1:8000(/invitation/\S+)", text)

    assert [client.get(page).status_code for page in pages] == [200, 200]


def waiting(**values):
    return NominationFactory(state="reserve", reserve_position=1, **values)


def test_who_waits_is_told_who_put_them_forward_what_is_held_and_how_to_say_no(client):
    nominator = UserFactory(first_name="Robin", last_name="Coordinator")
    nomination = waiting(reason="Ready for more", nominated_by=nominator)

    text = rendered(message(emails.RESERVED, nomination)).text

    told = [
        "Robin Coordinator", "Ready for more", "reserve list", nomination.email, "legitimate interest", "30 days",
        "What we hold about you, and where it came from", "Your rights", "Information Commissioner", "/privacy/",
    ]  # fmt: skip
    assert [words for words in told if words not in text] == []
    pages = re.findall(r"http://127\.0\.0\.1:8000(/invitation/\S+)", text)
    assert [client.get(page).status_code for page in pages] == [200, 200]


def test_who_applied_is_not_told_that_they_were_put_forward():
    text = rendered(message(emails.RESERVED, waiting(origin="applied", reason="My words"))).text

    assert "confirmed your application" in text
    assert "put you forward" not in text
    assert "My words" not in text


def test_the_word_to_wait_is_due_only_while_they_do():
    nomination = waiting()
    first = message(emails.RESERVED, nomination)
    assert kinds.get(emails.RESERVED).still_due(first) == ""
    services.decline_nomination(nomination=nomination)
    assert kinds.get(emails.RESERVED).still_due(Message.objects.get(pk=first.pk))


def test_a_coordinator_is_not_told_of_a_free_place_when_somebody_stops_waiting():
    nomination = waiting()
    CoordinatorFactory(organisation=nomination.participation.organisation)
    services.decline_nomination(nomination=nomination)

    mail = rendered(Message.objects.get(kind=emails.NOT_TAKING_PART))

    assert mail.subject == "Your reserve list has changed"
    assert "your places are as they were" in mail.text


def test_an_invitation_is_due_only_while_it_can_be_answered(move_clock):
    nomination = NominationFactory()
    due = kinds.get(emails.NOMINATED).still_due
    first = message(emails.NOMINATED, nomination, occurrence="link-1")
    assert due(first) == ""

    nomination.link_version = 2
    nomination.save()
    assert due(Message.objects.get(pk=first.pk)) == "A newer mail has been sent."

    services.withdraw_nomination(nomination=nomination, by=None)
    assert "taken back" in due(Message.objects.get(pk=first.pk))


def test_the_coordinators_mail_gives_no_reason():
    nomination = NominationFactory()
    CoordinatorFactory(organisation=nomination.participation.organisation)
    services.decline_nomination(nomination=nomination, reason="not_for_me")

    text = rendered(Message.objects.get(kind=emails.NOT_TAKING_PART)).text

    assert nomination.full_name in text
    assert "for me" not in text
