"""Quiet hours: what waits, until when, and what does not."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.clock import LONDON
from circles.models import Session
from circles.services import sessions
from outbox import kinds, services, standstill
from outbox.delivery import deliver_all
from outbox.hours import Hours, opening
from outbox.models import Message, State
from tests.circles.circle import Published, published
from tests.factories import UserFactory
from tests.outbox.conftest import Letter
from tests.outbox.sink import Sink


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("now", "nation", "leaves"),
    [
        ("2026-11-18T08:00", "ENG", "2026-11-18T08:00"),
        ("2026-11-18T07:59", "ENG", "2026-11-18T08:00"),
        ("2026-11-18T17:59", "ENG", "2026-11-18T17:59"),
        ("2026-11-18T18:00", "ENG", "2026-11-19T08:00"),
        ("2026-11-20T18:30", "ENG", "2026-11-23T08:00"),  # Friday evening to Monday
        ("2026-03-28T23:30", "ENG", "2026-03-30T08:00"),  # over the night of 29 March 2026, when clocks go forward
        ("2026-03-29T00:30", "ENG", "2026-03-30T08:00"),
        ("2026-10-24T23:30", "ENG", "2026-10-26T08:00"),  # over the night of 25 October 2026, when they go back
        ("2026-10-25T01:30", "ENG", "2026-10-26T08:00"),  # an hour that there is twice
        ("2027-03-27T12:00", "ENG", "2027-03-30T08:00"),  # over 28 March 2027, which is Easter, and Easter Monday
        ("2027-03-27T12:00", "SCT", "2027-03-29T08:00"),  # Scotland works on Easter Monday
        ("2026-11-30T12:00", "SCT", "2026-12-01T08:00"),  # St Andrew’s Day
        ("2026-11-30T12:00", "ENG", "2026-11-30T12:00"),
        ("2027-03-17T12:00", "NIR", "2027-03-18T08:00"),  # St Patrick’s Day
        ("2026-12-24T18:00", "ENG", "2026-12-29T08:00"),  # Christmas, a weekend and the substitute day
    ],
)
def test_what_can_wait_waits_for_working_hours(now: str, nation: str, leaves: str) -> None:
    found = opening(at(now), Hours(nation=nation))
    assert found == at(leaves)
    assert found.astimezone(LONDON).strftime("%H:%M") == leaves[11:]


@pytest.mark.parametrize(
    ("now", "starts", "urgent", "leaves"),
    [
        ("2026-11-18T20:00", "2026-11-19T12:30", 2, "2026-11-19T08:00"),  # the morning is in time
        ("2026-11-18T20:00", "2026-11-19T09:30", 2, "2026-11-18T20:00"),  # it would be too late
        ("2026-11-20T20:00", "2026-11-23T09:00", 2, "2026-11-20T20:00"),  # over a weekend
        ("2026-11-18T20:00", "2026-11-19T12:30", 24, "2026-11-18T20:00"),  # called off within a day
        ("2026-11-18T12:29", "2026-11-20T12:30", 24, "2026-11-18T12:29"),
        ("2026-11-18T20:00", "2026-11-19T20:00", 24, "2026-11-19T08:00"),  # exactly a day is not within it
        ("2026-11-18T20:00", "2026-11-18T12:30", 24, "2026-11-19T08:00"),  # it has begun: nothing to hurry for
        ("2026-03-28T20:00", "2026-03-29T20:30", 24, "2026-03-28T20:00"),  # 23½ hours on the night that is short
        ("2026-10-24T20:30", "2026-10-25T20:00", 24, "2026-10-24T20:30"),
        ("2026-10-24T20:30", "2026-10-26T11:00", 24, "2026-10-26T08:00"),
    ],
)
def test_what_would_come_too_late_does_not_wait(now: str, starts: str, urgent: int, leaves: str) -> None:
    hours = Hours(starts_at=at(starts).astimezone(dt.UTC), urgent_before=dt.timedelta(hours=urgent))
    assert opening(at(now).astimezone(dt.UTC), hours) == at(leaves)


def test_what_was_just_asked_for_leaves_at_once() -> None:
    """The whole list, so that nothing becomes urgent, or ceases to be, by accident."""
    now = at("2026-11-22T03:00")
    asked = {kind.key for kind in kinds.every() if not kind.key.startswith("circles.") and kind.hours(None).at_once}
    assert {key for key in asked if not key.startswith("account.")} == {
        "organisations.interest_received", "participants.application_received", "participants.enrolled",
        "privacy.complaint_answered", "privacy.complaint_received",
        "staff.merged",
    }  # fmt: skip
    assert {kind.key for kind in kinds.every() if kind.key.startswith("account.")} <= asked
    assert opening(now, Hours(at_once=True)) == now


class TestDelivery:
    @pytest.fixture(autouse=True)
    def _quiet(self, settings: object) -> None:
        settings.QUIET_HOURS = True

    def test_a_row_waits_and_shows_until_when(self, db: None, letter: Letter, sink: Sink, move_clock: Callable) -> None:
        move_clock(at("2026-11-20T19:00"))
        ada = UserFactory()
        services.queue(kind="tests.letter", about=ada, to=ada)
        deliver_all()
        message = Message.objects.get()
        assert (message.state, message.attempts, message.reason) == (State.WAITING, 0, "It waits for working hours.")
        assert message.next_attempt_at == at("2026-11-23T08:00")
        assert deliver_all() == 0
        move_clock(at("2026-11-23T07:59"))
        assert standstill.found() == standstill.Found()
        move_clock(at("2026-11-23T08:00"))
        deliver_all()
        assert len(sink.received) == 1

    def test_what_was_tried_again_into_the_night_waits_too(
        self, db: None, letter: Letter, sink: Sink, move_clock: Callable
    ) -> None:
        ada = UserFactory(email="ada@employer.example")
        sink.answers[ada.email] = "451 Try again later"
        move_clock(at("2026-11-19T17:59"))
        services.queue(kind="tests.letter", about=ada, to=ada)
        deliver_all()
        sink.answers.clear()
        move_clock(at("2026-11-19T18:01"))
        deliver_all()
        assert sink.received == []
        assert Message.objects.get().next_attempt_at == at("2026-11-20T08:00")

    @pytest.fixture
    def ours(self, move_clock: Callable) -> Published:
        move_clock(dt.date(2026, 9, 1))
        made = published(dt.date(2026, 10, 1))
        for session in sessions.plan_sessions(circle=made.circle, by=None)[:2]:
            sessions.invite(session=session, enrolment=made.lead)
        deliver_all()
        return made

    @pytest.mark.parametrize(("number", "at_once"), [(1, True), (2, False)])
    def test_a_cancellation_within_a_day_leaves_at_night(
        self, ours: Published, sink: Sink, move_clock: Callable, number: int, at_once: bool
    ) -> None:
        move_clock(at("2026-10-12T22:00"))  # the first session is tomorrow at 12:30
        session = Session.objects.get(circle=ours.circle, number=number)
        sessions.cancel_session(session=session, by=ours.lead.user)
        deliver_all()
        assert len(sink.received) == at_once

    @pytest.mark.parametrize(
        "moves",
        [
            ["2026-10-20T12:30"],
            ["2026-10-20T12:30", "2026-10-21T12:30"],  # nobody may have read of the first of two moves
            ["2026-10-13T14:30"],
        ],
    )
    def test_a_session_that_moves_away_within_a_day_is_told_at_night(
        self, ours: Published, sink: Sink, move_clock: Callable, moves: list[str]
    ) -> None:
        move_clock(at("2026-10-12T22:00"))  # the first session is tomorrow at 12:30
        session = Session.objects.get(circle=ours.circle, number=1)
        for moved in moves:
            session = sessions.move_session(session=session, by=ours.lead.user, starts_at=at(moved))
        deliver_all()
        assert len(sink.received) == len(ours.everybody)
        assert set(Message.objects.filter(occurrence=str(len(moves))).values_list("urgent", flat=True)) == {True}

    def test_a_session_that_moves_long_before_is_told_in_the_morning(
        self, ours: Published, sink: Sink, move_clock: Callable
    ) -> None:
        move_clock(at("2026-10-07T22:00"))
        session = Session.objects.get(circle=ours.circle, number=1)
        sessions.move_session(session=session, by=ours.lead.user, starts_at=at("2026-10-20T12:30"))
        deliver_all()
        assert sink.received == []
