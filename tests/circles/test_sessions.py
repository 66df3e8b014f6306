"""Planning, moving, cancelling and answering sessions, and what calendars are told of it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from icalendar import Calendar

from accounts import clock
from circles.models import Session
from circles.selectors.quorum import forecast
from circles.services import events, sessions
from circles.services.sessions import SessionError
from cohorts.models import Event
from cohorts.services import event_changed, plan_ceremonies
from outbox.delivery import deliver_all
from outbox.kinds import get as get_kind
from outbox.models import Message, State
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.circle import Published, add_member, published
from tests.factories import StaffFactory

LAUNCH = dt.date(2026, 10, 1)
BEFORE = dt.date(2026, 9, 1)


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(BEFORE)
    return published(LAUNCH)


def plan(ours: Published) -> list[Session]:
    return sessions.plan_sessions(circle=ours.circle, by=ours.lead.user)


def invite_all(ours: Published, session: Session) -> None:
    for enrolment in ours.everybody:
        sessions.invite(session=session, enrolment=enrolment)


def calendars_of(enrolment: Enrolment) -> list[Calendar]:
    """The calendar parts that were really sent to one person, in order."""
    sent = [m for m in mail.outbox if enrolment.user.email in m.to[0]]
    return [Calendar.from_ical(body) for m in sent for body, kind in m.alternatives if kind.startswith("text/calendar")]


def told(enrolment: Enrolment) -> list[tuple[str, int, dt.datetime]]:
    """Method, sequence and start of each calendar part that one person was sent."""
    parts = [(calendar, calendar.walk("VEVENT")[0]) for calendar in calendars_of(enrolment)]
    return [(str(c["method"]), int(e["sequence"]), e.decoded("dtstart").astimezone(dt.UTC)) for c, e in parts]


class TestPlanning:
    def test_six_second_tuesdays_keep_their_wall_time(self, ours: Published) -> None:
        starts = [clock.local(session.starts_at) for session in plan(ours)]
        assert [f"{start:%a %d %b %Y %H:%M}" for start in starts] == [
            "Tue 13 Oct 2026 12:30", "Tue 10 Nov 2026 12:30", "Tue 08 Dec 2026 12:30",
            "Tue 12 Jan 2027 12:30", "Tue 09 Feb 2027 12:30", "Tue 09 Mar 2027 12:30",
        ]  # fmt: skip

    def test_planning_again_changes_nothing(self, ours: Published) -> None:
        first = plan(ours)
        assert plan(ours) == first
        assert ours.circle.sessions.count() == 6

    def test_planning_tells_nobody(self, ours: Published) -> None:
        plan(ours)
        assert not Message.objects.exists()

    def test_publishing_late_plans_nothing_in_the_past(self, ours: Published, move_clock: Callable) -> None:
        move_clock(dt.date(2026, 12, 1))
        assert all(session.starts_at > clock.now() for session in plan(ours))

    def test_a_cohort_that_is_over_is_planned_as_it_was(self, ours: Published, move_clock: Callable) -> None:
        move_clock(dt.date(2027, 12, 1))
        assert len(plan(ours)) == 6

    def test_a_circle_in_a_city_meets_there(self, ours: Published) -> None:
        ours.circle.place = "Leeds"
        ours.circle.save()
        session = plan(ours)[0]
        assert (session.mode, session.place) == ("in_person", "Leeds")

    def test_without_a_slot_the_lead_adds_sessions(self, ours: Published) -> None:
        ours.circle.slot = None
        ours.circle.save()
        assert plan(ours) == []


class TestInvitations:
    def test_one_calendar_event_for_one_person(self, ours: Published) -> None:
        session = plan(ours)[1]
        invite_all(ours, session)
        deliver_all()
        assert len(mail.outbox) == 3
        (calendar,) = calendars_of(ours.members[0])
        (event,) = calendar.walk("VEVENT")
        assert event["uid"] == f"session-{session.pk}@comc.example"
        assert event["summary"] == "Mentoring – session 2"
        assert event["class"] == "PRIVATE"
        assert event["attendee"] == f"mailto:{ours.members[0].user.email}"
        assert event.decoded("dtstart").tzinfo.key == "Europe/London"
        assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(minutes=90)

    def test_the_mail_holds_what_the_calendar_holds(self, ours: Published) -> None:
        invite_all(ours, plan(ours)[0])
        deliver_all()
        body = mail.outbox[0].body
        assert "Tuesday 13 October 2026, 12:30pm (UK time)" in body
        assert "/reply/" in body
        assert "/join/" in body

    def test_asking_twice_sends_once(self, ours: Published) -> None:
        session = plan(ours)[0]
        invite_all(ours, session)
        invite_all(ours, session)
        assert Message.objects.count() == 3

    def test_nobody_is_asked_to_what_is_over(self, ours: Published, move_clock: Callable) -> None:
        session = plan(ours)[0]
        move_clock(dt.date(2026, 11, 1))
        invite_all(ours, session)
        assert not Message.objects.exists()

    def test_an_invitation_to_a_session_cancelled_meanwhile_is_not_sent(self, ours: Published) -> None:
        session = plan(ours)[0]
        invite_all(ours, session)
        sessions.cancel_session(session=session, by=ours.lead.user)
        deliver_all()
        assert mail.outbox == []
        assert set(Message.objects.values_list("state", flat=True)) == {State.SKIPPED}

    def test_of_two_invitations_that_wait_only_the_newer_leaves(self, ours: Published) -> None:
        session = plan(ours)[0]
        invite_all(ours, session)
        move(session, dt.datetime(2026, 10, 15, 9, tzinfo=dt.UTC), ours)
        deliver_all()
        assert [sequence for _, sequence, _ in told(ours.lead)] == [1]


def move(session: Session, starts_at: dt.datetime, ours: Published) -> Session:
    return sessions.move_session(session=session, by=ours.lead.user, starts_at=starts_at)


class TestLifecycle:
    def test_create_move_move_cancel(self, ours: Published) -> None:
        session = plan(ours)[0]
        first = session.starts_at
        second, third = first + dt.timedelta(days=1), first + dt.timedelta(days=15)  # the other side of the change
        invite_all(ours, session)
        deliver_all()
        for start in (second, third):
            move(session, start, ours)
            deliver_all()
        sessions.cancel_session(session=session, by=ours.lead.user)
        deliver_all()
        assert told(ours.members[0]) == [
            ("REQUEST", 0, first), ("REQUEST", 1, second), ("REQUEST", 2, third), ("CANCEL", 3, third),
        ]  # fmt: skip
        uids = {c.walk("VEVENT")[0]["uid"] for c in calendars_of(ours.members[0])}
        assert len(uids) == 1

    def test_a_change_says_so_and_the_first_invitation_does_not(self, ours: Published) -> None:
        session = plan(ours)[0]
        sessions.invite(session=session, enrolment=ours.lead)
        deliver_all()
        move(session, session.starts_at + dt.timedelta(days=1), ours)
        deliver_all()
        by_person = {m.to[0]: m.subject for m in mail.outbox}
        assert by_person[next(to for to in by_person if ours.lead.user.email in to)].startswith("Changed: ")
        assert by_person[next(to for to in by_person if ours.members[0].user.email in to)].startswith("Mentoring ")

    def test_saving_without_a_change_tells_nobody(self, ours: Published) -> None:
        session = plan(ours)[0]
        moved = sessions.move_session(
            session=session, by=ours.lead.user, starts_at=session.starts_at, minutes=90, mode="online", place=""
        )
        assert moved.sequence == 0
        assert not Message.objects.exists()

    def test_another_meeting_link_tells_nobody(self, ours: Published) -> None:
        session = plan(ours)[0]
        sessions.move_session(session=session, by=ours.lead.user, join_url="https://meet.example/new")
        session.refresh_from_db()
        assert (session.sequence, session.join_url) == (0, "https://meet.example/new")
        assert not Message.objects.exists()

    def test_a_move_asks_for_replies_again(self, ours: Published) -> None:
        session = plan(ours)[0]
        sessions.reply(session=session, enrolment=ours.members[0], reply="yes")
        move(session, session.starts_at + dt.timedelta(days=1), ours)
        assert forecast(session).words == "2 have not answered"

    def test_who_leaves_gets_a_cancellation_and_nobody_else_does(self, ours: Published) -> None:
        session = plan(ours)[0]
        invite_all(ours, session)
        deliver_all()
        ours.members[0].memberships.update(left_at=clock.now())
        sessions.uninvite(session=session, enrolment=ours.members[0])
        sessions.uninvite(session=session, enrolment=ours.members[0])
        deliver_all()
        assert [(m, s) for m, s, _ in told(ours.members[0])] == [("REQUEST", 0), ("CANCEL", 1)]
        assert [(m, s) for m, s, _ in told(ours.members[1])] == [("REQUEST", 0)]

    def test_who_comes_back_gets_the_session_back(self, ours: Published) -> None:
        session = plan(ours)[0]
        sessions.invite(session=session, enrolment=ours.members[0])
        deliver_all()
        sessions.uninvite(session=session, enrolment=ours.members[0])
        deliver_all()
        session.refresh_from_db()
        sessions.invite(session=session, enrolment=ours.members[0])
        deliver_all()
        assert [(m, s) for m, s, _ in told(ours.members[0])] == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]

    def test_somebody_who_joins_late_is_asked_at_the_sequence_of_the_day(self, ours: Published) -> None:
        session = move(plan(ours)[0], dt.datetime(2026, 10, 15, 9, tzinfo=dt.UTC), ours)
        late = add_member(ours.circle, 5)
        sessions.invite(session=session, enrolment=late)
        deliver_all()
        assert [(m, s) for m, s, _ in told(late)] == [("REQUEST", 1)]

    def test_an_added_session_takes_the_next_number(self, ours: Published) -> None:
        plan(ours)
        added = sessions.add_session(
            circle=ours.circle, by=ours.lead.user, starts_at=dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC)
        )
        assert added.number == 7
        assert Message.objects.count() == 3


class TestRefusals:
    @pytest.mark.parametrize(
        ("starts_at", "words"),
        [
            (dt.datetime(2026, 8, 1, 9, tzinfo=dt.UTC), "still to come"),
            (dt.datetime(2027, 9, 1, 9, tzinfo=dt.UTC), "when the programme closes"),
            (dt.datetime(2026, 11, 10, 13, tzinfo=dt.UTC), "Session 2 is at that time already"),
        ],
    )
    def test_a_time_that_cannot_be(self, ours: Published, starts_at: dt.datetime, words: str) -> None:
        session = plan(ours)[0]
        with pytest.raises(SessionError, match=words):
            move(session, starts_at, ours)
        assert Session.objects.get(pk=session.pk).sequence == 0

    def test_what_is_cancelled_stays_so(self, ours: Published) -> None:
        session = sessions.cancel_session(session=plan(ours)[0], by=ours.lead.user)
        with pytest.raises(SessionError, match="cancelled"):
            sessions.cancel_session(session=session, by=ours.lead.user)
        with pytest.raises(SessionError, match="cancelled"):
            sessions.reply(session=session, enrolment=ours.members[0], reply="yes")

    def test_what_has_started_can_be_neither_moved_nor_answered(self, ours: Published, move_clock: Callable) -> None:
        session = plan(ours)[0]
        move_clock(clock.local(session.starts_at) + dt.timedelta(minutes=1))
        with pytest.raises(SessionError, match="already started"):
            move(session, session.starts_at + dt.timedelta(days=2), ours)
        with pytest.raises(SessionError, match="already started"):
            sessions.reply(session=session, enrolment=ours.members[0], reply="yes")

    def test_a_stranger_cannot_answer(self, ours: Published) -> None:
        stranger = published(LAUNCH).members[0]
        with pytest.raises(SessionError, match="not in this circle"):
            sessions.reply(session=plan(ours)[0], enrolment=stranger, reply="yes")


def test_replies_are_counted_without_the_lead(ours: Published) -> None:
    session = plan(ours)[0]
    sessions.reply(session=session, enrolment=ours.lead, reply="no")
    sessions.reply(session=session, enrolment=ours.members[0], reply="yes")
    sessions.reply(session=session, enrolment=ours.members[1], reply="no")
    sessions.reply(session=session, enrolment=ours.members[1], reply="maybe")
    assert forecast(session).words == "1 coming, 1 perhaps"


def test_each_act_leaves_its_line_in_the_audit_trail(ours: Published) -> None:
    session = plan(ours)[0]
    sessions.reply(session=session, enrolment=ours.members[0], reply="yes")
    move(session, session.starts_at + dt.timedelta(days=1), ours)
    sessions.cancel_session(session=session, by=ours.lead.user)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {"circle.sessions_planned", "session.replied", "session.moved", "session.cancelled"}


class TestCeremonies:
    def test_opening_and_closing_at_midday_once(self, ours: Published) -> None:
        cohort, staff = ours.circle.cohort, StaffFactory()
        plan_ceremonies(cohort=cohort, by=staff)
        plan_ceremonies(cohort=cohort, by=staff)
        starts = [clock.local(event.starts_at) for event in Event.objects.all()]
        assert [f"{start:%d %b %Y %H:%M}" for start in starts] == ["01 Oct 2026 12:00", "10 Apr 2027 12:00"]

    def test_everybody_with_a_seat_is_asked_once(self, ours: Published) -> None:
        plan_ceremonies(cohort=ours.circle.cohort, by=None)
        assert events.queue_event_invitations() == 6
        assert events.queue_event_invitations() == 0
        deliver_all()
        assert {(m, s) for m, s, _ in told(ours.lead)} == {("REQUEST", 0)}

    def test_nobody_is_asked_before_circles_are_published(self, ours: Published) -> None:
        plan_ceremonies(cohort=ours.circle.cohort, by=None)
        type(ours.circle.cohort).objects.update(published_at=None)
        assert events.queue_event_invitations() == 0

    def test_a_ceremony_that_moves_is_sent_again(self, ours: Published) -> None:
        event, _ = plan_ceremonies(cohort=ours.circle.cohort, by=None)
        events.queue_event_invitations()
        deliver_all()
        Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at + dt.timedelta(hours=2))
        assert event_changed(event=event, changed=["starts_at"], by=None, before=event.starts_at)
        event.refresh_from_db()
        kind = get_kind("circles.event_invited")
        late, early = (event.moved_from - dt.timedelta(hours=hours) for hours in (20, 40))
        assert (kind.is_urgent(event, late), kind.is_urgent(event, early)) == (True, False)
        assert not event_changed(event=event, changed=["description"], by=None)
        assert events.queue_event_invitations() == 3
        deliver_all()
        assert max(told(ours.lead))[:2] == ("REQUEST", 1)

    def test_who_leaves_gets_a_cancellation(self, ours: Published) -> None:
        plan_ceremonies(cohort=ours.circle.cohort, by=None)
        events.queue_event_invitations()
        deliver_all()
        ours.members[0].memberships.update(left_at=clock.now())
        assert events.queue_event_invitations() == 2
        assert events.queue_event_invitations() == 0
        deliver_all()
        assert [(m, s) for m, s, _ in told(ours.members[0])][-2:] == [("CANCEL", 1)] * 2
