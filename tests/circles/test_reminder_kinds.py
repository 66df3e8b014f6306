"""The other reminders of circles: who was there, a month without a session, and a coordinator's summary."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts.clock import LONDON
from circles.models import Attendance, Circle, Session
from circles.services import sessions
from circles.services.attendance import record_attendance
from circles.services.digests import queue_coordinator_digests
from circles.services.nudges import queue_nudges
from circles.services.reminders import queue_due_reminders
from circles.tasks.reminders import queue_reminders
from cohorts.models import Cohort, ReminderRule
from cohorts.reminders import When, for_rule, log_missed
from cohorts.services import default_reminder_rules
from outbox.delivery import deliver_all
from outbox.models import Message, OptOut, State
from tests.circles.circle import Published, published
from tests.factories import CohortFactory, CoordinatorFactory, NominationFactory, ParticipationFactory

# The first session is on Tuesday 13 October 2026 at 12:30.
LAUNCH = dt.date(2026, 10, 1)


def at(day: int, hour: int = 14, minute: int = 1, month: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(LAUNCH, members=3)
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


def rule_of(cohort: Cohort, kind: str) -> ReminderRule:
    return cohort.reminder_rules.filter(kind=kind).select_related("cohort").latest("days")


def addresses(kind: str, **which: object) -> list[str]:
    return sorted(Message.objects.filter(kind=kind, **which).values_list("address", flat=True))


class TestAttendance:
    KIND = "circles.session_attendance"

    def test_a_day_later_those_of_whom_nobody_has_said(
        self, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        move_clock(at(13))
        queue_due_reminders()
        record_attendance(session=first, enrolment=ours.members[0], attended=False, by=ours.lead.user)
        move_clock(at(14, hour=13))
        queue_due_reminders()
        assert addresses(self.KIND) == []
        move_clock(at(14))
        queue_due_reminders()
        assert addresses(self.KIND) == sorted(e.user.email for e in [ours.lead, *ours.members[1:]])
        queue_due_reminders()
        assert len(addresses(self.KIND)) == 3

    def test_the_link_asks_and_one_tap_answers(
        self, ours: Published, first: Session, move_clock: Callable, client: Client
    ) -> None:
        move_clock(at(14))
        queue_due_reminders()
        deliver_all()
        me = ours.members[0]
        (sent,) = [m for m in mail.outbox if me.user.email in m.to[0] and m.subject.startswith("Were you there?")]
        (link,) = [line for line in sent.body.splitlines() if "/were-you-there/" in line]
        page = client.get(link.partition("8000")[2])
        assert page.status_code == 200
        assert not Attendance.objects.exists()
        client.post(link.partition("8000")[2], {"there": "perhaps"})
        assert not Attendance.objects.exists()
        client.post(link.partition("8000")[2], {"there": "no"})
        fact = Attendance.objects.get()
        assert (fact.enrolment, fact.attended, fact.recorded_by) == (me, False, me.user)

    def test_what_somebody_else_recorded_is_not_contradicted(
        self, ours: Published, first: Session, move_clock: Callable, client: Client
    ) -> None:
        from circles import links

        move_clock(at(14))
        me = ours.members[0]
        record_attendance(session=first, enrolment=me, attended=False, by=ours.lead.user)
        page = client.post(f"/were-you-there/{links.token(first, me)}/", {"there": "yes"}, follow=True)
        assert "has been recorded already" in page.content.decode()
        assert Attendance.objects.get().attended is False

    def test_one_that_waits_loses_its_reason(self, ours: Published, first: Session, move_clock: Callable) -> None:
        move_clock(at(14))
        queue_due_reminders()
        record_attendance(session=first, enrolment=ours.members[0], attended=True, by=ours.lead.user)
        deliver_all()
        skipped = Message.objects.get(kind=self.KIND, recipient=ours.members[0].user)
        assert (skipped.state, skipped.reason) == (State.SKIPPED, "Whether they were there is recorded already.")


class TestNoSession:
    KIND = "circles.no_session"

    @pytest.fixture
    def bare(self, ours: Published) -> Circle:
        """A circle whose sessions of October and November are cancelled."""
        ours.circle.sessions.filter(number__in=[1, 2]).update(state="cancelled")
        return ours.circle

    def test_who_leads_is_reminded_once_a_month(self, ours: Published, bare: Circle, move_clock: Callable) -> None:
        for day in (3, 6):
            move_clock(at(day, hour=9, month=11))
            for _ in range(2):
                queue_nudges()
        assert addresses(self.KIND) == [ours.lead.user.email]
        deliver_all()
        (sent,) = [m for m in mail.outbox if "No mentoring session" in m.subject]
        assert sent.subject == "No mentoring session in November 2026 yet"

    def test_not_with_a_session_nor_outside_the_months_of_meeting(self, ours: Published, move_clock: Callable) -> None:
        for month in range(9, 13):
            move_clock(at(7, hour=9, month=month))
            queue_nudges()
        assert addresses(self.KIND) == []

    def test_one_that_waits_loses_its_reason(self, ours: Published, bare: Circle, move_clock: Callable) -> None:
        move_clock(at(5, hour=9, month=11))
        queue_nudges()
        sessions.add_session(circle=bare, by=ours.lead.user, starts_at=at(24, month=11))
        deliver_all()
        assert Message.objects.get(kind=self.KIND).reason == "There is a session in this month by now."


class TestCoordinator:
    KIND = "circles.coordinator_digest"

    @pytest.fixture
    def coordinator(self, move_clock: Callable) -> object:
        move_clock(dt.date(2026, 6, 30))
        cohort = CohortFactory(launch=LAUNCH)
        default_reminder_rules(cohort)
        participation = ParticipationFactory(cohort=cohort, places={"mentee": 2, "mentor": 1})
        NominationFactory(participation=participation, first_name="Nia", last_name="_Stern_")
        NominationFactory(participation=participation, state="accepted", first_name="Amal", last_name="Done")
        return CoordinatorFactory(organisation=participation.organisation)

    def test_once_a_month_with_places_and_who_has_not_answered(self, coordinator: object, move_clock: Callable) -> None:
        for day in (1, 2, 3):
            move_clock(at(day, hour=9, month=7))
            queue_coordinator_digests()
        assert addresses(self.KIND) == [coordinator.user.email]
        deliver_all()
        (sent,) = mail.outbox
        assert "Mentee places: 2 of 2 used, 1 of them accepted" in sent.body
        assert "- Nia _Stern_" in sent.body
        assert "Amal" not in sent.body
        html = next(str(body) for body, kind in sent.alternatives if kind == "text/html")
        assert "<em>" not in html

    def test_nothing_about_who_comes_to_sessions(self, coordinator: object, move_clock: Callable) -> None:
        move_clock(at(1, hour=9, month=7))
        queue_coordinator_digests()
        deliver_all()
        assert "attended" not in mail.outbox[0].body

    def test_not_when_there_is_nothing_to_do(self, coordinator: object, move_clock: Callable) -> None:
        participation = coordinator.organisation.participations.get()
        participation.places.filter(nomination=None).delete()
        participation.nominations.update(state="accepted")
        move_clock(at(1, hour=9, month=7))
        assert queue_coordinator_digests() == 0

    def test_not_once_recruitment_is_over(self, coordinator: object, move_clock: Callable) -> None:
        move_clock(at(1, hour=9))
        assert queue_coordinator_digests() == 0


class TestOnePath:
    """What staff are shown is what the tick does."""

    def test_the_page_and_the_tick_name_the_same_people(
        self, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        sessions.reply(session=first, enrolment=ours.members[0], reply="no")
        OptOut.objects.create(user=ours.members[1].user, category="nudges")
        move_clock(at(6))
        rule = ours.circle.cohort.reminder_rules.get(kind="session_reply", days=7)
        verdicts = {verdict.to: verdict for verdict in for_rule(rule)}
        assert {who: v.why for who, v in verdicts.items()} == {
            ours.lead.user: "",
            ours.members[0].user: "They have said that they can’t come.",
            ours.members[1].user: "They have asked not to get mail of this kind.",
            ours.members[2].user: "",
        }
        queue_due_reminders()
        now = sorted(who.email for who, verdict in verdicts.items() if verdict.when == When.NOW)
        assert addresses("circles.session_reply") == now
        assert all("They have had it" in v.why for v in for_rule(rule) if v.to.email in now)

    def test_before_its_day_it_says_when(self, ours: Published, move_clock: Callable) -> None:
        rule = ours.circle.cohort.reminder_rules.get(kind="session_reply", days=7)
        assert {v.why for v in for_rule(rule)} == {"It leaves on Tuesday 6 October 2026, 12:30pm (UK\u00a0time)."}
        assert {v.when for v in for_rule(rule)} == {When.LATER}

    def test_it_says_the_same_before_the_rule_is_switched_on(self, ours: Published, move_clock: Callable) -> None:
        move_clock(at(6))
        rule = ours.circle.cohort.reminder_rules.get(kind="session_reply", days=7)
        shown = [(v.to, v.when, v.why) for v in for_rule(rule)]
        ReminderRule.objects.update(enabled=False)
        rule.refresh_from_db()
        assert [(v.to, v.when, v.why) for v in for_rule(rule)] == shown
        assert queue_due_reminders() == 0

    def test_the_rules_own_time_of_day(self, ours: Published, move_clock: Callable) -> None:
        ours.circle.cohort.reminder_rules.filter(days=7).update(at=dt.time(9, 15))
        move_clock(at(6, hour=9, minute=14))
        assert queue_due_reminders() == 0
        move_clock(at(6, hour=9, minute=16))
        assert queue_due_reminders() == 4

    def test_each_nation_has_its_own_bank_holidays(self, ours: Published, move_clock: Callable) -> None:
        """2 August 2027 is a Monday on which Scotland does not work, and the 30th is England's."""
        cohort = ours.circle.cohort
        rule = ReminderRule(cohort=cohort, kind="session_coming", days=1)
        from cohorts.reminders import before

        starts = dt.datetime(2027, 8, 3, 17, tzinfo=LONDON)
        assert before(starts, rule) == starts - dt.timedelta(days=1)
        cohort.bank_holidays = "SCT"
        assert before(starts, rule) == dt.datetime(2027, 8, 3, 8, tzinfo=LONDON)


class TestAfterAnOutage:
    def test_three_days_of_silence_and_only_what_still_helps(
        self, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        sessions.reply(session=first, enrolment=ours.members[0], reply="yes")
        move_clock(at(12, hour=13))  # nothing ran since September: the reminders of 14 and 7 days are too late
        queue_reminders()
        assert addresses("circles.session_reply") == []
        assert addresses("circles.session_coming") == [ours.members[0].user.email]

    def test_what_was_missed_is_written_down_and_not_sent(self, ours: Published, move_clock: Callable) -> None:
        move_clock(at(12, hour=13))
        assert log_missed("session_reply") == 8  # two rules, four people
        assert log_missed("session_reply") == 0
        assert set(Message.objects.values_list("state", flat=True)) == {State.SKIPPED}
        assert "its time had gone by" in Message.objects.first().reason
        deliver_all()
        assert mail.outbox == []

    def test_what_was_sent_in_time_was_not_missed(self, ours: Published, move_clock: Callable) -> None:
        ours.circle.cohort.reminder_rules.filter(days=14).delete()
        move_clock(at(6))
        queue_reminders()
        move_clock(at(10))
        assert log_missed("session_reply", "session_coming") == 0
