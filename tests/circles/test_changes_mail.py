"""What people read and what their calendars get when circles change after publication."""

import datetime as dt
import re
from collections.abc import Callable

import icalendar
import pytest
from django.core import mail

from circles.models import Circle
from circles.services import events
from circles.services.changes import confirm, consequences, plan_merge, plan_withdrawal
from circles.services.membership import add_to_circle, leave_circle, write_hand_over
from cohorts.models import Cohort
from cohorts.services import plan_ceremonies
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.changing import (
    TODAY,
    circle_of,
    everybody,
    lead_of,
    members_of,
    now_of,
    published,
    standing,
    tuesday,
)
from tests.circles.forming import enrol
from tests.circles.test_messages import REVEALING

pytestmark = pytest.mark.django_db
Mail = mail.EmailMultiAlternatives


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.date(2026, 9, 1))
    return published()


def settle(move_clock: Callable) -> None:
    """Everything that was sent before the change has arrived."""
    deliver_all()
    move_clock(TODAY)
    mail.outbox.clear()


def merged(one: Circle, other: Circle) -> None:
    def make(found):  # type: ignore[no-untyped-def]
        return plan_merge(found, now_of(one, found), now_of(other, found))

    plan = make(standing(one.cohort))
    confirm(cohort=one.cohort, make=make, option=plan.options[0].key, fingerprint=plan.fingerprint, by=None)


def withdrawn(one: Enrolment) -> None:
    def make(found):  # type: ignore[no-untyped-def]
        return plan_withdrawal(found, one)

    plan = make(standing(one.cohort))
    confirm(cohort=one.cohort, make=make, option=plan.options[0].key, fingerprint=plan.fingerprint, by=None)


def to(one: Enrolment) -> list[Mail]:
    return [message for message in mail.outbox if one.user.email in message.to[0]]


def calendar_of(message: Mail) -> icalendar.Calendar | None:
    parts = [str(body) for body, kind in message.alternatives if kind.startswith("text/calendar")]
    return icalendar.Calendar.from_ical(parts[0]) if parts else None


