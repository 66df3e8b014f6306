"""What every test may use."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts import clock, memory
from outbox import sandbox
from tests.strict_templates import Undefined

CLOCK_TABLE = "accounts_clockoffset"

# How long an example takes says how busy the machine is, not whether the code is right: no property is about speed.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write golden files again, after a change that is wanted")


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether a golden file is to be written again."""
    return bool(request.config.getoption("--renew"))


@pytest.fixture(scope="session", autouse=True)
def _strict_templates() -> None:
    engines["django"].engine.string_if_invalid = sandbox.ENGINE.string_if_invalid = Undefined()


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """No test sees another's clock, cache or memory."""
    clock.forget()
    memory.forget()
    yield
    clock.forget()


@pytest.fixture
def move_clock(db: None) -> Callable[[dt.datetime | dt.date], None]:
    """Set the one clock; a date means noon of that day in London."""

    def move(moment: dt.datetime | dt.date) -> None:
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time(12), tzinfo=clock.LONDON)
        clock.move_to(moment)

    return move


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], int]:
    """How many queries a call makes, not counting the reading of the clock, which depends on the time of day."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return sum(CLOCK_TABLE not in query["sql"] for query in captured)

    return count


@pytest.fixture
def clean_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
