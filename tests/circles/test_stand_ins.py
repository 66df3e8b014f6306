"""A stand-in for one session: who may be asked, what they are sent, what they see, and for how long."""

import datetime as dt
from collections.abc import Callable

import icalendar
import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from circles import links
from circles.models import Attendance, KeptApart, Session, StandIn
from circles.selectors.feeds import calendar_of, has_meetings
from circles.selectors.people import with_attendance
from circles.selectors.stand_ins import candidates, clashes, leader_in, stand_in_of, stood_in
from circles.services import series, sessions, stand_ins
from circles.services.attendance import record_all
from circles.services.membership import add_to_circle, leave_circle, withdraw
from circles.services.reminders import queue_due_reminders
from circles.services.sessions import SessionError
from cohorts.reminders import for_rule
from cohorts.services import default_reminder_rules
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment
from portal.home import home_of
from tests.circles.circle import Published, published
from tests.factories import CircleFactory, EnrolmentFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


@pytest.fixture
def reserve(ours: Published) -> Enrolment:
    return EnrolmentFactory(cohort=ours.circle.cohort, role="mentor")


def ask(ours: Published, session: Session, who: Enrolment) -> StandIn:
    return stand_ins.ask_stand_in(session=session, enrolment=who, by=ours.lead.user)


@pytest.fixture
def asked(ours: Published, first: Session, reserve: Enrolment) -> StandIn:
    return ask(ours, first, reserve)


@pytest.fixture
def leads(asked: StandIn) -> StandIn:
    return stand_ins.answer_stand_in(stand_in=asked, will_lead=True)


def kinds_to(one: Enrolment) -> list[str]:
    return list(Message.objects.filter(recipient=one.user).order_by("created_at").values_list("kind", flat=True))


def entries(one: Enrolment) -> list[tuple[str, str, int, int]]:
    """Method, UID, SEQUENCE and number of attendees of each calendar part that somebody got."""
    found = []
    for message in mail.outbox:
        if one.user.email not in message.to[0]:
            continue
        for body, kind in message.alternatives:
            if kind.startswith("text/calendar"):
                calendar = icalendar.Calendar.from_ical(str(body))
                event = calendar.walk("VEVENT")[0]
                attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
                found.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), len(attendees)))
    return found


