"""One session's life as calendars are told of it, read by three parsers that we did not write."""

import datetime as dt
import email
import email.policy
import itertools
import random
import re
from collections.abc import Callable

import pytest
import recurring_ical_events
import vobject
from django.core import mail
from icalendar import Calendar

from accounts import clock
from circles.models import Session
from circles.services import membership, sessions
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.circle import Published, add_member, published
from tests.circles.diary import Diary, as_sent, calendar_parts

MOVED = dt.datetime(2026, 10, 28, 12, 30, tzinfo=dt.UTC)
REVEALING = ["ethnic", "black", "asian", "divers", "minorit", "race", "inclusion", "cohort", "programme –"]


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    return published(dt.date(2026, 10, 1))


@pytest.fixture
def session(ours: Published) -> Session:
    return sessions.plan_sessions(circle=ours.circle, by=None)[0]


def mails_to(one: Enrolment) -> list[bytes]:
    """The invitations and cancellations that a person was sent, as bytes, in their order."""
    sent = [as_sent(message) for message in mail.outbox if one.user.email in message.to[0]]
    return [raw for raw in sent if calendar_parts(raw)]


def objects(raws: list[bytes]) -> list[Calendar]:
    return [Calendar.from_ical(calendar_parts(raw)[0].get_payload(decode=True)) for raw in raws]


def numbers(raws: list[bytes]) -> list[tuple[str, int]]:
    return [(str(one["METHOD"]), int(one.walk("VEVENT")[0]["SEQUENCE"])) for one in objects(raws)]


@pytest.fixture
def life(ours: Published, session: Session, move_clock: Callable) -> dict[str, list[bytes]]:
    """Created, moved, moved, left by the second member, joined by a third, called off: each a day after the other."""
    lead, stays, leaves = ours.everybody
    for one in ours.everybody:
        sessions.invite(session=session, enrolment=one)
    days = (dt.date(2026, 9, day) for day in itertools.count(2))

    def next_day() -> None:
        deliver_all()
        move_clock(next(days))

    next_day()
    session = sessions.move_session(session=session, by=lead.user, starts_at=MOVED)
    next_day()
    session = sessions.move_session(session=session, by=lead.user, minutes=60, mode="hybrid", place="Room 5; 2nd, left")
    next_day()
    membership.leave_circle(enrolment=leaves, by=None)
    next_day()
    session.refresh_from_db()
    joins = add_member(ours.circle, 3)
    sessions.invite(session=session, enrolment=joins)
    next_day()
    sessions.cancel_session(session=session, by=lead.user)
    next_day()
    people = {"lead": lead, "stays": stays, "leaves": leaves, "joins": joins}
    return {name: mails_to(one) for name, one in people.items()}


def test_the_number_goes_up_by_one_with_each_change_and_each_cancellation(life: dict[str, list[bytes]]) -> None:
    asked = [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2)]
    assert numbers(life["leaves"]) == [*asked, ("CANCEL", 3)]
    assert numbers(life["stays"]) == numbers(life["lead"]) == [*asked, ("CANCEL", 4)]
    assert numbers(life["joins"]) == [("REQUEST", 3), ("CANCEL", 4)]


def test_it_is_one_entry_for_life_whose_stamps_go_up(life: dict[str, list[bytes]], session: Session) -> None:
    for raws in life.values():
        entries = [one.walk("VEVENT")[0] for one in objects(raws)]
        assert {str(entry["UID"]) for entry in entries} == {f"session-{session.pk}@comc.example"}
        assert {str(entry["ORGANIZER"]) for entry in entries} == {"mailto:programme@comc.example"}
        stamps = [entry["DTSTAMP"].dt for entry in entries]
        assert stamps == sorted(set(stamps))
        assert {stamp.utcoffset() for stamp in stamps} == {dt.timedelta()}


def test_nobody_else_stands_in_the_bytes(life: dict[str, list[bytes]], ours: Published) -> None:
    addresses = set(re.findall(rb"[\w.+-]+@employer\S*|person\S+@\S+", b"".join(itertools.chain(*life.values()))))
    assert addresses, "or the search finds nothing at all"
    for one in ours.everybody:
        others = [other.user for other in ours.everybody if other != one]
        for raw in mails_to(one):
            (part,) = calendar_parts(raw)
            text = part.get_payload(decode=True).replace(b"\r\n ", b"").decode()
            assert re.findall(r"ATTENDEE\S*mailto:(\S+)", text) == [one.user.email]
            assert not [user for user in others if user.email in raw.decode() + text or user.last_name in text]


def test_a_calendar_ends_right_in_whatever_order_the_mails_come(life: dict[str, list[bytes]]) -> None:
    shuffle = random.Random(5)
    for raws in life.values():
        for _ in range(24):
            late = [*raws, shuffle.choice(raws)]  # and one of them twice
            shuffle.shuffle(late)
            diary = Diary()
            for raw in late:
                diary.receive(raw)
            assert diary.shown == {}
        before_the_end = Diary()
        for raw in shuffle.sample(raws[:-1], len(raws) - 1):
            before_the_end.receive(raw)
        assert len(before_the_end.shown) == 1


