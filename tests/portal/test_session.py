"""One session on the page and by the links in mail."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles import links
from circles.models import AgendaVote, Attendance, Session
from circles.services import agenda, sessions, stand_ins
from outbox.models import Message
from tests.circles.circle import Published, published
from tests.factories import EnrolmentFactory

FORM = {
    "day": "2026-10-14", "time": "09:15", "minutes": "60", "mode": "in_person", "place": "Room 5", "join_url": "",
}  # fmt: skip


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


@pytest.fixture
def first(ours: Published) -> Session:
    return ours.circle.sessions.get(number=1)


def url(name: str, session: Session) -> str:
    return reverse(f"portal:{name}", args=[session.pk])


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_member_answers_and_changes_their_mind(client: Client, ours: Published, first: Session) -> None:
    me = ours.members[0]
    client.force_login(me.user)
    client.post(url("reply_session", first), {"reply": "yes"})
    assert "You said: I will come" in text(client, url("session", first))
    client.post(url("reply_session", first), {"reply": "no"})
    assert Attendance.objects.get(enrolment=me).reply == "no"


def test_a_lead_who_cannot_come_is_led_to_a_way_out(client: Client, ours: Published, first: Session) -> None:
    client.force_login(ours.lead.user)
    assert "If you can’t lead it" in text(client, url("session", first))
    said = client.post(url("reply_session", first), {"reply": "no"}, follow=True).content.decode()
    assert "You lead it: choose what is to become of the session" in said
    assert said.index("You can’t come: who leads it?") < said.index("What members have said")
    assert url("move_session", first) in said
    page = f"{url('session', first)}#lead"
    assert page in client.get(reverse("portal:home")).content.decode()
    other = EnrolmentFactory(cohort=ours.circle.cohort, role="mentor")
    stand_ins.ask_stand_in(session=first, enrolment=other, by=ours.lead.user)
    said = client.post(url("reply_session", first), {"reply": "no"}, follow=True).content.decode()
    assert "choose what is to become of the session" not in said  # somebody is asked already
    assert page not in client.get(reverse("portal:home")).content.decode()
    assert "is asked to lead it" in text(client, url("session", first))


def test_what_the_circle_wants_to_talk_about_stands_on_the_sessions_to_come(
    client: Client, ours: Published, first: Session, count_queries: Callable
) -> None:
    me = ours.members[0]
    client.force_login(me.user)
    text(client, url("session", first))
    before = count_queries(lambda: text(client, url("session", first)))
    done = agenda.add_item(circle=ours.circle, text="Done with", enrolment=me)
    agenda.set_done(item=done, done=True, enrolment=me)
    agenda.add_item(circle=ours.circle, text="Asked first", enrolment=me)
    liked = agenda.add_item(circle=ours.circle, text="Liked most", enrolment=me)
    AgendaVote.objects.create(item=liked, enrolment=me)
    assert count_queries(lambda: text(client, url("session", first))) == before
    page = text(client, url("session", first))
    assert page.index("Liked most") < page.index("Asked first")
    assert "Done with" not in page


def test_an_answer_that_is_none_is_refused_in_words(client: Client, ours: Published, first: Session) -> None:
    client.force_login(ours.members[0].user)
    response = client.post(url("reply_session", first), {"reply": "perhaps"}, follow=True)
    assert "Choose one of the three answers." in response.content.decode()
    assert not Attendance.objects.exists()


def test_only_the_lead_sees_the_forecast_and_only_as_counts(client: Client, ours: Published, first: Session) -> None:
    sessions.reply(session=first, enrolment=ours.members[0], reply="yes")
    client.force_login(ours.lead.user)
    html = text(client, url("session", first))
    assert "1 coming, 1 has not answered" in html
    assert ours.members[0].user.get_full_name() not in html
    client.force_login(ours.members[1].user)
    assert "1 coming" not in text(client, url("session", first))


class TestMoving:
    def test_the_form_shows_what_is(self, client: Client, ours: Published, first: Session) -> None:
        client.force_login(ours.lead.user)
        html = text(client, url("move_session", first))
        assert 'value="2026-10-13"' in html
        assert 'value="12:30"' in html

    def test_moving(self, client: Client, ours: Published, first: Session) -> None:
        client.force_login(ours.lead.user)
        response = client.post(url("move_session", first), FORM, follow=True)
        assert "everyone is sent the change" in response.content.decode()
        first.refresh_from_db()
        assert first.starts_at == dt.datetime(2026, 10, 14, 8, 15, tzinfo=dt.UTC)
        assert (first.minutes, first.mode, first.place, first.sequence) == (60, "in_person", "Room 5", 1)
        assert Message.objects.count() == 3

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"day": ""}, "Enter the day of the session."),
            ({"day": "2026-08-14"}, "Choose a time that is still to come."),
            ({"day": "2027-03-28", "time": "01:30"}, "there is no 1:30am on 28 March 2027"),
            ({"day": "2026-10-25", "time": "01:30"}, "happens twice"),
            ({"day": "2026-11-10", "time": "12:00"}, "Session 2 is at that time already"),
            ({"day": "2028-01-05"}, "when the programme closes"),
            ({"minutes": "5"}, "at least 15 minutes"),
            ({"place": ""}, "Enter where you meet."),
            ({"join_url": "nonsense"}, "Enter a whole web address"),
        ],
    )
    def test_a_mistake_is_said_and_what_was_typed_is_kept(
        self, client: Client, ours: Published, first: Session, change: dict[str, str], words: str
    ) -> None:
        client.force_login(ours.lead.user)
        response = client.post(url("move_session", first), FORM | change)
        html = response.content.decode()
        assert response.status_code == 200
        assert words in html
        assert 'value="60"' in html or "minutes" in change
        first.refresh_from_db()
        assert first.sequence == 0

    def test_adding(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        client.post(reverse("portal:add_session", args=[ours.circle.pk]), FORM)
        assert ours.circle.sessions.get(number=7).place == "Room 5"


def test_cancelling_asks_first(client: Client, ours: Published, first: Session) -> None:
    client.force_login(ours.lead.user)
    assert "Cancel it for everyone?" in text(client, url("cancel_session", first))
    first.refresh_from_db()
    assert first.state == "planned"
    client.post(url("cancel_session", first))
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert "This session is cancelled" in text(client, url("session", first))


@pytest.mark.parametrize("name", ["move_session", "cancel_session", "session_attendance"])
def test_what_only_the_lead_does_does_not_exist_for_members(
    client: Client, ours: Published, first: Session, name: str
) -> None:
    client.force_login(ours.members[0].user)
    assert client.get(url(name, first)).status_code == 404
    assert client.post(url(name, first), FORM).status_code == 404


def test_another_circles_session_does_not_exist(client: Client, ours: Published, first: Session) -> None:
    client.force_login(published(dt.date(2026, 10, 1)).lead.user)
    for name in ("session", "move_session", "cancel_session", "session_attendance"):
        assert client.get(url(name, first)).status_code == 404
    for name in ("reply_session", "session_i_came"):
        assert client.post(url(name, first), {"reply": "yes"}).status_code == 404


class TestAttendance:
    def test_the_lead_ticks_who_came(
        self, client: Client, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        move_clock(dt.date(2026, 10, 14))
        client.force_login(ours.lead.user)
        client.post(url("session_attendance", first), {"came": [str(ours.members[0].pk), str(ours.lead.pk)]})
        facts = dict(Attendance.objects.values_list("enrolment_id", "attended"))
        assert facts == {ours.members[0].pk: True, ours.lead.pk: True, ours.members[1].pk: False}
        assert text(client, url("session_attendance", first)).count(" checked") == 2

    def test_a_stranger_cannot_be_ticked(
        self, client: Client, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        stranger = published(dt.date(2026, 10, 1)).members[0]
        move_clock(dt.date(2026, 10, 14))
        client.force_login(ours.lead.user)
        assert client.post(url("session_attendance", first), {"came": [str(stranger.pk)]}).status_code == 200
        assert not Attendance.objects.exists()

    def test_not_before_the_session(self, client: Client, ours: Published, first: Session) -> None:
        client.force_login(ours.lead.user)
        response = client.post(url("session_attendance", first), {"came": []})
        assert "once the session has started" in response.content.decode()

    def test_a_member_says_so_with_one_tap(
        self, client: Client, ours: Published, first: Session, move_clock: Callable
    ) -> None:
        move_clock(dt.date(2026, 10, 14))
        client.force_login(ours.members[0].user)
        assert "I was there" in text(client, url("session", first))
        client.post(url("session_i_came", first))
        assert "You were there" in text(client, url("session", first))


class TestLinksInMail:
    def link(self, name: str, ours: Published, session: Session) -> str:
        return reverse(f"portal:{name}", args=[links.token(session, ours.members[0])])

    def test_opening_the_link_changes_nothing_and_answering_does(
        self, client: Client, ours: Published, first: Session
    ) -> None:
        address = self.link("reply_by_link", ours, first)
        assert "Nothing is saved until you press a button." in text(client, address)
        client.head(address)
        assert not Attendance.objects.exists()
        client.post(address, {"reply": "maybe"})
        assert Attendance.objects.get().reply == "maybe"
        assert "You said: I’m not sure yet" in text(client, address)

    def test_a_link_with_an_answer_chooses_it_and_saves_nothing(
        self, client: Client, ours: Published, first: Session
    ) -> None:
        address = self.link("reply_by_link", ours, first)
        html = text(client, f"{address}?answer=no")
        assert "Your answer: “I can’t come”" in html
        assert 'value="no" class="btn btn-primary">Save this answer' in html
        assert html.count('value="no"') == 1  # the others only, and none of them solid
        assert html.count("btn-primary") == 1
        assert "{#" not in html
        assert "Save this answer" not in text(client, f"{address}?answer=perhaps")
        assert not Attendance.objects.exists()

    def test_the_address_tells_nothing(self, ours: Published, first: Session) -> None:
        token = links.token(first, ours.members[0])
        assert "@" not in token
        assert ours.members[0].user.last_name not in token

    def test_a_changed_link_opens_nothing(self, client: Client, ours: Published, first: Session) -> None:
        token = links.token(first, ours.members[0])
        for bad in (token[:-1], token + "x", "nonsense"):
            for name in ("reply_by_link", "join_session", "event_by_link"):
                response = client.get(reverse(f"portal:{name}", args=[bad]))
                assert response.status_code == 404
                assert "This link does not work any more" in response.content.decode()

    def test_who_has_left_cannot_answer_or_join(self, client: Client, ours: Published, first: Session) -> None:
        ours.members[0].memberships.update(left_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
        assert client.post(self.link("reply_by_link", ours, first), {"reply": "yes"}).status_code == 404
        assert client.get(self.link("join_session", ours, first)).status_code == 404

    def test_joining_leads_to_wherever_the_meeting_is_now(
        self, client: Client, ours: Published, first: Session
    ) -> None:
        address = self.link("join_session", ours, first)
        assert "The meeting link is not there yet" in text(client, address)
        sessions.set_meeting_link(circle=ours.circle, join_url="https://meet.example/a", by=ours.lead.user)
        assert client.get(address)["Location"] == "https://meet.example/a"
        sessions.move_session(session=first, by=ours.lead.user, join_url="https://meet.example/b")
        assert client.get(address)["Location"] == "https://meet.example/b"

    @pytest.mark.parametrize("name", ["reply_by_link", "join_session"])
    def test_after_a_cancellation_there_is_nothing_to_do(
        self, client: Client, ours: Published, first: Session, name: str
    ) -> None:
        sessions.cancel_session(session=first, by=ours.lead.user)
        assert "This session is cancelled" in text(client, self.link(name, ours, first))