class TestWhoMayBeAsked:
    def reasons(self, session: Session) -> dict[object, str]:
        return {one.enrolment.pk: one.why_not for one in candidates(session)}

    def test_other_mentors_and_those_in_reserve(self, ours: Published, first: Session, reserve: Enrolment) -> None:
        other = EnrolmentFactory(cohort=ours.circle.cohort, role="mentor")
        MembershipFactory(circle=CircleFactory(cohort=ours.circle.cohort), enrolment=other, seat=0)
        EnrolmentFactory(cohort=ours.circle.cohort, role="mentor", state="withdrawn")
        EnrolmentFactory(cohort=ours.circle.cohort, role="mentee")
        EnrolmentFactory(role="mentor")
        assert self.reasons(first) == {reserve.pk: "", other.pk: ""}

    def test_a_members_colleague_is_forbidden_and_the_refusal_says_why(self, ours: Published, first: Session) -> None:
        colleague = EnrolmentFactory(
            cohort=ours.circle.cohort, role="mentor", organisation=ours.members[1].organisation
        )
        with pytest.raises(SessionError, match="works for the same organisation as somebody in it"):
            ask(ours, first, colleague)
        assert not Message.objects.exists()

    def test_the_mentors_own_colleague_is_fine(self, ours: Published, first: Session) -> None:
        one = EnrolmentFactory(cohort=ours.circle.cohort, role="mentor", organisation=ours.lead.organisation)
        assert self.reasons(first) == {one.pk: ""}

    def test_where_colleagues_meet_only_a_colleague_stands_in(
        self, ours: Published, first: Session, reserve: Enrolment
    ) -> None:
        ours.circle.cohort.format.own_organisation = "required"
        ours.circle.cohort.format.save()
        first = Session.objects.get(pk=first.pk)
        assert "another organisation" in self.reasons(first)[reserve.pk]

    def test_who_is_kept_apart_from_a_member(self, ours: Published, first: Session, reserve: Enrolment) -> None:
        low, high = sorted([ours.members[0], reserve], key=lambda one: one.pk)
        KeptApart.objects.create(cohort=ours.circle.cohort, first=low, second=high)
        with pytest.raises(SessionError, match="programme team has ruled it out") as refusal:
            ask(ours, first, reserve)
        assert ours.members[0].user.last_name not in str(refusal.value)

    def test_who_has_a_session_at_that_time(self, ours: Published, first: Session, reserve: Enrolment) -> None:
        other = CircleFactory(cohort=ours.circle.cohort)
        MembershipFactory(circle=other, enrolment=reserve, seat=0)
        start = first.starts_at - dt.timedelta(minutes=60)
        clash = Session.objects.create(circle=other, number=1, starts_at=start, minutes=61)
        assert self.reasons(first)[reserve.pk] == "has a session at that time already"
        Session.objects.filter(pk=clash.pk).update(minutes=60)
        assert self.reasons(first)[reserve.pk] == ""

    def test_nobody_twice_nobody_else_and_not_too_late(
        self, ours: Published, first: Session, asked: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        with pytest.raises(SessionError, match="asked already"):
            ask(ours, first, reserve)
        with pytest.raises(SessionError, match="another mentor of the same cohort"):
            ask(ours, ours.circle.sessions.get(number=2), ours.members[0])
        with pytest.raises(IntegrityError), transaction.atomic():
            StandIn.objects.create(session=first, enrolment=reserve)
        move_clock(dt.date(2026, 10, 14))
        with pytest.raises(SessionError, match="already started"):
            ask(ours, first, reserve)

    def test_as_many_queries_for_three_as_for_one(
        self, ours: Published, first: Session, reserve: Enrolment, django_assert_num_queries: Callable
    ) -> None:
        session = Session.objects.select_related("circle__cohort__format").get(pk=first.pk)
        for _ in range(2):
            with django_assert_num_queries(4):
                candidates(session)
            for _ in range(2):
                EnrolmentFactory(cohort=ours.circle.cohort, role="mentor")


class TestAnswers:
    def test_a_yes_brings_the_session_into_their_calendar(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        assert kinds_to(reserve) == ["circles.stand_in_asked", "circles.stand_in_invited"]
        assert kinds_to(ours.lead) == ["circles.stand_in_answered"]
        deliver_all()
        assert entries(reserve) == [("REQUEST", f"session-{first.pk}@{settings.MAIL_DOMAIN}", 0, 1)]
        assert entries(ours.lead) == []
        assert leader_in(stand_in_of(first)) == reserve.user.get_full_name()

    def test_a_no_is_told_and_makes_room_for_another(
        self, ours: Published, first: Session, asked: StandIn, reserve: Enrolment
    ) -> None:
        stand_ins.answer_stand_in(stand_in=asked, will_lead=False)
        assert kinds_to(reserve) == ["circles.stand_in_asked"]
        assert leader_in(stand_in_of(first)) == ""
        deliver_all()
        assert "can’t lead session 1" in next(m.body for m in mail.outbox if ours.lead.user.email in m.to[0])
        ask(ours, first, EnrolmentFactory(cohort=ours.circle.cohort, role="mentor"))

    def test_what_was_asked_and_taken_back_is_not_sent(
        self, ours: Published, asked: StandIn, reserve: Enrolment
    ) -> None:
        stand_ins.end_stand_in(stand_in=asked, by=ours.lead.user)
        deliver_all()
        assert mail.outbox == []
        with pytest.raises(SessionError, match="not asked"):
            stand_ins.answer_stand_in(stand_in=asked, will_lead=True)

    def test_the_rule_is_asked_again_when_they_say_yes(
        self, ours: Published, asked: StandIn, reserve: Enrolment
    ) -> None:
        Enrolment.objects.filter(pk=ours.members[0].pk).update(organisation=reserve.organisation)
        with pytest.raises(SessionError, match="same organisation"):
            stand_ins.answer_stand_in(stand_in=asked, will_lead=True)


class TestTheirCalendar:
    def test_moved_then_cancelled(self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment) -> None:
        deliver_all()
        sessions.move_session(session=first, by=ours.lead.user, starts_at=first.starts_at + dt.timedelta(days=1))
        deliver_all()
        sessions.cancel_session(session=first, by=ours.lead.user)
        deliver_all()
        assert [(method, number) for method, _, number, _ in entries(reserve)] == [
            ("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2),
        ]  # fmt: skip
        assert len({uid for _, uid, _, _ in entries(reserve)}) == 1
        assert "has been cancelled" in mail.outbox[-1].body

    def test_stepping_back_and_being_asked_again(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        deliver_all()
        stand_ins.end_stand_in(stand_in=leads, by=reserve.user)
        deliver_all()
        stand_ins.answer_stand_in(stand_in=ask(ours, first, reserve), will_lead=True)
        deliver_all()
        assert [(method, number) for method, _, number, _ in entries(reserve)] == [
            ("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2),
        ]  # fmt: skip
        assert kinds_to(ours.lead).count("circles.stand_in_answered") == 2 + 1

    def test_the_members_hear_nothing_of_it(self, ours: Published, leads: StandIn, reserve: Enrolment) -> None:
        stand_ins.end_stand_in(stand_in=leads, by=reserve.user)
        assert kinds_to(ours.members[0]) == []

    def test_who_leaves_the_cohort_leads_nothing_any_more(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        deliver_all()
        withdraw(enrolment=reserve, by=None)
        deliver_all()
        assert [method for method, _, _, _ in entries(reserve)] == ["REQUEST", "CANCEL"]
        assert "not going to lead" in next(m.body for m in mail.outbox if "still wanted" in m.subject)

    def test_a_colleague_who_joins_rules_them_out(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        joins = EnrolmentFactory(cohort=ours.circle.cohort, organisation=reserve.organisation)
        add_to_circle(enrolment=joins, circle=ours.circle, by=None)
        leads.refresh_from_db()
        assert leads.ended_at
        assert "circles.stand_in_cancelled" in kinds_to(reserve)

    def test_who_takes_the_circle_over_keeps_the_session_in_their_calendar(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        leave_circle(enrolment=ours.lead, by=None)
        add_to_circle(enrolment=reserve, circle=ours.circle, by=None)
        deliver_all()
        assert leader_in(stand_in_of(first)) == ""
        assert {method for method, uid, _, _ in entries(reserve) if str(first.pk) in uid} == {"REQUEST"}

    def test_their_calendar_link_shows_the_session_and_no_other(
        self, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        shown = icalendar.Calendar.from_ical(calendar_of(reserve.user)).walk("VEVENT")
        assert [str(first.pk) in str(event["UID"]) for event in shown] == [True]
        move_clock(dt.date(2026, 11, 1))
        assert not has_meetings(reserve.user)
        assert not icalendar.Calendar.from_ical(calendar_of(reserve.user)).walk("VEVENT")


class TestOnThePage:
    def url(self, name: str, session: Session) -> str:
        return reverse(f"portal:{name}", args=[session.pk])

    def test_the_mentor_asks_and_reads_who_cannot_be_asked(
        self, client: Client, ours: Published, first: Session, reserve: Enrolment
    ) -> None:
        colleague = EnrolmentFactory(
            cohort=ours.circle.cohort, role="mentor", organisation=ours.members[0].organisation
        )
        client.force_login(ours.lead.user)
        address = self.url("ask_stand_in", first)
        html = client.get(address).content.decode()
        assert "Works for the same organisation as somebody in it." in html
        assert "Choose whom to ask." in client.post(address, {}).content.decode()
        client.post(address, {"mentor": str(colleague.pk)})
        assert not StandIn.objects.exists()
        html = client.post(address, {"mentor": str(reserve.pk)}, follow=True).content.decode()
        assert f"{reserve.user} is asked to lead it, and has not answered yet." in html

    def test_the_link_in_the_mail_changes_nothing_by_itself(
        self, client: Client, ours: Published, first: Session, asked: StandIn
    ) -> None:
        address = reverse("portal:stand_in_by_link", args=[links.token(asked, asked.enrolment)])
        html = client.get(address + "?lead=yes").content.decode()
        assert all(one.user.last_name not in html for one in ours.everybody)
        assert client.post(address, {}, follow=True).content.decode().count("Choose one of the two answers.") == 1
        asked.refresh_from_db()
        assert asked.accepted_at is None
        assert "You lead this session" in client.post(address, {"lead": "yes"}).content.decode()
        assert "You have said yes" in client.get(address).content.decode()
        client.force_login(ours.members[0].user)
        html = client.get(self.url("session", first)).content.decode()
        assert f"{asked.enrolment.user} this time" in html

    def test_they_see_the_session_and_nothing_else_of_the_circle(
        self, client: Client, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        first.aim = "Asking for feedback"
        first.save()
        client.force_login(reserve.user)
        html = client.get(self.url("session", first)).content.decode()
        assert "Asking for feedback" in html
        assert all(one.user.last_name not in html for one in ours.members)
        for name in ("move_session", "cancel_session", "session_plan", "ask_stand_in"):
            assert client.get(self.url(name, first)).status_code == 404
        for name in ("reply_session", "session_i_came"):
            assert client.post(self.url(name, first), {"reply": "yes"}).status_code == 404
        for name in ("circle", "hand_over", "my_dates", "meeting_link", "propose_dates"):
            assert client.get(reverse(f"portal:{name}", args=[ours.circle.pk])).status_code == 404
        second = ours.circle.sessions.get(number=2)
        for name in ("session", "session_attendance"):
            assert client.get(self.url(name, second)).status_code == 404

    def test_before_they_have_said_yes_and_after_stepping_back_they_see_nothing(
        self, client: Client, first: Session, asked: StandIn, reserve: Enrolment
    ) -> None:
        client.force_login(reserve.user)
        assert client.get(self.url("session", first)).status_code == 404
        stand_ins.answer_stand_in(stand_in=asked, will_lead=True)
        assert client.get(self.url("session", first)).status_code == 200
        client.post(self.url("end_stand_in", first))
        for name in ("session", "session_attendance"):
            assert client.get(self.url(name, first)).status_code == 404
        assert client.get(reverse("portal:join_session", args=[links.token(first, reserve)])).status_code == 404

    def test_they_record_who_was_there_for_two_weeks(
        self, client: Client, ours: Published, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        move_clock(dt.date(2026, 10, 26))
        client.force_login(reserve.user)
        address = self.url("session_attendance", first)
        client.post(address, {"came": [str(ours.members[0].pk)]})
        assert dict(Attendance.objects.values_list("enrolment", "attended"))[ours.members[0].pk] is True
        move_clock(dt.date(2026, 10, 28))
        assert client.get(address).status_code == 404
        assert client.post(address, {"came": []}).status_code == 404
        assert client.get(self.url("session", first)).status_code == 404

    def test_their_own_link_leads_into_the_meeting(
        self, client: Client, ours: Published, first: Session, leads: StandIn, reserve: Enrolment
    ) -> None:
        sessions.set_meeting_link(circle=ours.circle, join_url="https://meet.example.org/a", by=StaffFactory())
        answer = client.get(reverse("portal:join_session", args=[links.token(first, reserve)]))
        assert answer["Location"] == "https://meet.example.org/a"
        assert client.get(reverse("portal:reply_by_link", args=[links.token(first, reserve)])).status_code == 404

    def test_their_home_leads_to_the_session_while_there_is_something_to_do(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        def steps() -> list[str]:
            return [step.text for step in home_of(reserve.user).steps if "stand in" in step.title]

        assert "You lead it this once." in steps()[0]
        move_clock(dt.date(2026, 10, 14))
        assert "You can say who was there." in steps()[0]
        record_all(session=first, came=[], by=reserve.user)
        assert steps() == []

    def test_the_mentor_takes_it_back(self, client: Client, ours: Published, first: Session, leads: StandIn) -> None:
        client.force_login(ours.members[0].user)
        assert client.post(self.url("end_stand_in", first)).status_code == 404
        client.force_login(ours.lead.user)
        assert "leads this session for you" in client.get(self.url("session", first)).content.decode()
        client.post(self.url("end_stand_in", first))
        leads.refresh_from_db()
        assert leads.ended_at


class TestReminders:
    """Somebody who stands in is a member of the session, for that one."""

    @pytest.fixture(autouse=True)
    def rules(self, ours: Published) -> None:
        ours.circle.cohort.reminder_rules.all().delete()
        default_reminder_rules(ours.circle.cohort)

    def reminded(self, one: Enrolment) -> list[str]:
        queue_due_reminders()
        return [kind for kind in kinds_to(one) if kind not in {"circles.stand_in_asked", "circles.stand_in_invited"}]

    def test_before_they_have_answered_they_are_asked_again(
        self, ours: Published, first: Session, asked: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        move_clock(first.starts_at - dt.timedelta(days=14))
        assert self.reminded(reserve) == ["circles.stand_in_reply"]
        assert self.reminded(reserve) == ["circles.stand_in_reply"]
        move_clock(first.starts_at - dt.timedelta(days=7))
        assert self.reminded(reserve) == ["circles.stand_in_reply"] * 2
        move_clock(first.starts_at - dt.timedelta(days=1))
        assert self.reminded(reserve) == ["circles.stand_in_reply"] * 2
        deliver_all()
        assert sum("We have not heard yet" in message.subject for message in mail.outbox) == 2

    def test_who_leads_it_is_told_the_day_before_and_asked_who_came(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        for days in (14, 7):
            move_clock(first.starts_at - dt.timedelta(days=days))
            assert self.reminded(reserve) == []
        move_clock(first.starts_at - dt.timedelta(days=1))
        assert self.reminded(reserve) == ["circles.stand_in_coming"]
        move_clock(first.ends_at + dt.timedelta(days=1))
        assert self.reminded(reserve) == ["circles.stand_in_coming", "circles.stand_in_attendance"]
        second = ours.circle.sessions.get(number=2)
        move_clock(second.starts_at - dt.timedelta(days=1))
        assert len(self.reminded(reserve)) == 2

    def test_not_who_has_stepped_back_nor_when_it_is_said_who_came(
        self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        move_clock(first.starts_at)
        record_all(session=first, came=[], by=ours.lead.user)
        move_clock(first.ends_at + dt.timedelta(days=1))
        assert self.reminded(reserve) == []

    def test_staff_see_them_among_who_would_get_it(self, leads: StandIn, reserve: Enrolment, ours: Published) -> None:
        rule = ours.circle.cohort.reminder_rules.get(kind="session_coming")
        mine = [one for one in for_rule(rule) if one.to == reserve.user]
        assert [one.when for one in mine] == ["later"]
        rule = ours.circle.cohort.reminder_rules.filter(kind="session_reply").first()
        mine = [one for one in for_rule(rule) if one.to == reserve.user]
        assert [one.why for one in mine] == ["They have said that they lead it."]

    def test_as_many_queries_for_three_circles_as_for_one(
        self, ours: Published, leads: StandIn, count_queries: Callable
    ) -> None:
        rule = ours.circle.cohort.reminder_rules.get(kind="session_coming")
        counted = []
        for _ in range(2):
            counted.append(count_queries(lambda: list(for_rule(rule))))
            for number in (2, 3):
                circle = CircleFactory(cohort=ours.circle.cohort, number=number + 10 * len(counted))
                session = Session.objects.create(circle=circle, number=1, starts_at=leads.session.starts_at)
                StandIn.objects.create(session=session, enrolment=leads.enrolment, accepted_at=leads.accepted_at)
        assert counted[0] == counted[1]


class TestClashes:
    @pytest.fixture
    def theirs(self, ours: Published, first: Session, leads: StandIn, reserve: Enrolment) -> Session:
        """A session of a circle of the stand-in's own, an hour after the one that they lead for another."""
        circle = CircleFactory(cohort=ours.circle.cohort)
        MembershipFactory(circle=circle, enrolment=reserve, seat=0)
        return Session.objects.create(circle=circle, number=1, starts_at=first.ends_at)

    def test_said_to_who_moves_it_and_to_the_stand_in(
        self, client: Client, ours: Published, first: Session, theirs: Session, reserve: Enrolment
    ) -> None:
        deliver_all()
        assert clashes(first) == []
        client.force_login(ours.lead.user)
        day = first.starts_at.date()
        values = {"day_0": day.day, "day_1": day.month, "day_2": day.year, "day": day.isoformat(), "time": "14:00"}
        html = client.post(
            reverse("portal:move_session", args=[first.pk]), values | {"minutes": 90, "mode": "online"}, follow=True
        ).content.decode()
        assert f"{reserve.user}, who stands in at session 1, has another session at that time." in html
        mail.outbox.clear()
        deliver_all()
        told = next(one for one in mail.outbox if reserve.user.email in one.to[0])
        assert "You have another session at that time." in told.body

    def test_also_when_it_is_their_own_circles_session_that_moves(
        self, ours: Published, first: Session, theirs: Session, reserve: Enrolment
    ) -> None:
        moved = sessions.move_session(session=theirs, by=reserve.user, starts_at=first.starts_at)
        assert clashes(moved) == [f"{reserve.user} stands in at that time: {ours.circle}, session 1."]

    def test_seen_before_this_and_the_following_move_but_not_of_those_that_move_too(
        self, first: Session, theirs: Session, reserve: Enrolment
    ) -> None:
        moving = series.shifts(session=first, starts_at=first.starts_at + dt.timedelta(minutes=60))
        told = [shift.clashes for shift in series.with_clashes(moving, first.minutes)]
        assert told[0] == (f"{reserve.user}, who stands in at session 1, has another session at that time.",)
        assert not any(told[1:])
        moving = series.shifts(session=theirs, starts_at=first.starts_at)
        assert series.with_clashes(moving, 90)[0].clashes


class TestTheProgrammeTeam:
    @pytest.fixture(autouse=True)
    def staff(self, client: Client) -> User:
        staff = StaffFactory(role="manager")
        client.force_login(staff)
        return staff

    def url(self, name: str, session: Session) -> str:
        return reverse(f"admin:{name}", args=[session.pk])

    def test_asks_and_both_they_and_the_mentor_hear(
        self, client: Client, staff: User, ours: Published, first: Session, reserve: Enrolment
    ) -> None:
        address = self.url("session_stand_in", first)
        assert "Choose whom to ask." in client.post(address, {}).content.decode()
        html = client.post(address, {"mentor": str(reserve.pk)}, follow=True).content.decode()
        assert "Asked, no answer yet" in html
        deliver_all()
        assert "The programme team asks" in mail.outbox[0].body
        stand_ins.answer_stand_in(stand_in=StandIn.objects.get(), will_lead=True)
        deliver_all()
        told = {one.to[0]: one.body for one in mail.outbox if "A stand-in for" in one.subject}
        assert len(told) == 2
        for address, body in told.items():
            assert ("/admin/" in body) == (staff.email in address)
        assert "Has said yes" in client.get(self.url("session_stand_in", first)).content.decode()

    def test_ends_it(self, client: Client, ours: Published, first: Session, leads: StandIn, reserve: Enrolment) -> None:
        client.post(self.url("end_session_stand_in", first))
        leads.refresh_from_db()
        assert leads.ended_at
        assert kinds_to(reserve)[-1] == "circles.stand_in_cancelled"
        assert kinds_to(ours.lead)[-1] == "circles.stand_in_answered"
        html = client.post(self.url("end_session_stand_in", first), follow=True).content.decode()
        assert "Nobody is asked to lead this session." in html

    def test_reaches_the_page_from_the_session_and_from_the_circle(
        self, client: Client, ours: Published, first: Session
    ) -> None:
        for page in (first.get_absolute_url(), ours.circle.get_absolute_url()):
            assert self.url("session_stand_in", first) in client.get(page).content.decode()

    def test_what_is_over_can_not_be_arranged(self, client: Client, first: Session, move_clock: Callable) -> None:
        move_clock(dt.date(2026, 10, 20))
        html = client.get(self.url("session_stand_in", first)).content.decode()
        assert "has started already" in html
        assert "Ask by e-mail" not in html

    def test_the_hours_are_the_stand_ins_own_and_count_towards_no_certificate(
        self, client: Client, ours: Published, first: Session, leads: StandIn, reserve: Enrolment, move_clock: Callable
    ) -> None:
        assert stood_in(ours.circle.cohort) == []
        move_clock(dt.date(2026, 10, 20))
        record_all(session=first, came=[one.pk for one in ours.members], by=reserve.user)
        own = stood_in(ours.circle.cohort)
        assert [(one.enrolment, one.sessions, one.hours) for one in own] == [(reserve, 1, 1.5)]
        assert "Who has stood in so far" in client.get(self.url("session_stand_in", first)).content.decode()
        assert with_attendance(ours.circle.cohort).get(pk=reserve.pk).came == 0
