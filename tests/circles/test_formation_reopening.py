"""A dozen circles at a time choose their meetings again: the waiting list gets shorter, and no rule is broken."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from circles.formation.numbers import NOBODY, Ints, Numbers
from circles.formation.reading import read_problem
from circles.formation.reopening import Reopening
from circles.formation.seating import Seating
from circles.formation.shortlist import Shortlist
from tests.formation_reference.generate import generate


def shortlist_of(people: int, seed: int, **more: object) -> Shortlist:
    return Shortlist(Numbers(read_problem(generate(people, seed) | more)))


def waiting(where: Ints) -> int:
    return int((where == NOBODY).sum())


def everybody_waits(shortlist: Shortlist) -> Ints:
    return np.full(shortlist.numbers.n, NOBODY, dtype=np.int64)


def turns(amount: int) -> Callable[[], float]:
    """Time that passes by one second each time somebody looks."""
    past = itertools.count()
    return lambda: float(amount - next(past))


def mornings_and_afternoons(pairs: int) -> dict[str, object]:
    """So many circles of two; half of the people can only come in the morning, the others in the afternoon."""
    both = ["mon-0900", "mon-1400"]
    return {
        "mentors": [{"id": f"m{j}", "organisation": "a", "slots": both, "capacity": 2} for j in range(pairs)],
        "mentees": [{"id": f"e{i}", "organisation": f"o{i}", "slots": [both[i % 2]]} for i in range(2 * pairs)],
        "minimum": 1, "target": 2,
    }  # fmt: skip


@pytest.mark.parametrize("pairs", [2, 16])
def test_circles_that_all_meet_in_the_morning_come_to_seat_everybody(pairs: int) -> None:
    shortlist = Shortlist(Numbers(read_problem(mornings_and_afternoons(pairs))))
    start, told = everybody_waits(shortlist), []
    start[::2] = np.arange(pairs)  # one early riser in each circle, and the afternoon's people wait
    turns = itertools.count()
    found = Reopening(shortlist, start, 1).shorten(
        0, lambda: 60.0 - next(turns), lambda where: told.append(waiting(where))
    )
    seating = Seating(shortlist.numbers)
    seating.take_over(found)
    assert (waiting(found), seating.legal()) == (0, True)
    assert told == sorted(set(told), reverse=True)
    assert told[-1] == 0


def test_people_who_must_be_apart_are_not_seated_together() -> None:
    everybody = [mentee["id"] for mentee in generate(50, 1)["mentees"]]
    shortlist = shortlist_of(50, 1, apart=[[everybody[0], other] for other in everybody[1:40]])
    turns = itertools.count()
    found = Reopening(shortlist, everybody_waits(shortlist), 1).shorten(
        0, lambda: 4.0 - next(turns), lambda where: None
    )
    assert found[0] == NOBODY or not (found[1:40] == found[0]).any()
