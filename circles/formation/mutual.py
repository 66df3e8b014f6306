"""Pairs in which each person mentors the other: a matching of people, not of seats.

Everybody is put on one of two sides, partners always on different ones, and an assignment between the sides finds the
best pairs across. No round makes it worse, and other sides the next time leave other pairs open. Where people fall into
two sides by themselves, as leads and members do, the first round is exact.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from circles.formation import rules
from circles.formation.answer import Circle
from circles.formation.budget import Budget
from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers

# So many rounds without a better matching end the run.
PATIENCE = 60


class Pairs:
    """The people who stand in both lists, and what each two of them would cost as a pair, both waiting being 0."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.ids = [ident for ident in numbers.row if ident in numbers.column]
        self.rows = np.array([numbers.row[ident] for ident in self.ids], dtype=np.int64)
        self.columns = np.array([numbers.column[ident] for ident in self.ids], dtype=np.int64)
        self.price = self._prices()
        self.partner: Ints = np.full(len(self.ids), NOBODY, dtype=np.int64)
        self._pin()

    def _prices(self) -> Floats:
        numbers, weights = self.numbers, self.numbers.problem.weights
        across = np.ix_(self.rows, self.columns)
        one_way = numbers.alone[across] - numbers.away[self.rows][:, None]
        one_way = one_way + weights.size * (1 - numbers.problem.target) ** 2 - weights.closed
        price: Floats = one_way + one_way.T
        both = numbers.mask[self.rows] & numbers.mentor_mask[self.columns]
        allowed = numbers.allowed[across]
        # A circle of one opens where its minimum is one, or where the one in it is pinned.
        opens = (numbers.least[self.columns] <= 1)[None, :] | (numbers.pinned[self.rows] != NOBODY)[:, None]
        price[~(allowed & allowed.T & opens & opens.T & numbers.can_meet(both, both))] = np.inf
        return price

    def _pin(self) -> None:
        position = {ident: k for k, ident in enumerate(self.ids)}
        for a, b in self.numbers.problem.pinned.items():
            self.partner[position[a]], self.partner[position[b]] = position[b], position[a]
        self.free = np.flatnonzero(self.partner == NOBODY)

    def improve(self, budget: Budget, seed: int) -> None:
        """Match again and again until the budget is used or nothing gets better."""
        random, without_gain = np.random.default_rng(seed), 0
        sides = two_sides(np.isfinite(self.price[np.ix_(self.free, self.free)]))
        while without_gain < (1 if sides is not None else PATIENCE) and not budget.over():
            before = self.total()
            self._match(sides if sides is not None else self._some_sides(random))
            without_gain = 0 if self.total() < before - 1e-9 else without_gain + 1
            budget.done += 1

    def _some_sides(self, random: np.random.Generator) -> Bools:
        """A random side for each free person, the other one for their partner."""
        side = random.random(len(self.ids)) < 0.5
        for a in self.free:
            if self.partner[a] > a:
                side[self.partner[a]] = not side[a]
        chosen: Bools = side[self.free]
        return chosen

    def _match(self, sides: Bools) -> None:
        """The best pairs between the two sides; a pair that costs more than waiting is not made."""
        left, right = self.free[sides], self.free[~sides]
        if not len(left) or not len(right):
            return
        staying = np.zeros((len(left), len(left)))
        price = np.concatenate([self.price[np.ix_(left, right)], staying], axis=1)
        _, columns = linear_sum_assignment(price)
        self.partner[self.free] = NOBODY
        for a, column in zip(left, columns, strict=True):
            if column < len(right):
                self.partner[a], self.partner[right[column]] = right[column], a

    def total(self) -> float:
        paired = np.flatnonzero(self.partner != NOBODY)
        return float(self.price[paired, self.partner[paired]].sum()) / 2

    def bound(self) -> float:
        """What no pairing can cost less than: everybody may choose a partner, who need not choose them."""
        numbers, weights = self.numbers, self.numbers.problem.weights
        waiting = float(numbers.away.sum()) + weights.closed * numbers.m
        if not len(self.ids):
            return waiting
        price = np.minimum(self.price, 0)
        for a in np.flatnonzero(self.partner != NOBODY):
            if a not in self.free:
                price[a], price[a, self.partner[a]] = 1e9, self.price[a, self.partner[a]]
        rows, columns = linear_sum_assignment(price)
        return waiting + float(price[rows, columns].sum()) / 2

    def circles(self) -> list[Circle]:
        """Two circles a pair, one for each direction, in the same meeting."""
        problem, made = self.numbers.problem, []
        for a, b in enumerate(self.partner):
            if b == NOBODY:
                continue
            people = [
                problem.mentors[self.columns[min(a, b)]], problem.mentees[self.rows[max(a, b)]],
                problem.mentors[self.columns[max(a, b)]], problem.mentees[self.rows[min(a, b)]],
            ]  # fmt: skip
            slot, place, language = rules.meeting(people) or (None, None, None)
            made.append(Circle(self.ids[a], (self.ids[b],), slot, place, language))
        return made


def two_sides(linked: Bools) -> Bools | None:
    """A side for each person so that everybody's possible partners are all on the other; None when there is none."""
    side = np.full(len(linked), NOBODY)
    for start in range(len(linked)):
        if side[start] != NOBODY:
            continue
        side[start], layer = 1, np.array([start])
        while len(layer):
            reached = np.flatnonzero(linked[layer].any(axis=0))
            if (side[reached] == side[layer[0]]).any():
                return None
            fresh = reached[side[reached] == NOBODY]
            side[fresh] = 1 - side[layer[0]]
            layer = fresh
    first: Bools = side == 1
    return first
