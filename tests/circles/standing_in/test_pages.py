"""What the mentor, the stand-in and the programme team see and do, and for how long."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from circles import links
from circles.models import Attendance, Session, StandIn
from circles.selectors.people import with_attendance
from circles.selectors.stand_ins import stood_in
from circles.services import sessions, stand_ins
from circles.services.attendance import record_all
from outbox.delivery import deliver_all
from participants.models import Enrolment
from portal.home import home_of
from tests.circles.circle import Published
from tests.circles.standing_in.asking import kinds_to
from tests.factories import EnrolmentFactory, StaffFactory

pytestmark = pytest.mark.django_db


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
        assert "The programme’s rules don’t allow it for this circle." in html
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
