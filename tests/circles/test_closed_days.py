"""Bank holidays and blocked dates: known, planned around, explained and, by hand, asked about."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock, workdays
from accounts.clock import LONDON
from circles.models import Session
from circles.services import series, sessions
from circles.services.sessions import ClosedDayError, SessionError
from cohorts import calendar
from cohorts.models import BlockedDates, Cohort
from cohorts.selectors import closed_days
from privacy.models import AuditEvent
from tests.circles.circle import Published, published
from tests.factories import SlotFactory, StaffFactory


@pytest.mark.parametrize(
    ("day", "nation", "name"),
    [
        ("2027-03-29", "ENG", "Easter Monday"),
        ("2027-03-29", "SCT", ""),
        ("2026-12-28", "ENG", "Boxing Day (substitute day)"),
        ("2028-01-03", "ENG", "New Year’s Day (substitute day)"),
        ("2026-05-04", "ENG", "Early May bank holiday"),
        ("2026-05-25", "NIR", "Spring bank holiday"),
        ("2026-08-31", "ENG", "Summer bank holiday"),
        ("2026-08-31", "SCT", ""),
        ("2026-08-03", "SCT", "Summer bank holiday"),
        ("2026-01-02", "SCT", "New Year Holiday"),
        ("2026-01-02", "ENG", ""),
        ("2026-11-30", "SCT", "St Andrew’s Day"),
        ("2026-03-17", "NIR", "St Patrick’s Day"),
        ("2026-03-17", "ENG", ""),
        ("2045-12-25", "ENG", "Christmas Day"),
    ],
)
def test_bank_holidays_of_any_year_and_nation(day: str, nation: str, name: str) -> None:
    assert workdays.bank_holiday(dt.date.fromisoformat(day), nation) == name


@pytest.mark.parametrize(
    ("moment", "opening"), [("2026-12-24T19:00", "2026-12-29T08:00"), ("2027-03-26T09:00", "2027-03-30T08:00")]
)
def test_mail_that_can_wait_waits_for_a_working_day(moment: str, opening: str) -> None:
    def at(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)

    assert workdays.next_opening(at(moment)) == at(opening)
    assert not workdays.is_open(at("2026-12-28T12:00"))


def closed_on(*days: dt.date) -> calendar.Closed:
    return lambda day: "Blocked" if day in days else ""


def days(month: int, *numbers: int) -> list[dt.date]:
    return [dt.date(2026, month, number) for number in numbers]


class TestMoving:
    """The second Tuesdays of April to June 2026: 14 April, 12 May and 9 June."""

    regular = [dt.date(2026, 4, 14), dt.date(2026, 5, 12), dt.date(2026, 6, 9)]

    def moved(self, *closed: dt.date, last: dt.date = dt.date(2026, 6, 30)) -> list[dt.date]:
        meetings = calendar.open_meetings(self.regular, dt.date(2026, 4, 1), last, closed_on(*closed))
        assert [meeting.regular for meeting in meetings] == self.regular
        assert all(bool(meeting.because) == (meeting.day != meeting.regular) for meeting in meetings)
        return [meeting.day for meeting in meetings]

    @pytest.mark.parametrize(
        ("closed", "instead"),
        [
            (days(5, 12), dt.date(2026, 5, 19)),
            (days(5, 12, 19), dt.date(2026, 5, 26)),
            (days(5, 12, 19, 26), dt.date(2026, 5, 5)),  # no later week of the month is left
            (days(5, 5, 12, 19, 26), dt.date(2026, 4, 28)),  # nor an earlier one: the nearer of two months
            (days(5, 5, 12, 19, 26) + days(4, 28), dt.date(2026, 4, 21)),  # the earlier of two as near
            (days(5, 5, 12, 19, 26) + days(4, 21, 28), dt.date(2026, 6, 2)),
        ],
    )
    def test_where_it_goes(self, closed: list[dt.date], instead: dt.date) -> None:
        assert self.moved(*closed) == [self.regular[0], instead, self.regular[2]]

    def test_it_stays_in_the_cohorts_dates(self) -> None:
        assert self.moved(dt.date(2026, 6, 9), last=dt.date(2026, 6, 12))[-1] == dt.date(2026, 6, 2)

    def test_months_with_room_are_settled_first(self) -> None:
        closed = days(4, 28, 21) + days(5, 5, 12, 19, 26) + days(6, 9, 16, 23, 30)
        with pytest.raises(calendar.NoFreeDayError, match="No Tuesday is free for the session of May 2026"):
            self.moved(*closed)  # 2 June is June's own


SLOTS = st.tuples(st.integers(0, 6), st.integers(1, 4))


@given(SLOTS, st.dates(dt.date(2024, 1, 1), dt.date(2034, 1, 1)), st.sets(st.integers(0, 200), max_size=60))
def test_in_order_one_a_month_never_closed_and_at_its_wall_time(
    slot: tuple[int, int], first: dt.date, blocked: set[int]
) -> None:
    weekday, week = slot
    last = first + dt.timedelta(days=200)
    shut = {first + dt.timedelta(days=n) for n in blocked}

    def closed(day: dt.date) -> str:
        return workdays.bank_holiday(day) or ("Blocked" if day in shut else "")

    regular = calendar.monthly(weekday, week, first, last)[:6]
    try:
        meetings = calendar.open_meetings(regular, first, last, closed)
    except calendar.NoFreeDayError:
        return
    met = [meeting.day for meeting in meetings]
    assert met == sorted(set(met))
    assert all(day.weekday() == weekday and first <= day <= last and not closed(day) for day in met)
    assert meetings == calendar.open_meetings(regular, first, last, closed)
    for meeting in meetings:
        weeks = [meeting.regular + dt.timedelta(weeks=n) for n in range(-4, 5)]
        here = [day for day in weeks if day.month == meeting.regular.month and first <= day <= last]
        if any(not closed(day) for day in here):
            assert meeting.day.month == meeting.regular.month
        local = calendar.wall(meeting.day, dt.time(12, 30)).astimezone(dt.UTC).astimezone(LONDON)
        assert (local.date(), local.time()) == (meeting.day, dt.time(12, 30))


@pytest.fixture
def ours(db: None, move_clock: Callable) -> Published:
    """A circle that meets on the second Tuesday from October 2026 to March 2027, 12:30."""
    move_clock(dt.date(2026, 9, 1))
    return published(dt.date(2026, 10, 1))


def block(cohort: Cohort, first: str, last: str, label: str = "Company shutdown") -> None:
    BlockedDates.objects.create(cohort=cohort, first_day=first, last_day=last, label=label)


def plan(ours: Published) -> list[Session]:
    return sessions.plan_sessions(circle=ours.circle, by=ours.lead.user)


class TestPlanning:
    def test_blocked_dates_move_a_session_and_say_why(self, ours: Published) -> None:
        block(ours.circle.cohort, "2026-12-07", "2026-12-11")
        block(ours.circle.cohort, "2026-10-27", "2026-11-10", "Diwali")
        planned = plan(ours)
        local = [clock.local(session.starts_at) for session in planned]
        assert [f"{start:%d %b %H:%M}" for start in local[:3]] == ["13 Oct 12:30", "17 Nov 12:30", "15 Dec 12:30"]
        assert [session.moved_because for session in planned[:3]] == [
            "", "10 November: Diwali", "8 December: Company shutdown",
        ]  # fmt: skip

    def test_december_goes_before_christmas_rather_than_into_the_new_year(self, ours: Published) -> None:
        block(ours.circle.cohort, "2026-12-08", "2027-01-03")
        assert clock.local(plan(ours)[2].starts_at).date() == dt.date(2026, 12, 1)

    @pytest.mark.parametrize(("nation", "day", "why"), [("ENG", 17, ""), ("NIR", 24, "17 March: St Patrick’s Day")])
    def test_the_cohorts_nation_counts(self, ours: Published, nation: str, day: int, why: str) -> None:
        Cohort.objects.update(bank_holidays=nation)
        ours.circle.slot = SlotFactory(cohort=ours.circle.cohort, weekday=2)
        ours.circle.week_of_month = 3
        ours.circle.save()
        last = plan(ours)[-1]
        assert clock.local(last.starts_at).date() == dt.date(2027, 3, day)
        assert last.moved_because == why

    def test_a_closed_stretch_without_a_free_day_is_refused(self, ours: Published) -> None:
        block(ours.circle.cohort, "2026-10-14", "2026-12-07")
        with pytest.raises(SessionError, match="No Tuesday is free for the session of November 2026"):
            plan(ours)
        assert not Session.objects.exists()

    def test_another_cohorts_blocked_dates_are_its_own(self, ours: Published) -> None:
        block(published(dt.date(2026, 10, 1)).circle.cohort, "2026-10-01", "2027-03-31")
        assert closed_days(ours.circle.cohort)(dt.date(2026, 10, 13)) == ""

    def test_postgresql_refuses_dates_the_wrong_way_round(self, ours: Published) -> None:
        with pytest.raises(IntegrityError, match="blocked_dates_end_after"):
            block(ours.circle.cohort, "2026-12-11", "2026-12-07")

    def test_the_page_explains_it_until_somebody_moves_the_session(self, client: Client, ours: Published) -> None:
        block(ours.circle.cohort, "2026-12-08", "2026-12-08")
        session = plan(ours)[2]
        client.force_login(ours.members[0].user)
        page = reverse("portal:circle", args=[ours.circle.pk])
        assert "Moved from 8 December: Company shutdown" in client.get(page).content.decode()
        sessions.move_session(session=session, by=ours.lead.user, starts_at=session.starts_at + dt.timedelta(days=1))
        assert "Moved from" not in client.get(page).content.decode()


FORM = {"day": "2026-12-28", "time": "09:15", "minutes": "60", "mode": "online", "place": "", "join_url": ""}
ADMIN = {"starts_at_0": "2026-12-28", "starts_at_1": "09:15", "minutes": "60", "mode": "online"}


@pytest.mark.parametrize("page", ["portal:move_session", "portal:add_session", "admin:circles_session_change"])
def test_a_closed_day_is_taken_only_when_it_is_confirmed(client: Client, ours: Published, page: str) -> None:
    session = plan(ours)[2]
    staff = page.startswith("admin")
    client.force_login(StaffFactory() if staff else ours.lead.user)
    url = reverse(page, args=[ours.circle.pk if page == "portal:add_session" else session.pk])
    data = ADMIN if staff else FORM
    wanted = Session.objects.filter(starts_at=dt.datetime(2026, 12, 28, 9, 15, tzinfo=dt.UTC))
    assert "Yes, meet on" not in client.get(url).content.decode()
    asked = client.post(url, data).content.decode()
    assert "No session is planned on Monday 28 December 2026: Boxing Day (substitute day)." in asked
    assert "Yes, meet on Monday 28 December 2026" in asked
    other = client.post(url, data | {"all_the_same": "2026-12-25"}).content.decode()  # a tick for another day
    assert "No session is planned on Monday 28 December 2026" in other
    assert not wanted.exists()
    client.post(url, data | {"all_the_same": "2026-12-28"})
    assert wanted.exists()
    if page != "portal:add_session":  # what stays on its day is not asked about again
        assert client.post(url, data | {"minutes": "75"}).status_code == 302
        assert wanted.get().minutes == 75


def test_who_may_only_look_is_not_asked(client: Client, ours: Published) -> None:
    session = plan(ours)[0]
    client.force_login(StaffFactory(role="read_only"))
    response = client.get(reverse("admin:circles_session_change", args=[session.pk]))
    assert response.status_code == 200
    assert "all_the_same" not in response.content.decode()


class TestTheServiceAsks:
    """Not the form alone: whoever calls the verb has to say that a closed day is meant."""

    CHRISTMAS = dt.datetime(2026, 12, 25, 12, 30, tzinfo=LONDON)

    @pytest.fixture
    def session(self, move_clock: Callable) -> Session:
        move_clock(dt.date(2026, 9, 1))
        made = published(dt.date(2026, 10, 1))
        return sessions.plan_sessions(circle=made.circle, by=None)[0]

    def test_moving(self, session: Session) -> None:
        with pytest.raises(ClosedDayError, match="25 December 2026: Christmas Day"):
            sessions.move_session(session=session, by=StaffFactory(), starts_at=self.CHRISTMAS)
        session.refresh_from_db()
        assert session.sequence == 0
        sessions.move_session(session=session, by=StaffFactory(), starts_at=self.CHRISTMAS, on_closed_day=True)
        assert AuditEvent.objects.get(verb="session.moved").data == {"fields": ["starts_at"], "on_closed_day": True}
        sessions.move_session(session=session, by=StaffFactory(), minutes=60)  # it is on that day already

    def test_adding(self, session: Session) -> None:
        with pytest.raises(ClosedDayError):
            sessions.add_session(circle=session.circle, by=StaffFactory(), starts_at=self.CHRISTMAS)
        sessions.add_session(circle=session.circle, by=StaffFactory(), starts_at=self.CHRISTMAS, on_closed_day=True)
        assert AuditEvent.objects.get(verb="session.added").data == {"on_closed_day": True}

    def test_moving_with_the_following(self, session: Session) -> None:
        later = dt.datetime(2027, 1, 1, 12, 30, tzinfo=LONDON)
        third = session.circle.sessions.get(number=3)
        with pytest.raises(ClosedDayError, match="New Year"):
            series.move_following(session=third, by=StaffFactory(), starts_at=later)
        series.move_following(session=third, by=StaffFactory(), starts_at=later, on_closed_day=True)
        marked = [one.data.get("on_closed_day") for one in AuditEvent.objects.filter(verb="session.moved")]
        assert sorted(map(bool, marked)) == [False] * (len(marked) - 1) + [True]
