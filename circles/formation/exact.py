"""Exact answers by constraint programming: a whole small cohort at once, or the one best circle of a mentor.

A boolean a possible seat, one meeting a circle, one size, and for each trait the steps of the price of a pair: the
second colleague costs one pair more, the third two more.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers
from circles.formation.shortlist import Shortlist, limited

# A whole cohort with more possible seats than these is not settled in the time that people wait.
MOST_SEATS_AT_ONCE = 600
# Prices that are no whole numbers are rounded down to these parts of one, so that a bound stays a bound.
PARTS_OF_ONE = 1000


class CircleModel:
    """One circle in a model: who sits in it (`seat`), whether it is open, and the terms of its price."""

    def __init__(self, model: cp_model.CpModel, numbers: Numbers, j: int, suits: Bools) -> None:
        self.model, self.numbers, self.j = model, numbers, j
        self.excused = bool((numbers.pinned == j).any())
        self.seat = {int(i): model.new_bool_var("") for i in np.flatnonzero(suits.any(axis=0))}
        self.scale = scale_of(numbers)
        self.terms: list[tuple[int, cp_model.IntVar]] = []
        self._meeting(suits)
        self._size()
        self._traits()
        for i in np.flatnonzero(numbers.pinned == j):
            model.add(self.seat[int(i)] == 1)

    def price(self, amount: float, variable: cp_model.IntVar) -> None:
        if scaled := math.floor(amount * self.scale + 1e-9):
            self.terms.append((scaled, variable))

    def _meeting(self, suits: Bools) -> None:
        meetings = [self.model.new_bool_var("") for _ in suits]
        self.open = self.model.new_bool_var("")
        self.model.add(sum(meetings) == self.open)
        for i, seat in self.seat.items():
            self.model.add(sum(meetings[k] for k in np.flatnonzero(suits[:, i])) >= seat)

    def _size(self) -> None:
        numbers, weights = self.numbers, self.numbers.problem.weights
        capacity = min(int(numbers.capacity[self.j]), len(self.seat))
        least = 1 if self.excused else max(1, int(numbers.least[self.j]))
        size = {n: self.model.new_bool_var("") for n in range(least, capacity + 1)}
        self.model.add(sum(size.values()) == self.open)
        self.model.add(sum(self.seat.values()) == sum(n * chosen for n, chosen in size.items()))
        for n, chosen in size.items():
            self.price(weights.size * (n - numbers.problem.target) ** 2, chosen)

    def _traits(self) -> None:
        for kind, amount, weight in self.numbers.kinds:
            alike: dict[int, list[cp_model.IntVar]] = {}
            for i, seat in self.seat.items():
                if weight and kind[i] < amount:
                    alike.setdefault(int(kind[i]), []).append(seat)
            for seats in alike.values():
                most = min(len(seats), int(self.numbers.capacity[self.j]))
                steps = [self.model.new_bool_var("") for _ in range(most)]
                self.model.add(sum(seats) <= sum(steps))
                for n, step in enumerate(steps[1:], start=1):
                    self.model.add_implication(step, steps[n - 1])
                    self.price(weight * n, step)

    def links(self, pairs: list[tuple[int, int, float]]) -> None:
        """Pairs with a price of their own; an infinite one keeps the two apart."""
        for a, b, price in pairs:
            if a in self.seat and b in self.seat:
                both = self.seat[a], self.seat[b]
                if math.isinf(price):
                    self.model.add_at_most_one(both)
                    continue
                together = self.model.new_bool_var("")
                if price > 0:
                    self.model.add(together >= both[0] + both[1] - 1)
                else:
                    self.model.add(together <= both[0])
                    self.model.add(together <= both[1])
                self.price(price, together)


def scale_of(numbers: Numbers) -> int:
    """1 where every price is a whole number."""
    return 1 if numbers.whole else PARTS_OF_ONE


def link_pairs(numbers: Numbers) -> list[tuple[int, int, float]]:
    """The pairs of mentees with a price of their own, each once."""
    first = np.repeat(np.arange(numbers.n), numbers.link_amount)
    once = first < numbers.link_to
    pairs = first[once], numbers.link_to[once], numbers.link_price[once]
    return list(zip(*(values.tolist() for values in pairs), strict=True))


@dataclass(frozen=True)
class Outcome:
    """The best seating found, what no seating can cost less than, and whether the two are proven the same."""

    where: Ints
    bound: float
    optimal: bool


def whole_cohort(
    shortlist: Shortlist,
    start: Ints,
    fewest: int,
    seed: int,
    *,
    seconds: float | None = None,
    work: float | None = None,
    tell: Callable[[float], None] | None = None,
) -> Outcome:
    """The cheapest seating of a small cohort in which at least `fewest` wait; `tell` hears of better bounds."""
    numbers, model = shortlist.numbers, cp_model.CpModel()
    pairs, scale = link_pairs(numbers), scale_of(numbers)
    circles = [CircleModel(model, numbers, j, suits) for j, suits in enumerate(shortlist.meetings)]
    terms, constant = [], 0
    for j, circle in enumerate(circles):
        circle.links(pairs)
        constant += math.floor(numbers.problem.weights.closed * scale)
        circle.price(-numbers.problem.weights.closed, circle.open)
        for i, seat in circle.seat.items():
            circle.price(numbers.alone[i, j] - numbers.away[i], seat)
            model.add_hint(seat, bool(start[i] == j))
        terms += circle.terms
    for i in range(numbers.n):
        model.add_at_most_one([circle.seat[i] for circle in circles if i in circle.seat])
    model.add(sum(seat for circle in circles for seat in circle.seat.values()) <= numbers.n - fewest)
    constant += sum(math.floor(away * scale) for away in numbers.away.tolist())
    model.minimize(cp_model.LinearExpr.weighted_sum([v for _, v in terms], [c for c, _ in terms]) + constant)
    solver = cp_model.CpSolver()
    limited(solver, seed, seconds=seconds, work=work)
    solver.parameters.linearization_level = 2
    if tell is not None:
        solver.best_bound_callback = lambda bound: tell(bound / scale)
    status = solver.solve(model)
    where = start.copy()
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        where[:] = NOBODY
        for j, circle in enumerate(circles):
            where[[i for i, seat in circle.seat.items() if solver.boolean_value(seat)]] = j
    return Outcome(where, solver.best_objective_bound / scale, status == cp_model.OPTIMAL)


def best_circle(
    numbers: Numbers, j: int, suits: Bools, worth: Floats, pairs: list[tuple[int, int, float]], seconds: float
) -> tuple[Ints, float]:
    """The members of mentor j's cheapest circle when person i is worth `worth[i]`, and what none can cost less than."""
    model = cp_model.CpModel()
    circle = CircleModel(model, numbers, j, suits)
    circle.terms = [(price * PARTS_OF_ONE // circle.scale, variable) for price, variable in circle.terms]
    circle.scale = PARTS_OF_ONE
    circle.links(pairs)
    model.add(circle.open == 1)
    for i, seat in circle.seat.items():
        circle.price(float(numbers.alone[i, j] - worth[i]), seat)
    model.minimize(cp_model.LinearExpr.weighted_sum([v for _, v in circle.terms], [c for c, _ in circle.terms]))
    solver = cp_model.CpSolver()
    limited(solver, 1, seconds=seconds, work=None)
    solver.parameters.linearization_level = 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return np.zeros(0, dtype=np.int64), solver.best_objective_bound / PARTS_OF_ONE
    members = np.array([i for i, seat in circle.seat.items() if solver.boolean_value(seat)], dtype=np.int64)
    return members, solver.best_objective_bound / PARTS_OF_ONE
