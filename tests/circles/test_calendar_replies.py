"""Answers that calendars send: believed by the address that they came to, taken once, and never a cause of trouble."""

import base64
import datetime as dt
import io
import json
import logging
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar

from circles.addresses import owner_of, reply_address
from circles.models import Attendance, CalendarReply, Session
from circles.services import events, membership, sessions
from circles.services.calendar_replies import KEPT_FOR, receive
from circles.tasks.reminders import forget_replies
from cohorts.services import event_changed, plan_ceremonies
from outbox.delivery import deliver_all
from participants.models import Enrolment, EventReply
from portal.urls.inbound import webhook
from tests.circles.circle import Published, published
from tests.circles.diary import as_sent, calendar_parts
from tests.factories import EnrolmentFactory, UserFactory

DOMAIN = "in.comc.example"
SECRET = "postmark:a-long-secret"


@pytest.fixture(autouse=True)
def _inbound(settings: object) -> None:
    settings.INBOUND_DOMAIN = DOMAIN
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    session = sessions.plan_sessions(circle=made.circle, by=None)[0]
    for one in made.everybody:
        sessions.invite(session=session, enrolment=one)
    deliver_all()
    return made


@pytest.fixture
def session(ours: Published) -> Session:
    return ours.circle.sessions.order_by("number")[0]


def answer(
    session: Session, who: Enrolment, says: str = "ACCEPTED", number: int = 0, *, to: str = "", **changes: str
) -> bytes:
    """What a calendar sends when its owner presses a button."""
    values = {"uid": f"session-{session.pk}@comc.example", "attendee": who.user.email, "method": "REPLY"} | changes
    mime = EmailMessage()
    mime["From"], mime["To"] = "somebody@elsewhere.example", to or reply_address(who.user)
    mime["Message-ID"] = values.get("name", f"<{says}-{number}-{who.pk}@employer.example>")
    mime["Subject"] = "Accepted: Mentoring"
    mime.set_content("See the calendar.")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Employer//Calendar//EN", f"METHOD:{values['method']}",
        "BEGIN:VEVENT",
        f"UID:{values['uid']}", f"SEQUENCE:{number}", "DTSTAMP:20260901T120000Z", "DTSTART:20261013T113000Z",
        f"ORGANIZER:mailto:{reply_address(who.user)}", f"ATTENDEE;PARTSTAT={says}:MAILTO:{values['attendee']}",
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    mime.add_alternative("\r\n".join(lines).encode(), "text", "calendar", params={"method": "REPLY"})
    return mime.as_bytes()


def reply_of(session: Session, one: Enrolment) -> str:
    return Attendance.objects.filter(session=session, enrolment=one).values_list("reply", flat=True).first() or ""


# --- the address ----------------------------------------------------------------------------------


def test_each_invitation_names_an_address_of_its_person_alone(ours: Published) -> None:
    found = set()
    for message in mail.outbox:
        for part in calendar_parts(as_sent(message)):
            entry = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
            found.add(str(entry["ORGANIZER"]).removeprefix("mailto:"))
    assert found == {reply_address(one.user) for one in ours.everybody}
    assert {owner_of(address) for address in found} == {one.user_id for one in ours.everybody}
    assert max(len(address.partition("@")[0]) for address in found) <= 64


def test_who_leaves_is_told_by_the_organiser_who_asked(ours: Published) -> None:
    membership.leave_circle(enrolment=ours.members[0], by=None)
    deliver_all()
    (part,) = calendar_parts(as_sent(mail.outbox[-1]))
    entry = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    assert str(entry["ORGANIZER"]) == f"mailto:{reply_address(ours.members[0].user)}"


@pytest.mark.django_db
def test_an_address_that_was_changed_is_nobodys(settings: object) -> None:
    address = reply_address(UserFactory())
    local, _, _ = address.partition("@")
    assert owner_of(address.upper())
    for wrong in (
        f"{local[:-2]}{'a' if local[-2] != 'a' else 'e'}{local[-1]}@{DOMAIN}",
        f"{local}@elsewhere.example",
        "reply+@x",
        "",
    ):
        assert owner_of(wrong) is None
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 9
    assert owner_of(address)
    settings.SECRET_KEY_FALLBACKS = []
    assert owner_of(address) is None


# --- the answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("says", "reply"), [("ACCEPTED", "yes"), ("TENTATIVE", "maybe"), ("DECLINED", "no")])
def test_an_answer_sets_the_reply(ours: Published, session: Session, says: str, reply: str) -> None:
    assert receive(answer(session, ours.members[0], says))
    assert reply_of(session, ours.members[0]) == reply
    assert reply_of(session, ours.members[1]) == ""


def test_the_same_mail_again_changes_nothing(ours: Published, session: Session) -> None:
    me, raw = ours.members[0], answer(session, ours.members[0])
    assert receive(raw)
    sessions.reply(session=session, enrolment=me, reply="no")
    assert not receive(raw)
    assert reply_of(session, me) == "no"
    assert CalendarReply.objects.count() == 1


def test_an_answer_to_what_was_replaced_is_left_alone(ours: Published, session: Session) -> None:
    me = ours.members[0]
    sessions.move_session(session=session, by=ours.lead.user, minutes=60)
    assert not receive(answer(session, me, number=0))
    assert receive(answer(session, me, number=1))


