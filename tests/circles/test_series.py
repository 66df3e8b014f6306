"""This and the following sessions, moved and cancelled together."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.clock import LONDON
from circles.models import Session
from circles.selectors.closed import on_closed_days
from circles.services import series, sessions
from circles.services.sessions import SessionError
from cohorts.calendar import same_pattern
from cohorts.models import BlockedDates, Cohort
from outbox.models import Message
from privacy.models import AuditEvent
from staff.attention.circles import closed_day
from tests.circles.circle import Published, published
from tests.factories import CohortFactory, StaffFactory

FORM = {"time": "09:15", "minutes": "60", "mode": "online", "place": "", "join_url": "", "scope": "following"}


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    """Second Tuesdays, 12:30, October 2026 to March 2027."""
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def starts(made: Published) -> list[str]:
    planned = made.circle.sessions.planned()
    return [f"{clock.local(one.starts_at):%Y-%m-%d %H:%M}" for one in planned]


def number(made: Published, n: int) -> Session:
    return made.circle.sessions.get(number=n)


def test_the_later_ones_follow_to_the_new_weekday_at_the_same_wall_time(ours: Published) -> None:
    series.move_following(session=number(ours, 2), by=ours.lead.user, starts_at=at("2026-11-19T09:15"))
    assert starts(ours) == [
        "2026-10-13 12:30", "2026-11-19 09:15", "2026-12-17 09:15", "2027-01-21 09:15", "2027-02-18 09:15",
        "2027-03-18 09:15",
    ]  # fmt: skip
    assert list(ours.circle.sessions.values_list("sequence", flat=True)) == [0, 1, 1, 1, 1, 1]


def test_wall_time_is_kept_across_the_clock_change(ours: Published) -> None:
    series.move_following(session=number(ours, 1), by=ours.lead.user, starts_at=at("2026-10-14T12:30"))
    assert [one.starts_at.astimezone(dt.UTC).hour for one in ours.circle.sessions.all()[:2]] == [11, 12]


def test_closed_days_are_passed_over_and_the_reason_is_kept(ours: Published) -> None:
    BlockedDates.objects.create(
        cohort=ours.circle.cohort, first_day=dt.date(2027, 1, 21), last_day=dt.date(2027, 1, 21), label="Away day"
    )
    series.move_following(session=number(ours, 2), by=ours.lead.user, starts_at=at("2026-11-19T09:15"))
    moved = number(ours, 4)
    assert clock.local(moved.starts_at).date() == dt.date(2027, 1, 28)
    assert moved.moved_because == "21 January: Away day"


def test_a_month_later_moves_all_and_none_stands_in_anothers_way(ours: Published) -> None:
    series.move_following(session=number(ours, 4), by=ours.lead.user, starts_at=at("2027-02-09T12:30"))
    assert starts(ours)[3:] == ["2027-02-09 12:30", "2027-03-09 12:30", "2027-04-13 12:30"]


def test_past_the_end_of_the_programme_nothing_moves(ours: Published) -> None:
    before = starts(ours)
    with pytest.raises(SessionError, match="after the programme closes"):
        series.move_following(session=number(ours, 1), by=ours.lead.user, starts_at=at("2027-01-12T12:30"))
    assert starts(ours) == before
    assert not Message.objects.exists()


def test_an_earlier_session_is_not_run_over(ours: Published) -> None:
    with pytest.raises(SessionError, match="Session 1 is at that time already"):
        series.move_following(session=number(ours, 2), by=ours.lead.user, starts_at=at("2026-10-13T12:30"))
    assert number(ours, 3).sequence == 0


def test_days_every_four_weeks_keep_their_distance() -> None:
    days = [dt.date(2026, 10, 1), dt.date(2026, 10, 29), dt.date(2026, 11, 26)]
    assert same_pattern(days, dt.date(2026, 10, 2)) == [day + dt.timedelta(days=1) for day in days]


def test_a_fifth_week_goes_on_as_the_fourth() -> None:
    days = [dt.date(2026, 10, 13), dt.date(2026, 11, 10)]
    assert same_pattern(days, dt.date(2026, 10, 29)) == [dt.date(2026, 10, 29), dt.date(2026, 11, 26)]


class TestOnThePage:
    def move(self, client: Client, session: Session, **data: str) -> str:
        response = client.post(reverse("portal:move_session", args=[session.pk]), FORM | data, follow=True)
        return response.content.decode()

    def test_the_days_are_shown_before_anything_moves(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        html = self.move(client, number(ours, 2), day="2026-11-19")
        assert "Nothing has changed yet" in html
        assert "Thursday 17 December 2026, 9:15am" in html
        assert number(ours, 2).sequence == 0

    def test_what_was_shown_is_done_and_nothing_else(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        shown = self.shown(number(ours, 2))
        BlockedDates.objects.create(
            cohort=ours.circle.cohort, first_day=dt.date(2027, 1, 21), last_day=dt.date(2027, 1, 21), label="Away day"
        )
        assert "Makes way for 21 January: Away day" in self.move(client, number(ours, 2), day="2026-11-19", shown=shown)
        assert number(ours, 2).sequence == 0
        html = self.move(client, number(ours, 2), day="2026-11-19", shown=self.shown(number(ours, 2)))
        assert "5 sessions are saved" in html
        assert starts(ours)[3] == "2027-01-28 09:15"

    def shown(self, session: Session) -> str:
        moving = series.shifts(session=session, starts_at=at("2026-11-19T09:15"))
        return " ".join(shift.starts_at.isoformat() for shift in moving)

    def test_the_last_session_has_none_that_follow(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        html = client.get(reverse("portal:move_session", args=[number(ours, 6).pk])).content.decode()
        assert "Which sessions?" not in html

    def test_cancelling_asks_first_and_says_what_follows(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        address = reverse("portal:cancel_session", args=[number(ours, 3).pk])
        html = client.get(address).content.decode()
        assert "left with 2 sessions" in html
        assert "A certificate asks for 4" in html
        client.post(address, {"scope": "following"})
        assert starts(ours) == ["2026-10-13 12:30", "2026-11-10 12:30"]

    def test_cancelling_one_leaves_the_following(self, client: Client, ours: Published) -> None:
        client.force_login(ours.lead.user)
        client.post(reverse("portal:cancel_session", args=[number(ours, 3).pk]))
        assert len(starts(ours)) == 5


class TestTheProgrammeTeam:
    """The same acts and the same preview in a mentor's place."""

    @pytest.fixture(autouse=True)
    def staff(self, client: Client, ours: Published) -> None:
        client.force_login(StaffFactory(role="manager"))

    def test_moves_this_and_the_following_after_seeing_the_days(self, client: Client, ours: Published) -> None:
        own = number(ours, 2)
        address = reverse("admin:move_circle_session", args=[own.pk])
        typed = {"day": "2026-11-19", "time": "09:15", "minutes": "90", "mode": "online", "scope": "following"}
        page = client.post(address, typed)
        assert "Nothing has changed yet." in page.content.decode()
        assert number(ours, 2).starts_at == own.starts_at
        html = client.post(address, typed | {"shown": page.context["shown"]}, follow=True).content.decode()
        assert "5 sessions are saved" in html
        assert number(ours, 2).starts_at == at("2026-11-19T09:15")
        assert number(ours, 3).starts_at.date().weekday() == 3

    def test_moves_one(self, client: Client, ours: Published) -> None:
        third = number(ours, 3).starts_at
        typed = {"day": "2026-11-19", "time": "09:15", "minutes": "90", "mode": "online", "scope": "this"}
        client.post(reverse("admin:move_circle_session", args=[number(ours, 2).pk]), typed)
        assert (number(ours, 2).starts_at, number(ours, 3).starts_at) == (at("2026-11-19T09:15"), third)

    def test_cancels_this_and_the_following(self, client: Client, ours: Published) -> None:
        address = reverse("admin:cancel_circle_session", args=[number(ours, 3).pk])
        assert "nobody could earn one" in client.get(address).content.decode()
        client.post(address, {"scope": "following"})
        assert ours.circle.sessions.planned().count() == 2
        assert "can’t be cancelled" in client.get(address).content.decode()


