"""Cohorts, their dates and who sees them."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from cohorts.models import KEY_DATES, Cohort, StaffAssignment
from tests.factories import CohortFactory, StaffFactory, UserFactory, key_dates

pytestmark = pytest.mark.django_db
LAUNCH = dt.date(2026, 10, 21)


@pytest.mark.parametrize("later", [key for key, _ in KEY_DATES[1:]])
def test_postgresql_holds_the_order_of_the_key_dates(later: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortFactory(launch=LAUNCH, **{f"{later}_from": dt.date(2020, 1, 1)})


@pytest.mark.parametrize("key", [key for key, _ in KEY_DATES])
def test_postgresql_holds_that_a_range_ends_after_it_begins(key: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortFactory(launch=LAUNCH, **{f"{key}_until": dt.date(2020, 1, 1)})


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (-301, "upcoming"), (-300, "applications"), (-200, "confirmation"), (-150, "recruitment"), (-34, "onboarding"),
        (0, "launch"), (6, "launch"), (7, "sessions"), (191, "close"), (205, "close"), (206, "closed"),
    ],
)  # fmt: skip
def test_the_phase_follows_from_today(move_clock: Any, days: int, phase: str) -> None:
    cohort = CohortFactory(launch=LAUNCH)
    move_clock(LAUNCH + dt.timedelta(days=days))
    assert cohort.phase == phase


def test_between_two_ranges_the_last_one_begun_is_the_phase(move_clock: Any) -> None:
    cohort = CohortFactory(launch=LAUNCH, launch_until=LAUNCH + dt.timedelta(days=2))
    move_clock(LAUNCH + dt.timedelta(days=4))
    assert cohort.phase == "launch"


def test_a_cohort_closed_early_is_closed() -> None:
    assert CohortFactory(closed_at=clock.now()).phase == "closed"


def test_an_assignment_without_a_cohort_is_for_every_one() -> None:
    CohortFactory.create_batch(2)
    assert Cohort.objects.for_staff(StaffFactory(role="analyst")).count() == 2


def test_an_assignment_is_for_its_cohort() -> None:
    mine, _ = CohortFactory.create_batch(2)
    person = UserFactory(is_staff=True)
    for role in ("manager", "analyst"):
        StaffAssignment.objects.create(user=person, role=role, cohort=mine)
    assert list(Cohort.objects.for_staff(person)) == [mine]
    assert not Cohort.objects.for_staff(UserFactory(is_staff=True)).exists()


def test_a_role_is_held_once_in_every_cohort() -> None:
    person = StaffFactory(role="lead")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffAssignment.objects.create(user=person, role="lead")


def test_a_number_is_used_once_per_format() -> None:
    cohort = CohortFactory(number=15)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.create(format=cohort.format, number=15, name="Again", **key_dates(LAUNCH))