def test_an_answer_about_a_ceremony_sets_its_reply(ours: Published, session: Session, move_clock: Callable) -> None:
    me, (event, _) = ours.members[0], plan_ceremonies(cohort=ours.circle.cohort, by=None)
    events.queue_event_invitations()
    uid = f"event-{event.pk}@comc.example"
    assert receive(answer(session, me, "DECLINED", uid=uid))
    assert EventReply.objects.get().reply == "no"
    event_changed(event=event, changed=["starts_at"], by=None)
    events.queue_event_invitations()
    assert not receive(answer(session, me, uid=uid))
    assert receive(answer(session, me, number=1, uid=uid))
    stranger = EnrolmentFactory()
    assert not receive(answer(session, stranger, number=1, uid=uid))
    move_clock(event.starts_at)
    assert not receive(answer(session, me, "TENTATIVE", number=1, uid=uid))
    assert list(EventReply.objects.values_list("enrolment", "reply")) == [(me.pk, "yes")]


def test_which_mails_were_taken_is_forgotten_after_a_year(
    ours: Published, session: Session, move_clock: Callable
) -> None:
    receive(answer(session, ours.members[0]))
    taken = CalendarReply.objects.get().created_at
    move_clock(taken + KEPT_FOR - dt.timedelta(days=1))
    assert forget_replies() == 0
    move_clock(taken + KEPT_FOR + dt.timedelta(seconds=1))
    assert forget_replies() == 1
    assert not CalendarReply.objects.exists()


def test_somebody_elses_leaving_does_not_make_an_answer_old(ours: Published, session: Session) -> None:
    membership.leave_circle(enrolment=ours.members[1], by=None)
    session.refresh_from_db()
    assert session.sequence == 1
    assert receive(answer(session, ours.members[0], number=0))


def test_what_is_not_theirs_to_answer_is_left_alone(ours: Published, session: Session, move_clock: Callable) -> None:
    me, other = ours.members
    stranger = UserFactory()
    wrong = [
        answer(session, me, to=f"programme@{DOMAIN}"),
        answer(session, me, to=reply_address(other.user)),  # another's address, for me
        answer(session, me, to=reply_address(stranger), attendee=stranger.email),
        answer(session, me, attendee=other.user.email),
        answer(session, me, uid="session-00000000-0000-4000-8000-000000000000@comc.example"),
        answer(session, me, uid=f"session-{session.pk}@elsewhere.example"),
        answer(session, me, uid="no-uid-of-ours"),
        answer(session, me, "NEEDS-ACTION"),
        answer(session, me, method="REQUEST"),
    ]
    assert [receive(raw) for raw in wrong] == [False] * len(wrong)
    membership.leave_circle(enrolment=other, by=None)
    assert not receive(answer(session, other))
    move_clock(session.starts_at)
    assert not receive(answer(session, me))
    assert not Attendance.objects.exclude(reply="").exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\xfe\x00", b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR",
        b"To: x\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        b"x" * (1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_nothing_that_is_sent_makes_trouble(db: None, raw: bytes) -> None:
    assert receive(raw) is False


def test_without_a_domain_no_mail_is_taken(ours: Published, session: Session, settings: object) -> None:
    raw = answer(session, ours.members[0])
    settings.INBOUND_DOMAIN = ""
    assert reply_address(ours.members[0].user) == ""
    assert not receive(raw)


def test_no_address_is_logged(ours: Published, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    me = ours.members[0]
    with caplog.at_level(logging.DEBUG):
        receive(answer(session, me, attendee="other@employer.example"))
        receive(answer(session, me).replace(b"SEQUENCE:0", b"SEQUENCE:one " + me.user.email.encode()))
        receive(answer(session, me))
    assert caplog.records
    assert "@" not in " ".join(record.getMessage() for record in caplog.records)
    assert not [record for record in caplog.records if record.exc_info]


def test_a_mail_server_may_hand_it_to_a_program(
    ours: Published, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, out = answer(session, ours.members[0], to="undisclosed@employer.example"), io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_reply", to=reply_address(ours.members[0].user), stdout=out)
    assert "Taken." in out.getvalue()
    assert reply_of(session, ours.members[0]) == "yes"


# --- the webhook ----------------------------------------------------------------------------------


def handed_over(raw: bytes, secret: str = "") -> int:
    credentials = {"authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    body = json.dumps({"RecordType": "Inbound", "MessageID": "1", "RawEmail": raw.decode(), "Headers": []})
    client = Client(enforce_csrf_checks=True)
    return client.post(
        "/mail/inbound/postmark/", body, content_type="application/json", headers=credentials
    ).status_code


@pytest.mark.urls("tests.portal.inbound_urls")
def test_the_webhook_takes_what_comes_with_the_secret_and_nothing_else(ours: Published, session: Session) -> None:
    me, raw = ours.members[0], answer(session, ours.members[0])
    assert [handed_over(raw), handed_over(raw, "postmark:forged")] == [403, 403]
    assert reply_of(session, me) == ""
    assert handed_over(raw, SECRET) == 200
    assert reply_of(session, me) == "yes"
    assert handed_over(b"no mail at all", SECRET) == 200
    assert Client().get("/mail/inbound/postmark/").status_code == 405


def test_there_is_no_webhook_where_none_is_configured(db: None) -> None:
    assert handed_over(b"", SECRET) == 404


def test_a_service_that_anymail_does_not_know_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        webhook("pigeon")
