"""Circles meet when those can come to whom it is worth most, and nobody else has to wait for it."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from circles.formation.budget import Budget
from circles.formation.cycles import seat
from circles.formation.market import Market
from circles.formation.matching import Matching
from circles.formation.meetings import Meetings
from circles.formation.numbers import Numbers
from circles.formation.reading import read_problem
from circles.formation.seating import Seating
from circles.formation.solve import solve
from tests.formation_reference.generate import generate
from tests.formation_reference.score import judge

ROUNDS = 60


def meetings_of(problem: dict[str, object], seed: int = 1) -> Meetings:
    return Meetings(Numbers(read_problem(problem)), Budget(rounds=ROUNDS), seed)


def traded(problem: dict[str, object], seed: int = 1, budget: Budget | None = None) -> Meetings:
    meetings = meetings_of(problem, seed)
    Market(meetings, budget or Budget(rounds=ROUNDS)).trade(1.0)
    return meetings


def cheapest(meetings: Meetings) -> float:
    """What seats cost at least when circles meet so, people alone; no seat costs 40, twice the dearest."""
    numbers = meetings.numbers
    circle = np.repeat(np.arange(numbers.m), numbers.capacity)
    price = np.where(meetings.fits, numbers.alone, 40.0)[:, circle]
    rows, columns = linear_sum_assignment(price)
    return float(price[rows, columns].sum()) + 40.0 * max(0, numbers.n - len(circle))


def waiting(meetings: Meetings) -> int:
    return len(Matching(meetings.fits, meetings.numbers.capacity).waiting())


def a_circle_with_two_hours(**more: object) -> dict[str, object]:
    """Three can come on Monday, two on Tuesday; only those two want what the mentor knows."""
    slots, goals = [["mon"]] * 3 + [["tue"]] * 2, [["tax"]] * 3 + [["law"]] * 2
    return {
        "mentors": [{"id": "m", "organisation": "a", "slots": ["mon", "tue"], "capacity": 2, "expertise": ["law"]}],
        "mentees": [
            {"id": f"e{i}", "organisation": f"o{i}", "slots": slots[i], "goals": goals[i]} for i in range(len(slots))
        ],
        "minimum": 1, "target": 2,
    } | more  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_circle_meets_when_those_can_come_who_gain_most(seed: int) -> None:
    assert np.flatnonzero(traded(a_circle_with_two_hours(), seed).fits[:, 0]).tolist() == [3, 4]


def test_whoever_is_pinned_can_come() -> None:
    meetings = traded(a_circle_with_two_hours(pinned={"e0": "m"}))
    assert meetings.fits[0, 0]
    assert not meetings.fits[3:].any()


def test_where_all_seats_cost_the_same_nothing_changes() -> None:
    problem = a_circle_with_two_hours(weights={"goals": 0})
    assert (traded(problem).fits == meetings_of(problem).fits).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_seats_get_cheaper_and_nobody_more_waits(seed: int) -> None:
    problem = generate(300, seed)
    before, after = meetings_of(problem, seed), traded(problem, seed)
    assert waiting(after) <= waiting(before)
    before.anneal(1.0, Meetings.floor(before.numbers))
    assert cheapest(after) < 0.9 * cheapest(before)


def test_every_circle_still_has_one_meeting_that_its_mentor_can_make() -> None:
    meetings = traded(generate(120, 1))
    numbers = meetings.numbers
    for j, fits in enumerate(meetings.fits.T):
        together = np.bitwise_and.reduce(numbers.mask[fits], axis=0) & meetings.offered[j]
        assert all(together[span].any() for span in numbers.spans)
    assert not (meetings.fits & ~meetings.possible).any()


@pytest.mark.parametrize(("times", "waiting"), [(1, 1), (2, 0)])
def test_whoever_must_be_apart_from_somebody_is_seated_elsewhere(times: int, waiting: int) -> None:
    people = [{"id": f"e{i}", "organisation": f"o{i}", "goals": ["law", "tax"][i // 2 :]} for i in range(3)]
    mentors = [
        {"id": f"m{j}", "organisation": "a", "capacity": 2, "expertise": [expertise]}
        for j, expertise in enumerate(["law", "tax"])
    ]
    data = {"mentors": mentors, "mentees": people, "apart": [["e0", "e1"]], "minimum": 1, "target": 2}
    meetings = meetings_of(data | {"fit": [["e0", "m0", 0], ["e1", "m0", 0], ["e0", "m1", 9], ["e1", "m1", 9]]})
    seating = Seating(meetings.numbers)
    seat(seating, meetings, times)
    assert len(seating.waiting()) == waiting


def test_the_same_seed_and_rounds_choose_the_same_meetings() -> None:
    problem = generate(120, 1)
    assert (traded(problem).fits == traded(problem).fits).all()
    assert (traded(problem, 2).fits != traded(problem).fits).any()


def test_it_ends_when_it_is_stopped() -> None:
    budget = Budget(rounds=ROUNDS, should_stop=lambda: True)
    problem = generate(120, 1)
    assert (traded(problem, budget=budget).fits == meetings_of(problem).fits).all()
    assert budget.done == 0


def test_a_large_cohort_begins_with_it_and_breaks_no_rule() -> None:
    data = generate(800, 1)
    first, second = (solve(read_problem(data), budget=Budget(rounds=40), seed=1) for _ in range(2))
    assert judge(data, first.as_json())["broken"] == {}
    assert first.circles == second.circles
