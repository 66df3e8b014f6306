"""A published cohort to change."""

import datetime as dt
from collections.abc import Callable

import pytest

from cohorts.models import Cohort
from tests.circles.changing import published


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.date(2026, 9, 1))
    return published()
