"""The words of the mails: neutral where others may look, and with links that can be tapped."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail

from accounts import clock
from circles.services import events, sessions
from circles.services.attendance import record_attendance
from circles.services.certificates import issue_certificates
from circles.services.reminders import queue_due_reminders
from cohorts.services import plan_ceremonies
from outbox.delivery import deliver_all
from tests.circles.circle import published

# What would tell a colleague who looks over somebody's shoulder more than that there is a meeting.
REVEALING = ["ethnic", "black", "asian", "divers", "minorit", "race", "inclusion"]


@pytest.fixture
def everything(move_clock: Callable) -> list[mail.EmailMultiAlternatives]:
    """One circle's whole life, as mail."""
    move_clock(dt.date(2026, 9, 1))
    ours = published(dt.date(2026, 10, 1))
    plan_ceremonies(cohort=ours.circle.cohort, by=None)
    planned = sessions.plan_sessions(circle=ours.circle, by=None)
    for enrolment in ours.everybody:
        sessions.invite(session=planned[0], enrolment=enrolment)
        sessions.invite(session=planned[1], enrolment=enrolment)
    events.queue_event_invitations()
    deliver_all()
    move_clock(dt.datetime(2026, 10, 6, 13, tzinfo=clock.LONDON))
    queue_due_reminders()
    sessions.move_session(session=planned[1], by=ours.lead.user, place="Room 1", mode="hybrid")
    sessions.reply(session=planned[0], enrolment=ours.lead, reply="yes")
    deliver_all()
    move_clock(dt.datetime(2026, 10, 12, 13, tzinfo=clock.LONDON))
    queue_due_reminders()
    sessions.cancel_session(session=planned[1], by=ours.lead.user)
    ours.members[1].memberships.update(left_at=clock.now())
    events.queue_event_invitations()
    deliver_all()
    move_clock(dt.date(2027, 4, 12))
    for session in [planned[0], *planned[2:]]:
        record_attendance(session=session, enrolment=ours.lead, attended=True, by=ours.lead.user)
    issue_certificates(cohort=ours.circle.cohort, by=None)
    deliver_all()
    return list(mail.outbox)


def test_every_kind_was_sent(everything: list[mail.EmailMultiAlternatives]) -> None:
    beginnings = {re.split(r"[\d–,:?]", message.subject)[0].strip() for message in everything}
    assert beginnings == {
        "Mentoring session", "Mentoring event", "Will you come", "Changed", "See you soon", "Cancelled",
        "Cancelled for you", "Your mentoring certificate",
    }  # fmt: skip


def test_nothing_reveals_more_than_a_meeting(everything: list[mail.EmailMultiAlternatives]) -> None:
    for message in everything:
        calendars = [str(body) for body, kind in message.alternatives if kind.startswith("text/calendar")]
        seen = " ".join([message.subject, message.from_email, *calendars]).lower()
        assert [word for word in REVEALING if word in seen] == []


def test_text_and_html_hold_the_same_links_and_each_ends_its_line(
    everything: list[mail.EmailMultiAlternatives],
) -> None:
    for message in everything:
        html = next(str(body) for body, kind in message.alternatives if kind == "text/html")
        in_html = {link for link in re.findall(r'href="([^"]+)"', html) if not link.endswith(":8000/")}
        assert set(re.findall(r"http\S+", message.body)) == in_html
        assert all(
            re.fullmatch(r"http\S+/(\?answer=[a-z]+)?", line) for line in message.body.splitlines() if "http" in line
        )


def test_each_is_for_one_person(everything: list[mail.EmailMultiAlternatives]) -> None:
    for message in everything:
        assert len(message.recipients()) == 1
        for body, kind in message.alternatives:
            if kind.startswith("text/calendar"):
                unfolded = str(body).replace("\r\n ", "")
                (address,) = re.findall(r"<(.+)>", message.to[0])
                assert set(re.findall(r"mailto:(\S+)", unfolded)) == {"programme@comc.example", address}
