"""What a stand-in is reminded of, and whom a session in its way is said to."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from circles.models import Session, StandIn
from circles.selectors.stand_ins import clashes
from circles.services import series, sessions
from circles.services.attendance import record_all
from circles.services.reminders import queue_due_reminders
from cohorts.reminders import for_rule
from cohorts.services import default_reminder_rules
from outbox.delivery import deliver_all
from participants.models import Enrolment
from tests.circles.circle import Published
from tests.circles.standing_in.asking import kinds_to
from tests.factories import CircleFactory, MembershipFactory

pytestmark = pytest.mark.django_db


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
