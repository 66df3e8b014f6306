"""Another e-mail address: a code first, then calendars move with it, and the old address is told and shut out."""

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from circles.selectors.address_change import code_of, waiting
from circles.services import address_change, feeds
from circles.services.address_change import AddressError, TakenError
from circles.services.events import queue_event_invitations
from cohorts.models import Event
from outbox import kinds
from outbox.models import Message, State
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.changing import TODAY, circle_of, members_of, published
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "nia@new.example"
NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture
def one(move_clock: Callable) -> Enrolment:
    """Somebody in a circle, invited to its sessions and to a ceremony."""
    move_clock(NOON)
    cohort = published()
    found = members_of(circle_of(cohort, 2))[0]
    Event.objects.create(cohort=cohort, kind="closing", title="The end", starts_at=NOON + dt.timedelta(days=90))
    queue_event_invitations()
    Message.objects.update(state=State.SENT, sent_at=NOON)
    return found


def told(user: User, address: str) -> list[str]:
    rows = Message.objects.filter(recipient=user, address=address, state=State.WAITING)
    return sorted(rows.values_list("kind", flat=True))


def test_a_code_from_the_new_address_moves_everything_to_it(one: Enrolment) -> None:
    user, old = one.user, one.user.email
    EmailAddress.objects.create(user=user, email=old, verified=True, primary=True)
    feeds.make_feed(user=user, by=user)
    change = address_change.ask(user=user, address=f" {NEW.upper()} ", by=user)
    mail = Message.objects.get(kind="account.address_code")
    assert (mail.address, mail.recipient) == (NEW, None)
    assert kinds.get(mail.kind).context(mail)["code"] == code_of(change)
    assert not address_change.confirm(user=user, code="not it", by=user)
    assert address_change.confirm(user=user, code=f" {code_of(change)} ", by=user)
    user.refresh_from_db()
    assert user.email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    coming = list(one.memberships.get().circle.sessions.upcoming())
    assert coming
    assert told(user, old) == [
        "account.address_changed", "circles.event_cancelled", *["circles.session_cancelled"] * len(coming)
    ]  # fmt: skip
    queue_event_invitations()
    assert told(user, NEW) == ["circles.event_invited", *["circles.session_invited"] * len(coming)]
    for session in coming:
        off, on = Message.objects.about(session).filter(recipient=user, state=State.WAITING).order_by("created_at")
        assert int(off.occurrence) < int(on.occurrence) == session.sequence
        assert kinds.get(off.kind).still_due(off) == kinds.get(on.kind).still_due(on) == ""
        assert kinds.get(off.kind).context(off)["readdressed"] is True
        assert kinds.get(on.kind).context(on)["changed"] is False
    assert not hasattr(User.objects.get(pk=user.pk), "calendar_feed")
    assert AuditEvent.objects.get(verb="person.address_changed").data == {"how": "code"}
    assert not waiting(user)


def test_nobody_gets_an_address_that_is_somebody_elses_or_by_guessing(one: Enrolment, move_clock: Callable) -> None:
    taken = UserFactory()
    EmailAddress.objects.create(user=taken, email="second@employer.example", verified=True)
    for address in (taken.email.upper(), "Second@employer.example"):
        with pytest.raises(TakenError):
            address_change.ask(user=one.user, address=address, by=one.user)
    with pytest.raises(AddressError):
        address_change.ask(user=one.user, address=one.user.email.upper(), by=one.user)
    address_change.ask(user=one.user, address=taken.email, by=one.user, discreetly=True)
    assert waiting(one.user)
    assert not Message.objects.filter(kind="account.address_code").exists()
    change = address_change.ask(user=one.user, address=NEW, by=one.user)
    for _ in range(5):
        assert not address_change.confirm(user=one.user, code="wrong", by=one.user)
    assert not address_change.confirm(user=one.user, code=code_of(change), by=one.user)
    change = address_change.ask(user=one.user, address=NEW, by=one.user)
    move_clock(NOON + dt.timedelta(hours=25))
    assert not address_change.confirm(user=one.user, code=code_of(change), by=one.user)
    assert User.objects.get(pk=one.user.pk).email != NEW


def test_pages_for_the_person_and_the_team(client: Client, one: Enrolment) -> None:
    client.force_login(one.user)
    url = reverse("portal:address")
    assert client.post(url, {"ask": "1", "address": NEW}).status_code == 302
    assert NEW in client.get(url).content.decode()
    assert b"That is not the code" in client.post(url, {"confirm": "1", "code": "x"}).content
    client.force_login(StaffFactory(role="manager"))
    url = reverse("admin:person_address", args=[one.user.pk])
    assert "A code was sent to" in client.get(url).content.decode()
    client.post(url, {"ask": "1", "address": "checked@new.example", "how": "checked"})
    assert User.objects.get(pk=one.user.pk).email == "checked@new.example"
    assert AuditEvent.objects.get(verb="person.address_changed").data == {"how": "checked by staff"}
    lead = StaffFactory(role="lead")
    assert client.get(reverse("admin:person_address", args=[lead.pk])).status_code == 403
