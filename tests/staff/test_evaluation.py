"""What will be tested is said beforehand, and stands from the first second answer on."""

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Cohort, StaffRole
from surveys.models import EvaluationPlan
from surveys.selectors.plans import planned
from surveys.services import close_cohort
from tests.factories import StaffFactory
from tests.surveys.people import AFTER, BEFORE, answer, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(move_clock, client: Client) -> Cohort:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    client.force_login(StaffFactory())
    return cohort_with_sessions()


def places(keys: list[str]) -> dict[str, str]:
    return {f"place_{number}": key for number, key in enumerate(keys, start=1)}


def address(cohort: Cohort, name: str = "evaluation_plan") -> str:
    return reverse(f"admin:{name}", args=[cohort.pk])


def test_another_outcome_is_made_the_primary_one(client: Client, cohort: Cohort) -> None:
    turned = planned(cohort)[::-1]
    client.post(address(cohort), places(turned))
    assert EvaluationPlan.objects.get().outcomes == turned


def test_an_outcome_in_two_places_is_refused_beside_the_second(client: Client, cohort: Cohort) -> None:
    keys = planned(cohort)
    html = client.post(address(cohort), places([keys[1], *keys[1:]])).content.decode()
    assert "chosen already, as “Primary outcome”" in html
    assert not EvaluationPlan.objects.exists()


def test_after_a_second_answer_it_is_read_and_not_changed(client: Client, cohort: Cohort, move_clock) -> None:  # type: ignore[no-untyped-def]
    before, person = planned(cohort), seated(cohort)
    answer(person, "pre", 2)
    move_clock(AFTER)
    answer(person, "post", 3)
    html = client.post(address(cohort), places(before[::-1])).content.decode()
    assert "The plan is locked" in html
    assert planned(cohort) == before
    assert 'name="place_1"' not in html


def test_figures_are_worked_out_again_after_asking_and_stand_where_nobody_changed(
    client: Client, cohort: Cohort, move_clock  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    assert client.get(address(cohort, "release_again")).status_code == 404
    move_clock(AFTER)
    close_cohort(cohort=cohort, by=None)
    assert "Keep them as they are" in client.get(address(cohort, "release_again")).content.decode()
    html = client.post(address(cohort, "release_again"), follow=True).content.decode()
    assert "The figures stand" in html


def test_who_may_only_read_it_lays_nothing_down(client: Client, cohort: Cohort) -> None:
    client.force_login(StaffFactory(role=StaffRole.READ_ONLY))
    assert client.post(address(cohort), places(planned(cohort)[::-1])).status_code == 403
    assert not EvaluationPlan.objects.exists()