class TestBlockedAfterPublication:
    def test_the_sessions_on_it_are_flagged_until_they_move_or_are_confirmed(
        self, client: Client, ours: Published
    ) -> None:
        staff = StaffFactory(role="manager")
        cohort = ours.circle.cohort
        assert on_closed_days([cohort]) == []
        second, third = number(ours, 2), number(ours, 3)
        for one in (second, third):
            day = one.starts_at.date()
            BlockedDates.objects.create(cohort=cohort, first_day=day, last_day=day, label="Team away day")
        cohort = Cohort.objects.get(pk=cohort.pk)
        found = closed_day(staff, [cohort])
        assert len(found) == 2
        assert found[0].evidence.endswith(": Team away day")
        client.force_login(staff)
        html = client.get(reverse("admin:cohort_closed_days", args=[cohort.pk])).content.decode()
        assert all(reverse("admin:move_circle_session", args=[one.pk]) in html for one in (second, third))
        sessions.move_session(session=second, by=staff, starts_at=second.starts_at + dt.timedelta(days=1))
        assert [one.session for one in on_closed_days([Cohort.objects.get(pk=cohort.pk)])] == [third]
        client.post(reverse("admin:keep_circle_session", args=[third.pk]))
        assert on_closed_days([Cohort.objects.get(pk=cohort.pk)]) == []
        assert AuditEvent.objects.filter(verb="session.kept_on_closed_day").count() == 1

    def test_as_many_queries_for_three_cohorts_as_for_one(self, ours: Published, count_queries: Callable) -> None:
        cohorts = [ours.circle.cohort, published(dt.date(2026, 10, 1)).circle.cohort, CohortFactory()]
        again = [Cohort.objects.get(pk=one.pk) for one in cohorts]
        one = count_queries(lambda: on_closed_days(again[:1]))
        assert one == count_queries(lambda: on_closed_days(again[1:])) == 2
