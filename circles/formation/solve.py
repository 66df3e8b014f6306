"""The whole run: from a problem to an answer that breaks no rule, however early it is stopped.

At once pinned people are seated and the rest wait; that is an answer already. Then meetings are chosen that seat as
many people as possible, and the search makes the circles better for as long as there is time.
"""

from collections.abc import Iterable

import numpy as np

from circles.formation import cost, rules, shortlist
from circles.formation.answer import Answer, Circle
from circles.formation.budget import Budget
from circles.formation.explain import Explainer
from circles.formation.improve import Search
from circles.formation.meetings import Meetings
from circles.formation.mutual import Pairs
from circles.formation.numbers import NOBODY, Ints, Numbers
from circles.formation.problem import Problem
from circles.formation.seating import Seating

# Until which share of the budget each step may go on.
MEETINGS_UNTIL = 0.35
PROOF_SHARE = 0.1
# The matching of people and seats is worth its time up to here.
MOST_PEOPLE_MATCHED = 6000


def solve(problem: Problem, *, budget: Budget | None = None, seed: int = 1) -> Answer:
    """Form circles. `problem` must have passed `reading.check_pins`."""
    budget = budget or Budget()
    numbers = Numbers(problem)
    proof: dict[str, str] = {}
    if problem.mutual:
        circles = _mutual(numbers, budget, seed)
    elif numbers.n and numbers.m:
        circles = _circles(numbers, budget, seed, proof)
    else:
        circles = []
    return _answer(numbers, circles, budget, proof)


def _mutual(numbers: Numbers, budget: Budget, seed: int) -> list[Circle]:
    pairs = Pairs(numbers)
    pairs.improve(budget, seed)
    return pairs.circles()


def _circles(numbers: Numbers, budget: Budget, seed: int, proof: dict[str, str]) -> list[Circle]:
    seating = Seating(numbers)
    search = Search(seating, budget, seed)
    if not budget.over():
        if _has_current(numbers):
            _take_over(seating, numbers.current)
            search.settle()
        floor = _choose_meetings(search, budget, seed)
        if numbers.n <= MOST_PEOPLE_MATCHED and not budget.over():
            floor = max(floor, _shorten(search, budget, seed, floor))
        search.run(1.0)
        if len(seating.waiting()) == floor:
            proof["waiting"] = "proven smallest"
    return list(_made(seating))


def _has_current(numbers: Numbers) -> bool:
    return bool((numbers.current != NOBODY).any())


def _choose_meetings(search: Search, budget: Budget, seed: int) -> int:
    """Seat as many as possible, unless it was better as it was; returns how many must wait whatever we do."""
    numbers = search.seating.numbers
    meetings = Meetings(numbers, budget, seed)
    if numbers.n <= MOST_PEOPLE_MATCHED and int(numbers.capacity.max()) > 1:
        meetings.anneal(MEETINGS_UNTIL)
        search.seating.restore(numbers.pinned)
        _take_over(search.seating, meetings.seating())
    search.settle()
    search.seating.restore(search.best)
    return meetings.floor()


def _take_over(seating: Seating, where: Ints) -> None:
    """Seat people as in `where`, leaving out those who can't after all."""
    for i in np.flatnonzero((where != NOBODY) & (seating.where == NOBODY)):
        if np.isfinite(seating.prices(np.array([i]), where[i : i + 1])[0, 0]):
            seating.seat(int(i), int(where[i]))


def _shorten(search: Search, budget: Budget, seed: int, floor: int) -> int:
    """Ask the solver for a shorter waiting list, or for proof that there is none; returns the fewest who can wait."""
    waiting = len(search.seating.waiting())
    if waiting <= floor:
        return floor
    found = shortlist.shortest(search.seating.numbers, search.seating.where, budget, seed, PROOF_SHARE)
    if found is None:
        return floor
    if int((found.where == NOBODY).sum()) < waiting:
        search.seating.restore(found.where)
        search.keep()
    return found.fewest


def _made(seating: Seating) -> Iterable[Circle]:
    problem = seating.numbers.problem
    for mentor, members in zip(problem.mentors, seating.members, strict=True):
        if members:
            yield rules.make_circle(mentor, [problem.mentees[i] for i in sorted(members)])


def _answer(numbers: Numbers, circles: list[Circle], budget: Budget, proof: dict[str, str]) -> Answer:
    explainer = Explainer(numbers, circles)
    return Answer(
        circles=tuple(circles),
        waiting=explainer.reasons(),
        because=explainer.placements(),
        parts=cost.parts(numbers.problem, {circle.mentor: circle.mentees for circle in circles}),
        proof=proof,
        seconds=budget.elapsed(),
    )