def entries(one: Enrolment) -> list[tuple[str, str, int]]:
    """Method, UID and SEQUENCE of each calendar part that somebody got, in order."""
    found = []
    for message in to(one):
        if (part := calendar_of(message)) is not None:
            [event] = part.walk("VEVENT")
            attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
            assert attendees == [f"mailto:{one.user.email}"]
            found.append((str(part["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])))
    return found


def uids(circle: Circle) -> set[str]:
    return {f"session-{pk}@" for pk in circle.sessions.values_list("pk", flat=True)}


def of(circle: Circle, found: list[tuple[str, str, int]]) -> list[tuple[str, int]]:
    """The entries about a circle's sessions: method and sequence."""
    return [(method, sequence) for method, uid, sequence in found if uid.partition("@")[0] + "@" in uids(circle)]


def test_who_moves_loses_the_old_sessions_and_gets_the_new(cohort, move_clock):
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1, week=3)
    settle(move_clock)
    [moves] = members_of(smaller)
    spare, stays = lead_of(smaller), members_of(larger)[0]
    coming = {circle: circle.sessions.upcoming().count() for circle in (larger, smaller)}
    merged(larger, smaller)
    deliver_all()
    assert of(smaller, entries(moves)) == [("CANCEL", 1)] * coming[smaller]
    assert of(larger, entries(moves)) == [("REQUEST", 0)] * coming[larger]
    assert of(smaller, entries(spare)) == [("CANCEL", 1)] * coming[smaller]
    assert entries(stays) == []
    assert len(to(stays)) == 1


def test_who_takes_a_circle_over_gets_its_sessions_and_who_leaves_loses_them(cohort, move_clock):
    circle = circle_of(cohort, 3)
    reserve, leaves, member = (
        enrol(cohort, role="mentor", slots=[tuesday(cohort)]),
        lead_of(circle),
        members_of(circle)[0],
    )
    settle(move_clock)
    withdrawn(leaves)
    deliver_all()
    assert {method for method, _, _ in entries(leaves)} == {"CANCEL"}
    assert {method for method, _, _ in entries(reserve)} == {"REQUEST"}
    assert len(entries(reserve)) == len(entries(leaves)) == circle.sessions.upcoming().count()
    assert entries(member) == []
    [words] = to(member)
    assert reserve.user.get_full_name() in words.body
    assert leaves.user.get_full_name() not in words.body


def test_who_comes_back_to_a_circle_gets_a_higher_sequence(cohort, move_clock):
    circle = circle_of(cohort, 3)
    settle(move_clock)
    [one, *_] = members_of(circle)
    leave_circle(enrolment=one, by=None)
    add_to_circle(enrolment=one, circle=circle, by=None)
    deliver_all()
    by_uid: dict[str, list[tuple[str, int]]] = {}
    for method, uid, sequence in entries(one):
        by_uid.setdefault(uid, []).append((method, sequence))
    assert len(by_uid) == circle.sessions.upcoming().count()
    for found in by_uid.values():
        assert found[-1][0] == "REQUEST"
        assert found[-1][1] > max((number for method, number in found if method == "CANCEL"), default=0)


def test_a_ceremony_comes_back_to_the_calendar_of_who_leads_again(cohort, move_clock):
    circle = circle_of(cohort, 3)
    plan_ceremonies(cohort=cohort, by=None)
    events.queue_event_invitations()
    settle(move_clock)
    lead = lead_of(circle)
    for _ in range(2):
        leave_circle(enrolment=lead, by=None)
        events.queue_event_invitations()
        deliver_all()
        add_to_circle(enrolment=lead, circle=circle, by=None)
        events.queue_event_invitations()
        assert events.queue_event_invitations() == 0
        deliver_all()
    closing = cohort.events.get(kind="closing")
    about = [(method, number) for method, uid, number in entries(lead) if uid.startswith(f"event-{closing.pk}")]
    assert about == [("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3), ("REQUEST", 4)]


def test_the_words_are_neutral_and_name_nobody_who_left(cohort, move_clock):
    larger, smaller, third = circle_of(cohort, 2), circle_of(cohort, 1, week=3), circle_of(cohort, 3)
    reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    settle(move_clock)
    leaves, spare = lead_of(third), lead_of(smaller)
    withdrawn(leaves)
    merged(larger, smaller)
    deliver_all()
    assert lead_of(third) == reserve
    subjects = {re.sub(r"\d+", "", message.subject).split(",")[0] for message in mail.outbox}
    assert subjects == {
        "You have left the mentoring programme", "Your mentoring circle", "Your mentoring place", "Mentoring session ",
        "Cancelled: mentoring session ",
    }  # fmt: skip
    for message in mail.outbox:
        others = [one for one in (leaves, spare) if one.user.email not in message.to[0]]
        assert not any(one.user.get_full_name() in message.body for one in others)
        seen = " ".join([message.subject, str(calendar_of(message) or "")]).lower()
        assert [word for word in REVEALING if word in seen] == []


@pytest.mark.parametrize("kind", ["circles.moved", "circles.grown", "circles.unseated", "circles.new_lead"])
def test_a_message_that_lost_its_reason_is_not_sent(cohort, move_clock, kind):
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    settle(move_clock)
    if kind == "circles.new_lead":
        withdrawn(lead_of(larger))
        assert lead_of(larger) == reserve
    else:
        merged(larger, smaller)
    for message in Message.objects.filter(kind=kind):
        one = cohort.enrolments.get(user=message.recipient)
        if kind == "circles.unseated":
            add_to_circle(enrolment=one, circle=circle_of(cohort, 1, led=False), by=None)
        else:
            leave_circle(enrolment=one, by=None)
    deliver_all()
    assert set(Message.objects.filter(kind=kind).values_list("state", flat=True)) == {"skipped"}


def test_everybody_of_a_merged_circle_hears_once(cohort, move_clock):
    larger, smaller = circle_of(cohort, 2), circle_of(cohort, 1)
    settle(move_clock)
    merged(larger, smaller)
    deliver_all()
    for one in everybody(larger):
        assert sum(message.subject.startswith("Your mentoring circle") for message in to(one)) == 1


@pytest.mark.parametrize("note", ["", "We agreed on guests for session 4."])
def test_a_new_lead_is_told_of_the_hand_over_note_when_there_is_one(
    cohort: Cohort, move_clock: Callable, note: str
) -> None:
    settle(move_clock)
    circle, reserve = circle_of(cohort), enrol(cohort, role="mentor")
    write_hand_over(circle=circle, text=note, by=lead_of(circle).user)
    leave_circle(enrolment=lead_of(circle), by=None)
    add_to_circle(enrolment=reserve, circle=circle, by=None)
    deliver_all()
    told = next(message.body for message in to(reserve) if "hand-over" in message.body or "See your" in message.body)
    assert ("Read the hand-over note" in told) is bool(note)
    assert "guests" not in told


def test_members_are_told_that_nobody_leads_them_for_now(cohort, move_clock):
    circle = circle_of(cohort, 3)
    settle(move_clock)

    def make(found):  # type: ignore[no-untyped-def]
        return plan_withdrawal(found, lead_of(circle))

    plan = make(standing(cohort))
    assert "nobody leads their circle for now" in str(consequences(plan.standing, plan.option("keep").change).told)
    confirm(cohort=cohort, make=make, option="keep", fingerprint=plan.fingerprint, by=None)
    told = Message.objects.filter(kind="circles.no_lead")
    assert {one.recipient for one in told} == {one.user for one in members_of(circle)}
    reserve = enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    add_to_circle(enrolment=reserve, circle=circle, by=None)
    deliver_all()
    assert set(told.values_list("state", "reason")) == {("skipped", "Somebody leads the circle by now.")}
