"""A circle meets at another time, and nobody else has to wait for it: people move on from circle to circle."""

import numpy as np
import pytest

from circles.formation.budget import Budget
from circles.formation.chains import Chains
from circles.formation.improve import Search
from circles.formation.meetings import Meetings
from circles.formation.numbers import NOBODY, Numbers
from circles.formation.reading import read_problem
from circles.formation.seating import Seating
from tests.formation_reference.generate import generate


def seating_of(problem: dict[str, object], where: list[int]) -> Seating:
    seating = Seating(Numbers(read_problem(problem)))
    seating.take_over(np.array(where))
    assert seating.where.tolist() == where
    return seating


def a_row_of_circles(**more: object) -> dict[str, object]:
    """Three full circles of one. Their people can move one circle on, and the last one only to the first's new time."""
    mentors = [["mon", "tue"], ["wed"], ["thu"]]
    mentees = [["mon", "wed"], ["wed", "thu"], ["thu", "tue"]]
    return {
        "mentors": [
            {"id": f"m{j}", "organisation": "a", "slots": slots, "capacity": 1} for j, slots in enumerate(mentors)
        ],
        "mentees": [{"id": f"e{i}", "organisation": f"o{i}", "slots": slots} for i, slots in enumerate(mentees)],
        "minimum": 1, "target": 1,
    } | more  # fmt: skip


def tuesday(seating: Seating) -> np.ndarray:
    """The time that the first mentor shares with the third mentee."""
    numbers = seating.numbers
    return numbers.some_meeting(numbers.mentor_mask[0] & numbers.mask[2], np.random.default_rng(1))


def test_everybody_moves_one_circle_on() -> None:
    seating = seating_of(a_row_of_circles(), [0, 1, 2])
    moved = Chains(seating, np.random.default_rng(1)).move(0, tuesday(seating), np.arange(3))
    assert (moved, seating.where.tolist()) == (True, [1, 2, 0])
    assert seating.total == seating.cost()


@pytest.mark.parametrize(
    "more",
    [{"pinned": {"e1": "m1"}}, {"pinned": {"e0": "m0"}}, {"apart": [["e2", "m0"]]}],
    ids=["somebody on the way stays put", "the circle's own stays put", "the last one must not come"],
)
def test_nothing_changes_where_somebody_would_have_to_wait(more: dict[str, object]) -> None:
    seating = seating_of(a_row_of_circles(**more), [0, 1, 2])
    total = seating.total
    moved = Chains(seating, np.random.default_rng(1)).move(0, tuesday(seating), np.arange(3))
    assert (moved, seating.where.tolist(), seating.total) == (False, [0, 1, 2], total)


def test_only_the_circles_given_take_part() -> None:
    seating = seating_of(a_row_of_circles(), [0, 1, 2])
    assert not Chains(seating, np.random.default_rng(1)).move(0, tuesday(seating), np.array([0, 2]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_rule_is_broken_and_nobody_more_waits_in_a_realistic_cohort(seed: int) -> None:
    numbers, random = Numbers(read_problem(generate(120, seed))), np.random.default_rng(seed)
    seating = Seating(numbers)
    seating.take_over(Meetings(numbers, Budget(rounds=10), seed).seating())
    Search(seating, Budget(rounds=10), seed).settle()
    chains, everything, done = Chains(seating, random), np.arange(numbers.m), 0
    for _ in range(200):
        j = int(random.choice(np.flatnonzero(seating.size)))
        waiting = len(seating.waiting())
        if chains.move(j, numbers.some_meeting(numbers.mentor_mask[j], random), everything):
            done += 1
            assert len(seating.waiting()) <= waiting
            assert seating.legal()
            again = Seating(numbers)
            again.take_over(seating.where)
            assert (again.where == seating.where).all()
            assert (seating.where[numbers.pinned != NOBODY] == numbers.pinned[numbers.pinned != NOBODY]).all()
    assert done > 10
