"""Who may be asked to stand in, what they answer, and their calendar."""

import datetime as dt
from collections.abc import Callable

import icalendar
import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction

from circles.models import KeptApart, Session, StandIn
from circles.selectors.feeds import calendar_of, has_meetings
from circles.selectors.stand_ins import candidates, leader_in, stand_in_of
from circles.services import sessions, stand_ins
from circles.services.membership import add_to_circle, leave_circle, withdraw
from circles.services.sessions import SessionError
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.circle import Published
from tests.circles.standing_in.asking import ask, entries, kinds_to
from tests.factories import CircleFactory, EnrolmentFactory, MembershipFactory

pytestmark = pytest.mark.django_db


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
        with pytest.raises(SessionError, match="rules don’t allow it for this circle"):
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

    def test_fellows_are_not_told_where_somebody_works(self, ours: Published, first: Session) -> None:
        colleague = EnrolmentFactory(
            cohort=ours.circle.cohort, role="mentor", organisation=ours.members[0].organisation
        )
        [found] = [one for one in candidates(first) if one.enrolment == colleague]
        assert found.why_not == "works for the same organisation as somebody in it"
        assert found.why_not_to_fellows == "the programme’s rules don’t allow it for this circle"

    def test_who_is_kept_apart_from_a_member(self, ours: Published, first: Session, reserve: Enrolment) -> None:
        low, high = sorted([ours.members[0], reserve], key=lambda one: one.pk)
        KeptApart.objects.create(cohort=ours.circle.cohort, first=low, second=high)
        with pytest.raises(SessionError, match="rules don’t allow it for this circle") as refusal:
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
        with pytest.raises(SessionError, match="rules don’t allow it"):
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
