"""Bounds and proofs against every seating there is: never above the best, and the optimum where they say so."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circles.formation import bound, columns, exact, prover
from circles.formation.budget import Budget
from circles.formation.meetings import Meetings
from circles.formation.numbers import NOBODY, Numbers
from circles.formation.reading import read_problem
from circles.formation.seating import Seating
from circles.formation.shortlist import Shortlist
from circles.formation.solve import solve
from tests.circles.exhaustive import optimum
from tests.circles.problems import problems
from tests.formation_reference.generate import generate
from tests.formation_reference.score import judge

Data = dict[str, Any]
tiny = problems(mentors=3, mentees=5)


def asked(data: Data) -> tuple[Numbers, Any]:
    numbers, best = Numbers(read_problem(data)), optimum(data)
    assume(numbers.n and numbers.m)
    assert best is not None
    return numbers, best


@settings(max_examples=100)
@given(tiny)
def test_the_simple_bound_is_never_above_the_best(data: Data):
    numbers, best = asked(data)
    fewest = Meetings.floor(numbers)
    assert fewest <= best.waiting
    assert bound.simple(Seating(numbers), fewest) <= best.cost + 1e-6


@settings(max_examples=100)
@given(tiny)
def test_the_shortest_waiting_list_is_the_shortest(data: Data):
    numbers, best = asked(data)
    shortlist = Shortlist(numbers)
    assert shortlist.floor() <= best.waiting
    where, fewest = shortlist.prove(numbers.pinned, 1, work=1)
    assert fewest == best.waiting == int((where == NOBODY).sum())


@settings(max_examples=100)
@given(tiny)
def test_the_exact_model_finds_the_best(data: Data):
    numbers, best = asked(data)
    shortlist = Shortlist(numbers)
    outcome = exact.whole_cohort(shortlist, numbers.pinned, shortlist.floor(), 1, work=1)
    assert outcome.optimal
    # Where prices are parts of one they are rounded down, a thousandth each.
    assert outcome.bound <= best.cost + 1e-6
    assert outcome.bound == pytest.approx(best.cost, abs=0.1)


@settings(max_examples=25)
@given(tiny, st.integers(0, 3))
def test_bounds_by_columns_are_never_above_the_best_and_come_close(data: Data, spare: int):
    numbers, best = asked(data)
    shortlist = Shortlist(numbers)
    fewest, rounds = max(0, shortlist.floor() - spare), iter(range(10_000))
    found = list(columns.bounds(shortlist, iter([]), fewest, 1, lambda: next(rounds) > 400))
    assert all(value <= best.cost + 1e-6 for value in found)
    assert found == sorted(found)


def test_a_bound_by_columns_is_stronger_than_the_simple_one_and_below_what_was_found():
    data = generate(60, 1)
    numbers = Numbers(read_problem(data))
    shortlist = Shortlist(numbers)
    rounds = iter(range(10_000))
    found = list(columns.bounds(shortlist, iter([]), shortlist.floor(), 1, lambda: next(rounds) > 120))
    answer = solve(numbers.problem, budget=Budget(rounds=1500))
    assert bound.simple(Seating(numbers), shortlist.floor()) < found[-1] <= answer.cost


@pytest.mark.parametrize("seed", [1, 3])
def test_thirty_people_are_settled_beside_the_search(seed: int):
    data = generate(30, seed)
    answer = solve(read_problem(data), budget=Budget(seconds=30))
    verdict = judge(data, answer.as_json())
    assert verdict["broken"] == {}
    assert answer.bound == pytest.approx(answer.cost) == verdict["cost"]
    assert answer.proof == {"waiting": "proven smallest", "cost": "proven smallest"}
    assert answer.seconds < 28, "it stops as soon as the best is proven"


def test_the_prover_ends_with_the_search():
    beside = prover.Prover(read_problem(generate(100, 1)), 1, 60)
    beside.stop()
    assert beside._process.poll() is not None


def test_pairs_are_bounded_exactly():
    data = {
        "mentors": [{"id": f"m{n}", "organisation": f"o{n}", "capacity": 1} for n in range(4)],
        "mentees": [{"id": f"e{n}", "organisation": f"x{n}"} for n in range(4)],
        "minimum": 1,
        "target": 1,
        "pinned": {"e0": "m3"},
        "fit": [[f"e{a}", f"m{b}", 7 * (a + 2 * b) % 11] for a in range(4) for b in range(4)],
    }
    answer = solve(read_problem(data), budget=Budget(rounds=50))
    assert answer.bound == answer.cost == judge(data, answer.as_json())["cost"]


def test_where_nobody_can_be_seated_the_bound_is_the_cost():
    data = {"mentors": [{"id": "m1", "organisation": "Acme"}], "mentees": [{"id": "e1", "organisation": "Acme"}]}
    answer = solve(read_problem(data), budget=Budget(rounds=20))
    assert (answer.cost, answer.bound) == (2150, 2150)
    assert np.isclose(judge(data, answer.as_json())["cost"], 2150)
