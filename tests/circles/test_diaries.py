"""Whatever happens to circles, in whatever order: every calendar shows what the database says."""

import datetime as dt
import random
from email.utils import parseaddr

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from icalendar import Calendar

from accounts import clock
from accounts.models import User
from circles.calendar import where
from circles.models import Circle, Membership, Session
from circles.selectors.feeds import calendar_of
from circles.services import membership, sessions
from circles.services.board import FormationError
from circles.services.changes import confirm, plan_merge, plan_withdrawal
from circles.services.sessions import SessionError
from outbox.delivery import deliver_all
from participants.models import Enrolment, EnrolmentState
from tests.circles.changing import circle_of, published, standing, tuesday
from tests.circles.diary import Diary, as_sent, facts
from tests.circles.forming import enrol

ANY = st.integers(0, 99)


def uid(session: Session) -> str:
    return f"session-{session.pk}@comc.example"


class Diaries(RuleBasedStateMachine):
    """Two circles of a cohort and somebody in reserve on either side; mails that come late and in any order."""

    @initialize()
    def publish(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        clock.move_to(dt.datetime(2026, 9, 1, 12, tzinfo=clock.LONDON))
        self.cohort = published(minimum=2, target=3, session_count=2, certificate_sessions=1)
        for week in (1, 2):
            circle_of(self.cohort, 2, week=week)
        enrol(self.cohort, slots=[tuesday(self.cohort)])
        enrol(self.cohort, role="mentor", slots=[tuesday(self.cohort)])
        self.diaries: dict[str, Diary] = {}
        self.under_way: list[tuple[str, bytes]] = []
        self.read = len(mail.outbox)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            try:
                self.everything_arrives()
            finally:
                transaction.set_rollback(True)
                self.undo.__exit__(None, None, None)
                clock.forget()

    # --- what people do ---

    def _session(self, number: int) -> Session | None:
        coming = list(Session.objects.upcoming().filter(circle__cohort=self.cohort).order_by("starts_at", "pk"))
        return coming[number % len(coming)] if coming else None

    def _circle(self, number: int) -> Circle:
        found = list(Circle.objects.open().filter(cohort=self.cohort).order_by("number"))
        return found[number % len(found)]

    def _person(self, number: int, *, seated: bool, **side: str) -> Enrolment | None:
        people = self.cohort.enrolments.filter(state=EnrolmentState.ENROLLED, **side).order_by("pk")
        seats = Membership.objects.current().values("enrolment")
        found = list(people.filter(pk__in=seats) if seated else people.exclude(pk__in=seats))
        return found[number % len(found)] if found else None

    def _try(self, act: object, **values: object) -> None:
        """What the rules refuse changes nothing."""
        try:
            with transaction.atomic():
                act(by=None, **values)
        except (SessionError, FormationError):
            pass

    @rule(which=ANY, days=st.integers(-9, 20), minutes=st.sampled_from([60, 90]))
    def move(self, which: int, days: int, minutes: int) -> None:
        if session := self._session(which):
            starts = session.starts_at + dt.timedelta(days=days)
            self._try(sessions.move_session, session=session, starts_at=starts, minutes=minutes)

    @rule(which=ANY, mode=st.sampled_from(Session.Mode.values), place=st.sampled_from(["", "Room 1"]))
    def move_elsewhere(self, which: int, mode: str, place: str) -> None:
        if session := self._session(which):
            self._try(sessions.move_session, session=session, mode=mode, place=place)

    @rule(which=ANY, link=st.sampled_from(["https://meet.example/1", "https://meet.example/2"]))
    def change_link(self, which: int, link: str) -> None:
        if session := self._session(which):
            self._try(sessions.move_session, session=session, join_url=link)

    @rule(which=ANY)
    def cancel(self, which: int) -> None:
        if session := self._session(which):
            self._try(sessions.cancel_session, session=session)

    @rule(where=ANY, days=st.integers(1, 60))
    def add(self, where: int, days: int) -> None:
        starts = (clock.now() + dt.timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
        self._try(sessions.add_session, circle=self._circle(where), starts_at=starts)

    @rule(who=ANY)
    def leave(self, who: int) -> None:
        if one := self._person(who, seated=True):
            membership.leave_circle(enrolment=one, by=None)

    @rule(who=ANY, where=ANY)
    def join(self, who: int, where: int) -> None:
        """A member takes a free seat, a mentor the lead's."""
        if one := self._person(who, seated=False):
            self._try(membership.add_to_circle, enrolment=one, circle=self._circle(where))

    @rule(where=ANY)
    def change_mentor(self, where: int) -> None:
        circle = self._circle(where)
        lead = circle.memberships.current().filter(seat=Membership.LEAD_SEAT).first()
        spare = self._person(0, seated=False, role="mentor")
        if lead and spare:
            membership.leave_circle(enrolment=lead.enrolment, by=None)
            membership.add_to_circle(enrolment=spare, circle=circle, by=None)

    @rule(who=ANY)
    def withdraw(self, who: int) -> None:
        """With whatever the plan for it proposes first: another takes the seat, a circle is shared out or goes on."""
        if one := self._person(who, seated=True):
            self._confirm(lambda found: plan_withdrawal(found, enrolment=one))

    @precondition(lambda self: self.cohort.circles.open().count() == 2)
    @rule(which=ANY)
    def merge(self, which: int) -> None:
        first, second = self.cohort.circles.open()
        self._confirm(lambda now: plan_merge(now, now.circles[str(first.pk)], now.circles[str(second.pk)]), which)

    def _confirm(self, make: object, which: int = 0) -> None:
        plan = make(standing(self.cohort))
        if plan.options:
            option = plan.options[which % len(plan.options)]
            confirm(cohort=self.cohort, make=make, option=option.key, fingerprint=plan.fingerprint, by=None)

    # --- time, mail ---

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours: int) -> None:
        clock.move_to(clock.now() + dt.timedelta(hours=hours))

    @rule(seed=ANY, lost=st.integers(0, 3))
    def mail_arrives(self, seed: int, lost: int) -> None:
        """All but a few of the mails under way, in any order; some of them come later than what was sent after them."""
        self._send()
        random.Random(seed).shuffle(self.under_way)
        self.under_way, arrived = self.under_way[:lost], self.under_way[lost:]
        for address, raw in arrived:
            self.diaries.setdefault(address, Diary()).receive(raw)

    def _send(self) -> None:
        deliver_all()
        self.under_way += [(parseaddr(message.to[0])[1], as_sent(message)) for message in mail.outbox[self.read :]]
        self.read = len(mail.outbox)

    @rule(seed=ANY)
    def everything_arrives(self, seed: int = 0) -> None:
        """Then every calendar, and every feed, shows of what is to come just what the database says."""
        self.mail_arrives(seed, 0)
        for user in User.objects.filter(enrolments__cohort=self.cohort):
            mine = Session.objects.upcoming().filter(circle__in=Circle.objects.of(user))
            truth = {uid(one): (one.starts_at, one.ends_at, where(one.mode, one.place)) for one in mine}
            diary = self.diaries.get(user.email, Diary())
            assert {key: shown for key, shown in diary.shown.items() if shown[0] > clock.now()} == truth
            feed = [one for one in Calendar.from_ical(calendar_of(user)).walk("VEVENT") if one["STATUS"] != "CANCELLED"]
            coming = {str(one["UID"]): facts(one)[:2] for one in feed if one["DTSTART"].dt > clock.now()}
            assert coming == {key: times[:2] for key, times in truth.items()}
            self._numbers_agree(diary, truth)

    def _numbers_agree(self, diary: Diary, truth: dict[str, object]) -> None:
        """A calendar is never ahead of the database, or what comes next would be ignored."""
        for session in Session.objects.filter(circle__cohort=self.cohort):
            if uid(session) in diary.entries:
                assert int(diary.entries[uid(session)]["SEQUENCE"]) <= session.sequence


@pytest.mark.django_db
def test_every_calendar_shows_what_the_database_says() -> None:
    # Twelve steps can be read as they are: making them fewer would take minutes.
    size = settings(max_examples=6, stateful_step_count=12, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(Diaries, settings=size)
