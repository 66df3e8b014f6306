"""Which surveys wait for whom, and when."""

import datetime as dt

import pytest

from surveys.selectors import Window, due_surveys, window
from surveys.services import ensure_surveys
from tests.factories import CohortFactory, EnrolmentFactory, UserFactory
from tests.surveys.people import (
    AFTER,
    BEFORE,
    FIRST_SESSION,
    LAST_SESSION,
    LAUNCH,
    answer,
    cohort_with_sessions,
    seated,
    survey_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "pre", "post"),
    [
        (BEFORE, Window.OPEN, Window.NOT_YET),
        (FIRST_SESSION + dt.timedelta(minutes=1), Window.LATE, Window.NOT_YET),
        (LAST_SESSION, Window.LATE, Window.NOT_YET),
        (AFTER, Window.CLOSED, Window.OPEN),
    ],
)
def test_windows_follow_from_the_sessions(move_clock, moment, pre: str, post: str) -> None:  # type: ignore[no-untyped-def]
    cohort = cohort_with_sessions()
    move_clock(moment)
    assert (window(survey_of(cohort, "pre")), window(survey_of(cohort, "post"))) == (pre, post)


def test_without_sessions_the_key_dates_count(move_clock) -> None:  # type: ignore[no-untyped-def]
    cohort = CohortFactory(launch=LAUNCH)
    ensure_surveys(cohort=cohort)
    move_clock(cohort.sessions_from)
    assert window(survey_of(cohort, "pre")) == Window.LATE
    move_clock(cohort.close_from)
    assert window(survey_of(cohort, "post")) == Window.OPEN


def test_the_first_survey_waits_from_acceptance_until_it_is_handed_in(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    started = EnrolmentFactory(cohort=cohort, state="started", side="member", agreed_at=None)
    (due,) = due_surveys(started.user)
    assert (due.survey.wave, due.started, due.minutes) == ("pre", False, 5)
    answer(started, "pre", submit=False)
    assert due_surveys(started.user)[0].started is True
    seat = seated(cohort)
    answer(seat, "pre")
    assert due_surveys(seat.user) == []


def test_nobody_is_asked_who_withdrew_or_never_sat_in_a_circle(move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    gone, unplaced = EnrolmentFactory(cohort=cohort, state="withdrawn"), EnrolmentFactory(cohort=cohort)
    placed = seated(cohort)
    assert due_surveys(gone.user) == due_surveys(UserFactory()) == []
    move_clock(AFTER)
    assert due_surveys(unplaced.user) == []
    assert [due.survey.wave for due in due_surveys(placed.user)] == ["post"]
