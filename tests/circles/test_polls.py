"""Polls: dates proposed, answered and chosen."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.clock import LONDON
from circles import links
from circles.emails.polls import poll_reminder_due
from circles.models import Poll, PollAnswer, Session
from circles.selectors.polls import Row, best_date, grid, options
from circles.services import polls, sessions
from circles.services.sessions import SessionError
from outbox.delivery import deliver_all
from outbox.models import Message
from participants.models import Enrolment, Unavailability
from portal.home import home_of
from privacy.models import AuditEvent
from tests.circles.circle import Published, published
from tests.factories import StaffFactory
from tests.staff.acting import act
from ui.dates import uk_date


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


STARTS = [at("2026-10-14T12:30"), at("2026-10-15T09:30"), at("2026-10-20T12:30")]
CLOSES = at("2026-09-30T23:59")


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
def poll(ours: Published, first: Session) -> Poll:
    return polls.open_poll(circle=ours.circle, session=first, starts=STARTS, closes_at=CLOSES, by=ours.lead.user)


def say(poll: Poll, who: Enrolment, *answers: str) -> None:
    said = {date.pk: answer for date, answer in zip(poll.dates.all(), answers, strict=True)}
    polls.answer_poll(poll=poll, enrolment=who, answers=said)


def kinds() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


def test_everybody_but_who_asks_is_asked(poll: Poll) -> None:
    assert kinds() == ["circles.poll_opened"] * 2


def test_who_can_come_to_what(ours: Published, poll: Poll) -> None:
    say(poll, ours.members[0], "yes", "no", "if_need_be")
    say(poll, ours.members[0], "no", "yes", "if_need_be")
    say(poll, ours.lead, "yes", "yes", "no")
    Unavailability.objects.create(enrolment=ours.members[1], starts=dt.date(2026, 10, 14), ends=dt.date(2026, 10, 14))
    one, two, three = options(poll, ours.lead.user)
    assert (one.yes, len(one.no), one.away) == (["You"], 1, 1)
    assert (len(two.yes), two.no, two.away) == (2, [], 0)
    assert len(three.if_need_be) == 1


def test_choosing_moves_the_session_and_the_invitation_tells(ours: Published, first: Session, poll: Poll) -> None:
    polls.choose_date(date=poll.dates.all()[1], by=ours.lead.user)
    first.refresh_from_db()
    assert (first.starts_at, first.sequence) == (STARTS[1], 1)
    assert kinds().count("circles.session_invited") == 3
    with pytest.raises(SessionError, match="decided already"):
        polls.choose_date(date=poll.dates.all()[0], by=ours.lead.user)


def test_choosing_for_a_new_session_adds_it(ours: Published) -> None:
    poll = polls.open_poll(circle=ours.circle, session=None, starts=STARTS, closes_at=CLOSES, by=ours.lead.user)
    added = polls.choose_date(date=poll.dates.all()[2], by=ours.lead.user)
    assert (added.number, added.starts_at, added.minutes) == (7, STARTS[2], 90)


def test_cancelling_the_session_ends_its_poll(ours: Published, first: Session, poll: Poll) -> None:
    sessions.cancel_session(session=first, by=ours.lead.user)
    poll.refresh_from_db()
    assert poll.decided_at
    assert "circles.poll_ended" not in kinds()
    polls.open_poll(circle=ours.circle, session=None, starts=STARTS, closes_at=CLOSES, by=ours.lead.user)


def test_taking_back_moves_nothing_and_makes_room_for_another(ours: Published, first: Session, poll: Poll) -> None:
    with pytest.raises(SessionError, match="proposed already"):
        polls.open_poll(circle=ours.circle, session=None, starts=STARTS, closes_at=CLOSES, by=ours.lead.user)
    polls.take_back(poll=poll, by=ours.lead.user)
    first.refresh_from_db()
    assert first.sequence == 0
    polls.open_poll(circle=ours.circle, session=None, starts=STARTS, closes_at=CLOSES, by=ours.lead.user)


@pytest.mark.parametrize(
    ("starts", "closes", "words"),
    [
        (STARTS[:1], CLOSES, "two to five"),
        ([STARTS[0]] * 2, CLOSES, "each date once"),
        ([STARTS[0], at("2026-11-10T12:30")], CLOSES, "Session 2 is at that time already"),
        ([STARTS[0], at("2026-08-10T12:30")], CLOSES, "still to come"),
        (STARTS, at("2026-10-14T23:59"), "before the first"),
        (STARTS, at("2026-08-30T23:59"), "still to come"),
    ],
)
def test_what_cannot_be_asked(
    ours: Published, first: Session, starts: list[dt.datetime], closes: dt.datetime, words: str
) -> None:
    with pytest.raises(SessionError, match=words):
        polls.open_poll(circle=ours.circle, session=first, starts=starts, closes_at=closes, by=ours.lead.user)
    assert not Message.objects.exists()


def test_after_the_deadline_nobody_answers_and_the_lead_still_chooses(
    ours: Published, poll: Poll, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 10, 1))
    with pytest.raises(SessionError, match="any more"):
        say(poll, ours.members[0], "yes", "yes", "yes")
    assert polls.choose_date(date=poll.dates.all()[0], by=ours.lead.user).starts_at == STARTS[0]


def test_who_is_silent_is_reminded_once(ours: Published, poll: Poll, move_clock: Callable) -> None:
    say(poll, ours.members[0], "yes", "yes", "yes")
    assert polls.queue_poll_reminders() == 0
    move_clock(dt.date(2026, 9, 29))
    assert polls.queue_poll_reminders() == 1
    assert polls.queue_poll_reminders() == 0
    reminder = Message.objects.get(kind="circles.poll_reminder")
    assert reminder.recipient == ours.members[1].user
    assert poll_reminder_due(reminder) == ""
    say(poll, ours.members[1], "no", "no", "no")
    assert poll_reminder_due(reminder) == "They have answered since."


class TestOnThePage:
    def test_a_mentor_proposes_dates_for_a_session(self, client: Client, ours: Published, first: Session) -> None:
        client.force_login(ours.lead.user)
        address = reverse("portal:propose_dates", args=[ours.circle.pk]) + f"?session={first.pk}"
        data = {"day1": "2026-10-14", "time1": "12:30", "day2": "2026-10-15", "time2": "09:30", "closes": "2026-09-30"}
        bad = client.post(address, data | {"day2": "2026-10-25", "time2": "01:30"}).content.decode()
        assert "happens twice" in bad
        html = client.post(address, data, follow=True).content.decode()
        assert "Everyone is asked by e-mail" in html
        assert Poll.objects.get().session == first
        assert "Choose this date" in html

    def test_a_member_answers_and_cannot_choose(self, client: Client, ours: Published, poll: Poll) -> None:
        client.force_login(ours.members[0].user)
        address = reverse("portal:poll", args=[poll.pk])
        assert "Choose this date" not in client.get(address).content.decode()
        data = {f"date-{date.pk}": "yes" for date in poll.dates.all()}
        client.post(address, data)
        assert PollAnswer.objects.count() == 3
        date = poll.dates.first()
        decide = reverse("portal:decide_poll", args=[poll.pk])
        assert client.post(decide, {"date": str(date.pk)}).status_code == 404
        # Who leads is asked before all the dates are taken back, and a date that is not there takes none back.
        client.force_login(ours.lead.user)
        assert "you would ask afresh" in client.get(decide).content.decode()
        assert client.post(decide, {"date": "gone"}).status_code == 404
        poll.refresh_from_db()
        assert poll.decided_at is None

    def test_the_link_in_the_mail_takes_answers_and_opening_it_changes_nothing(
        self, client: Client, ours: Published, poll: Poll
    ) -> None:
        address = reverse("portal:poll_by_link", args=[links.token(poll, ours.members[0])])
        html = client.get(address).content.decode()
        assert ours.lead.user.last_name not in html
        assert not PollAnswer.objects.exists()
        client.post(address, {f"date-{date.pk}": "no" for date in poll.dates.all()})
        assert PollAnswer.objects.filter(answer="no").count() == 3

    def test_every_date_has_to_be_answered(self, client: Client, ours: Published, poll: Poll) -> None:
        client.force_login(ours.members[0].user)
        data = {f"date-{poll.dates.all()[0].pk}": "yes"}
        html = client.post(reverse("portal:poll", args=[poll.pk]), data).content.decode()
        assert f"Say whether you can come on {uk_date(poll.dates.all()[1].starts_at)}." in html
        assert not PollAnswer.objects.exists()


def test_the_home_page_asks_for_an_answer_until_there_is_one(ours: Published, poll: Poll, move_clock: Callable) -> None:
    def asked(one: Enrolment) -> bool:
        return any(step.title == "Which date suits you?" for step in home_of(one.user).steps)

    assert [asked(one) for one in ours.everybody] == [False, True, True]
    say(poll, ours.members[0], "yes", "yes", "yes")
    assert [asked(one) for one in ours.everybody] == [False, False, True]
    move_clock(dt.date(2026, 10, 1))
    assert not asked(ours.members[1])


def test_staff_choose_in_the_mentors_place(client: Client, ours: Published, first: Session, poll: Poll) -> None:
    say(poll, ours.members[0], "no", "if_need_be", "yes")
    say(poll, ours.members[1], "yes", "if_need_be", "if_need_be")
    assert best_date(poll).starts_at == STARTS[2]
    client.force_login(StaffFactory())
    act(client, reverse("admin:circles_poll_changelist"), "choose", [poll])
    first.refresh_from_db()
    assert first.starts_at == STARTS[2]
    page = client.get(reverse("admin:circles_poll_change", args=[poll.pk])).content.decode()
    assert ours.members[0].user.last_name not in page


class TestStaffOverride:
    @pytest.fixture(autouse=True)
    def staff(self, client: Client, poll: Poll) -> None:
        client.force_login(StaffFactory(role="manager"))

    def decide(self, client: Client, poll: Poll, **values: str) -> str:
        address = reverse("admin:decide_circle_poll", args=[poll.pk])
        return client.post(address, {"because": "The room is free then.", **values}, follow=True).content.decode()

    def told(self) -> list[str]:
        mail.outbox.clear()
        deliver_all()
        return [one.body for one in mail.outbox if "The dates proposed" in one.subject]

    def test_any_date_with_a_reason_that_everybody_is_told(
        self, client: Client, ours: Published, first: Session, poll: Poll
    ) -> None:
        assert "Enter the day." in self.decide(client, poll, what="another")
        html = self.decide(client, poll, what="another", day="2026-10-30", time="09:15", because=" ")
        assert "Say why, in a few words" in html
        self.decide(client, poll, what="another", day="2026-10-30", time="09:15")
        first.refresh_from_db()
        poll.refresh_from_db()
        assert (first.starts_at, poll.because) == (at("2026-10-30T09:15"), "The room is free then.")
        assert self.told() == []
        invited = [one for one in mail.outbox if "session 1" in one.subject]
        assert [len(invited), len({one.to[0] for one in invited})] == [len(ours.everybody)] * 2
        assert all("Friday 30 October 2026, 9:15am" in one.body for one in invited)
        assert all("**" not in one.body and "Why: The room is free then." in one.body for one in invited)
        sessions.move_session(session=first, by=ours.lead.user, starts_at=at("2026-10-31T09:15"))
        first.refresh_from_db()
        assert first.because == ""
        assert "has been decided already" in self.decide(client, poll, what="take_back")

    def test_one_of_the_proposed_dates(self, client: Client, first: Session, poll: Poll) -> None:
        date = poll.dates.all()[1]
        self.decide(client, poll, what=str(date.pk))
        date.refresh_from_db()
        first.refresh_from_db()
        assert date.chosen
        assert first.starts_at == STARTS[1]

    def test_the_date_that_it_has_is_chosen_and_everybody_is_told_that_it_stays(
        self, client: Client, ours: Published, first: Session, poll: Poll
    ) -> None:
        self.decide(client, poll, what="another", day="2026-10-13", time="12:30")
        assert "circles.session_invited" not in kinds()
        bodies = self.told()
        assert len(bodies) == len(ours.everybody)
        assert all("stays where it is: Tuesday 13 October 2026, 12:30pm" in body for body in bodies)
        assert all("Why: The room is free then." in body for body in bodies)

    def test_a_closed_day_has_to_be_confirmed_and_the_trail_says_so(
        self, client: Client, ours: Published, first: Session, poll: Poll
    ) -> None:
        holiday = {"what": "another", "day": "2026-12-25", "time": "12:30"}
        assert "Christmas Day" in self.decide(client, poll, **holiday)
        self.decide(client, poll, **holiday, all_the_same="2026-12-25")
        first.refresh_from_db()
        assert first.starts_at == at("2026-12-25T12:30")
        assert AuditEvent.objects.get(verb="session.moved").data["on_closed_day"] is True

    def test_no_more_answers_and_the_mentor_chooses(
        self, client: Client, ours: Published, first: Session, poll: Poll
    ) -> None:
        self.decide(client, poll, what="close")
        with pytest.raises(SessionError, match="any more"):
            say(poll, ours.members[0], "yes", "yes", "yes")
        assert all("No more answers are taken" in body for body in self.told())
        polls.choose_date(date=poll.dates.all()[0], by=ours.lead.user)

    def test_taken_back(self, client: Client, ours: Published, first: Session, poll: Poll) -> None:
        self.decide(client, poll, what="take_back")
        poll.refresh_from_db()
        assert poll.decided_at
        assert all("It stays on Tuesday 13 October 2026" in body for body in self.told())


def test_the_mentor_takes_dates_back_and_the_members_are_told(ours: Published, poll: Poll) -> None:
    polls.take_back(poll=poll, by=ours.lead.user)
    told = Message.objects.filter(kind="circles.poll_ended").values_list("recipient", flat=True)
    assert set(told) == {one.user_id for one in ours.members}


def test_the_table_has_a_row_for_everybody_and_names_as_the_circle_does(ours: Published, poll: Poll) -> None:
    say(poll, ours.members[0], "yes", "no", "if_need_be")
    rows = grid(poll, ours.members[1].user)
    assert rows[0] == Row("You", ["", "", ""])
    assert Row("Member 1", ["yes", "no", "if_need_be"]) in rows
    assert len(rows) == len(ours.everybody)


def test_a_closed_day_is_not_proposed(ours: Published, first: Session) -> None:
    starts = [STARTS[0], at("2026-12-25T12:30")]
    with pytest.raises(SessionError, match="Christmas Day"):
        polls.open_poll(circle=ours.circle, session=first, starts=starts, closes_at=CLOSES, by=ours.lead.user)
