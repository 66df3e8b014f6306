"""A circle whose mentor has asked another to stand in."""

import datetime as dt
from collections.abc import Callable

import pytest

from circles.models import Session, StandIn
from circles.services import sessions, stand_ins
from participants.models import Enrolment
from tests.circles.circle import Published, published
from tests.circles.standing_in.asking import ask
from tests.factories import EnrolmentFactory


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
def reserve(ours: Published) -> Enrolment:
    return EnrolmentFactory(cohort=ours.circle.cohort, role="mentor")


@pytest.fixture
def asked(ours: Published, first: Session, reserve: Enrolment) -> StandIn:
    return ask(ours, first, reserve)


@pytest.fixture
def leads(asked: StandIn) -> StandIn:
    return stand_ins.answer_stand_in(stand_in=asked, will_lead=True)
