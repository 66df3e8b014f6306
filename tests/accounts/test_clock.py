"""The one clock."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import clock
from accounts.models import ClockOffset

pytestmark = pytest.mark.django_db


def test_is_the_true_time_unless_moved() -> None:
    before = timezone.now()
    assert before <= clock.now() <= timezone.now()


def test_moves_for_every_process_through_the_database(move_clock: Any) -> None:
    move_clock(dt.date(2027, 3, 1))
    clock.forget()  # as another process, which has read nothing yet
    assert clock.today() == dt.date(2027, 3, 1)
    assert ClockOffset.objects.count() == 1


def test_today_is_the_day_in_the_united_kingdom(move_clock: Any) -> None:
    move_clock(dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC))
    assert clock.today() == dt.date(2027, 7, 1)


def test_a_wall_in_britain_shows_summer_time() -> None:
    assert clock.local(dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC)).hour == 13


def test_production_has_no_offset_and_refuses_one(move_clock: Any, settings: Any) -> None:
    move_clock(dt.date(2030, 1, 1))
    settings.CLOCK_MAY_MOVE = False
    assert clock.offset() == dt.timedelta()
    with pytest.raises(ImproperlyConfigured):
        clock.move_to(clock.now())


def test_there_is_one_offset_only() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockOffset.objects.create(id=2, seconds=5)