def test_two_other_parsers_read_the_same(life: dict[str, list[bytes]], session: Session) -> None:
    for raw in life["stays"]:
        data = calendar_parts(raw)[0].get_payload(decode=True)
        calendar = Calendar.from_ical(data)
        entry = calendar.walk("VEVENT")[0]
        theirs = vobject.readOne(data.decode())
        assert theirs.method.value == str(calendar["METHOD"])
        assert theirs.vevent.uid.value == str(entry["UID"])
        assert theirs.vevent.dtstart.value == entry["DTSTART"].dt
        assert theirs.vevent.dtend.value == entry["DTEND"].dt
        assert theirs.vevent.location.value == str(entry["LOCATION"])
        assert theirs.vevent.sequence.value == str(entry["SEQUENCE"])
        assert len(theirs.vevent.attendee_list) == 1
        day = entry["DTSTART"].dt.date()
        (found,) = recurring_ical_events.of(calendar, keep_recurrence_attributes=True).at(day)
        assert found["DTSTART"].dt == entry["DTSTART"].dt
    assert str(entry["LOCATION"]) == "Room 5; 2nd, left, and online"


def test_the_mail_is_built_as_calendars_expect(life: dict[str, list[bytes]]) -> None:
    """Text, HTML and calendar are three forms of one thing; the type names the method once, and the charset once."""
    for raw, (method, _) in zip(life["stays"], numbers(life["stays"]), strict=True):
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        assert parsed.get_content_type() == "multipart/alternative"
        kinds = [part.get_content_type() for part in parsed.iter_parts()]
        assert kinds == ["text/plain", "text/html", "text/calendar"]
        (part,) = calendar_parts(raw)
        assert not part.defects
        assert part["Content-Type"].params == {"method": method, "charset": "utf-8"}
        header = re.search(rb"Content-Type: text/calendar.*?\r\n(?! )", raw, re.DOTALL).group()
        assert (header.count(b"charset"), header.count(b"method")) == (1, 1)
        assert part.get_filename() is None


def test_lines_end_and_fold_as_the_standard_says(life: dict[str, list[bytes]]) -> None:
    for raw in itertools.chain(*life.values()):
        data = calendar_parts(raw)[0].get_payload(decode=True)
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
        for line in data.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()  # none is cut within a letter
    assert b"LOCATION:Room 5\\; 2nd\\, left\\, and online" in data


def test_nothing_in_it_tells_a_colleague_more_than_that_there_is_a_meeting(life: dict[str, list[bytes]]) -> None:
    for calendar in itertools.chain(*(objects(raws) for raws in life.values())):
        entry = calendar.walk("VEVENT")[0]
        assert str(entry["CLASS"]) == "PRIVATE"
        assert str(entry["SUMMARY"]) == "Mentoring – session 1"
        seen = " ".join(str(entry.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "UID")).lower()
        assert [word for word in REVEALING if word in seen] == []


def test_what_no_calendar_needs_to_know_raises_no_number(ours: Published, session: Session) -> None:
    for one in ours.everybody:
        sessions.invite(session=session, enrolment=one)
    deliver_all()
    before = len(mail.outbox)
    session = sessions.move_session(session=session, by=ours.lead.user, join_url="https://meet.example/2")
    sessions.set_meeting_link(circle=ours.circle, join_url="https://meet.example/3", by=ours.lead.user)
    sessions.move_session(session=session, by=ours.lead.user, starts_at=session.starts_at)
    sessions.reply(session=session, enrolment=ours.members[0], reply="no")
    sessions.invite(session=session, enrolment=ours.members[0])
    deliver_all()
    session.refresh_from_db()
    assert session.sequence == 0
    assert len(mail.outbox) == before


def test_who_leaves_loses_every_session_to_come_and_who_joins_gets_them_all(ours: Published) -> None:
    planned = sessions.plan_sessions(circle=ours.circle, by=None)
    for session, one in itertools.product(planned, ours.everybody):
        sessions.invite(session=session, enrolment=one)
    deliver_all()
    clock.move_to(planned[1].starts_at + dt.timedelta(days=1))
    leaves = ours.members[0]
    membership.leave_circle(enrolment=leaves, by=None)
    deliver_all()
    cancelled = [one.walk("VEVENT")[0]["UID"] for one in objects(mails_to(leaves)) if one["METHOD"] == "CANCEL"]
    coming = {f"session-{session.pk}@comc.example" for session in planned[2:]}
    assert (len(cancelled), set(cancelled)) == (4, coming)
    membership.add_to_circle(enrolment=leaves, circle=ours.circle, by=None)
    deliver_all()
    diary = Diary()
    for raw in mails_to(leaves):
        diary.receive(raw)
    assert set(diary.shown) == {f"session-{session.pk}@comc.example" for session in planned}


@pytest.mark.parametrize(
    ("state", "attempts", "sent"), [("waiting", 0, 0), ("waiting", 1, 1), ("skipped", 1, 0), ("skipped", 2, 1)]
)
def test_an_invitation_that_a_server_may_have_taken_is_cancelled(
    ours: Published, session: Session, state: str, attempts: int, sent: int
) -> None:
    sessions.invite(session=session, enrolment=ours.members[0])
    sessions.cancel_session(session=session, by=ours.lead.user)
    # As if a worker had died between the server's acceptance and our commit; it waits while the cancellation leaves.
    invited = Message.objects.filter(kind="circles.session_invited")
    invited.update(state=state, attempts=attempts, next_attempt_at=clock.now() + dt.timedelta(days=1))
    deliver_all()
    assert numbers(mails_to(ours.members[0])) == [("CANCEL", 1)] * sent
