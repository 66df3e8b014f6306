"""Improvement: lift one person from each of many circles and seat them all again at once, at the least cost.

Because no circle gets more than one of them back, the price of every seat is exact and one assignment problem finds the
best way for all of them together. A little noise, cooled as time goes on, leaves local optima; from time to time a
circle is moved to another meeting, closed or opened, and what follows is mended by the same step.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from circles.formation.budget import Budget
from circles.formation.numbers import NOBODY, Floats, Ints, Masks, one_bit_each
from circles.formation.seating import Seating

MOST_CIRCLES = 300
MOST_WAITING = 150
# The noise at the start, as a price; about what one pair of the same function costs.
HOTTEST = 9.0
SHAKE_EVERY = 6
MENDING_STEPS = 6
SETTLING_STEPS = 12
# How far the search may stray from its best before it goes back to it, in the same unit as noise.
STRAY = 40.0


class Search:
    """One search over seatings, from the one it is given."""

    def __init__(self, seating: Seating, budget: Budget, seed: int) -> None:
        self.seating, self.budget = seating, budget
        self.random = np.random.default_rng(seed)
        self.best_cost = np.inf
        self.best: Ints = seating.where.copy()
        self.keep()

    def keep(self) -> None:
        """Remember the seating as it stands when it is legal and the cheapest so far."""
        cost = self.seating.cost()
        if cost < self.best_cost - 1e-6 and self.seating.legal():
            self.best_cost, self.best = cost, self.seating.where.copy()

    def settle(self) -> None:
        """Close the circles that are under their minimum, and seat whom that leaves over."""
        for j in np.flatnonzero(self.seating.short()):
            self._lift_all(self.seating.movable(int(j)))
        for _ in range(SETTLING_STEPS):
            self.reseat(self.some_circles(), 0)
            self.keep()

    def run(self, until: float) -> None:
        """Search until this share of the budget is used; the seating is then the best one found."""
        begin = self.budget.share()
        while self.budget.share() < until and not self.budget.over():
            left = (until - self.budget.share()) / max(until - begin, 1e-9)
            self.step(HOTTEST * left**2)
            self.budget.done += 1
            self.budget.report(self.best_cost)
        self.seating.restore(self.best)

    def step(self, noise: float) -> None:
        if self.random.integers(SHAKE_EVERY) == 0:
            self.shake(noise)
        else:
            self.reseat(self.some_circles(), noise)
        self.keep()
        if self.seating.cost() > self.best_cost + STRAY * noise and self.random.integers(20) == 0:
            self.seating.restore(self.best)

    def some_circles(self) -> Ints:
        everything = self.seating.numbers.m
        return self.random.permutation(everything)[:MOST_CIRCLES]

    def reseat(self, circles: Ints, noise: float) -> None:
        """Lift one person from each circle, or offer its empty seat, and seat them and those who wait again."""
        lifted = self._lift_from(circles)
        waiting = self.seating.waiting()
        people = np.array(lifted, dtype=np.int64)
        others = np.setdiff1d(waiting, people, assume_unique=True)
        if len(others) > MOST_WAITING:
            others = self.random.choice(others, MOST_WAITING, replace=False)
        self._seat_all(np.concatenate([people, others]), self._with_a_seat(circles), noise)

    def _lift_from(self, circles: Ints) -> list[int]:
        lifted = []
        for j in circles:
            movable = self.seating.movable(int(j))
            has_room = self.seating.size[j] < self.seating.numbers.capacity[j]
            if movable and not (has_room and self.random.random() < 0.15):
                lifted.append(movable[self.random.integers(len(movable))])
        for i in lifted:
            self.seating.lift(i)
        return lifted

    def _with_a_seat(self, circles: Ints) -> Ints:
        seating = self.seating
        return circles[seating.size[circles] < seating.numbers.capacity[circles]]

    def _seat_all(self, people: Ints, circles: Ints, noise: float) -> None:
        """The cheapest way to give each of the waiting people a seat, at most one a circle, or let them wait."""
        if not len(people) or not len(circles):
            return
        price = self.seating.prices(people, circles)
        if noise:
            price += self.random.exponential(noise, price.shape)
        for i, j in zip(people, assign(price, self.seating.numbers.away[people]), strict=True):
            if j != NOBODY:
                self.seating.seat(int(i), int(circles[j]))

    def shake(self, noise: float) -> None:
        """Move a circle to another meeting, close it or open it; go back when mending does not make it worth it."""
        before, cost = self.seating.where.copy(), self.seating.cost()
        j = int(self.random.integers(self.seating.numbers.m))
        if self.seating.size[j] == 0:
            self._open(j)
        elif self.random.random() < 0.2:
            self._lift_all(self.seating.movable(j))
        else:
            self._change_meeting(j)
        for _ in range(MENDING_STEPS):
            self.reseat(self.some_circles(), 0)
        if self.seating.cost() > cost + 4 * noise or self.random.integers(50) == 0:
            self.keep()
            self.seating.restore(before)

    def _lift_all(self, people: list[int]) -> None:
        for i in people:
            self.seating.lift(i)

    def _some_meeting(self, j: int) -> Masks:
        """One time, place and language of the mentor's, that somebody who may come can make."""
        numbers = self.seating.numbers
        able = np.flatnonzero(numbers.allowed[:, j])
        mask = numbers.mentor_mask[j]
        if len(able):
            mask = mask & numbers.mask[self.random.choice(able)]
        return one_bit_each(mask, numbers.spans, self.random)

    def _change_meeting(self, j: int) -> None:
        """Lift everybody who cannot come to another meeting of the circle's."""
        numbers = self.seating.numbers
        wanted = self._some_meeting(j)
        movable = np.array(self.seating.movable(j), dtype=np.int64)
        if len(movable):
            stays = numbers.can_meet(numbers.mask[movable], wanted[None, :])[:, 0]
            self._lift_all([int(i) for i in movable[~stays]])

    def _open(self, j: int) -> None:
        """Fill a closed circle to its minimum, from those who wait first and then from circles that can spare one."""
        numbers, seating = self.seating.numbers, self.seating
        wanted = self._some_meeting(j)
        able = np.flatnonzero(numbers.allowed[:, j] & numbers.can_meet(numbers.mask, wanted[None, :])[:, 0])
        for i in self._order_for_opening(able):
            if seating.size[j] >= numbers.least[j]:
                return
            if seating.where[i] != NOBODY:
                if seating.size[seating.where[i]] <= numbers.least[seating.where[i]]:
                    continue
                seating.lift(int(i))
            if np.isfinite(seating.prices(np.array([i]), np.array([j]))[0, 0]):
                seating.seat(int(i), j)

    def _order_for_opening(self, able: Ints) -> Ints:
        free = able[self.seating.numbers.pinned[able] == NOBODY]
        waits = self.seating.where[free] == NOBODY
        order: Ints = free[np.lexsort((self.random.random(len(free)), ~waits))]
        return order


def assign(price: Floats, away: Floats) -> Ints:
    """For each row the column it gets, or NOBODY where staying away is better; at the least total."""
    amount = len(price)
    # Everybody has a column of their own for staying away, so that the assignment always exists.
    staying = np.full((amount, amount), np.inf)
    np.fill_diagonal(staying, away)
    _, columns = linear_sum_assignment(np.concatenate([price, staying], axis=1))
    return np.where(columns < price.shape[1], columns, NOBODY)
