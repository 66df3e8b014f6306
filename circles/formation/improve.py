"""Improvement: lift one person from each of many circles and seat them all again at once, at the least cost.

Because no circle gets more than one of them back, the price of every seat is exact and one assignment problem finds the
best way for all of them together. A little noise, cooled as time goes on, leaves local optima; from time to time
circles are moved to another meeting, closed or opened, and what follows is mended by the same step.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from circles.formation.budget import Budget
from circles.formation.chains import Chains
from circles.formation.numbers import NOBODY, Floats, Ints, Masks, Numbers
from circles.formation.seating import Seating

MOST_CIRCLES = 300
MOST_WAITING = 150
# How often a circle with an empty seat offers that instead of lifting somebody.
OFFER_SEAT = 0.15
SETTLING_STEPS = 12


@dataclass(frozen=True)
class Temper:
    """How the search goes about it. Noise is a price; at 8 it is about what one pair of the same function costs.

    It starts at `hottest` and cools; one step in `shake_every` is a shake of `shaken` circles, mended in
    `mending_steps` among `mending_circles` with noise that starts at `mending_noise`. A shake may make things worse by
    `shaken_noise` × the noise and be kept. A chain of moves is looked for with so many other meetings (`chains`).
    Measured on cohorts of 50 to 20,000 people.
    """

    hottest: float
    shake_every: int
    shaken: int
    shaken_noise: float
    mending_steps: int
    mending_noise: float
    mending_circles: int
    chains: int


# In small cohorts meetings decide: most of the time goes into other meetings, and what follows is mended at length.
FEW = Temper(6.0, 2, 1, 5.0, mending_steps=60, mending_noise=6.0, mending_circles=MOST_CIRCLES, chains=6)
# Unless nearly everybody could meet in nearly every circle; then seats do.
FREE = Temper(6.0, 40, 1, 2.0, mending_steps=20, mending_noise=5.0, mending_circles=MOST_CIRCLES, chains=0)
MANY = Temper(2.5, 5, 1, 2.0, mending_steps=10, mending_noise=2.0, mending_circles=60, chains=0)
# So many that every circle is looked at a few hundred times at most: there is no time to stray.
VERY_MANY = Temper(2.0, 100, 30, 2.0, mending_steps=10, mending_noise=1.0, mending_circles=MOST_CIRCLES, chains=0)
# The share of people × circles that could meet above which a cohort is called free.
FREEDOM = 0.85
# With more circles than these, one shaken circle is not worth much mending, and one start is like another.
MANY_CIRCLES, VERY_MANY_CIRCLES = 80, 1000
CLOSING = 0.2
# How often only a closed circle is tried, where there is one.
OPENING = 0.3
# A seating from elsewhere is made better in so many steps, with noise that starts at this price, before it is judged.
LOOKING_STEPS, MENDED = 1000, 8.0
# How far the search may stray from its best before it goes back to it, in the same unit as noise.
STRAY = 40.0
# Seatings that cost no more than this above the best are good enough to be noted.
NOTED = 300.0


def temper_for(numbers: Numbers) -> Temper:
    if numbers.m > VERY_MANY_CIRCLES:
        return VERY_MANY
    if numbers.m > MANY_CIRCLES:
        return MANY
    return FREE if numbers.freedom > FREEDOM else FEW


class Search:
    """One search over seatings, from the one it is given."""

    def __init__(
        self,
        seating: Seating,
        budget: Budget,
        seed: int,
        *,
        note: Callable[[Seating], None] | None = None,
        listen: Callable[["Search"], bool] | None = None,
    ) -> None:
        """`note` is shown the good seatings on the way; `listen` is asked at each step whether the best is proven."""
        self.seating, self.budget = seating, budget
        self._note, self._listen = note, listen
        self.temper = temper_for(seating.numbers)
        self.random = np.random.default_rng(seed)
        self._chains = Chains(seating, self.random)
        self._drawn: Floats = np.zeros(0)
        self.best_cost = np.inf
        self.best: Ints = seating.where.copy()
        self.keep()

    def keep(self) -> None:
        """Remember the seating as it stands when it is legal and the cheapest so far."""
        if self.seating.total < self.best_cost - 1e-6 and self.seating.legal():
            self.best_cost, self.best = self.seating.total, self.seating.where.copy()
        if self._note and self.seating.total < self.best_cost + NOTED:
            self._note(self.seating)

    def consider(self, where: Ints) -> None:
        """Look at a seating that somebody else found, and go on from it when it comes out the cheapest so far."""
        before = self.best_cost
        self.seating.take_over(where)
        self.settle()
        if self.best_cost < before:
            return
        for step in range(1, LOOKING_STEPS + 1):
            if self.budget.over():
                break
            self.reseat(self.some_circles(), MENDED * (1 - step / LOOKING_STEPS) ** 2)
            self.keep()
        if self.best_cost >= before:
            self.seating.restore(self.best)

    def settle(self) -> None:
        """Close the circles that are under their minimum, and seat whom that leaves over."""
        short = np.flatnonzero(self.seating.short())
        if len(short):
            leaving = np.isin(self.seating.where, short) & (self.seating.numbers.pinned == NOBODY)
            self.seating.let_wait(np.flatnonzero(leaving))
        for _ in range(SETTLING_STEPS):
            self.reseat(self.some_circles(), 0)
            self.keep()

    def run(self, until: float) -> None:
        """Search until this share of the budget is used; the seating is then the best one found."""
        begin = self.budget.share()
        while self.budget.share() < until and not self.budget.over():
            if self._listen and self._listen(self):
                break
            left = (until - self.budget.share()) / max(until - begin, 1e-9)
            self.step(self.temper.hottest * left**2)
            self.budget.done += 1
            self.budget.report(self.best_cost)
        self.seating.restore(self.best)

    def step(self, noise: float) -> None:
        if self.random.integers(self.temper.shake_every) == 0:
            self.shake(noise)
        else:
            self.reseat(self.some_circles(), noise)
        self.keep()
        if self.seating.total > self.best_cost + STRAY * noise and self.random.integers(20) == 0:
            self.seating.restore(self.best)

    def some_circles(self) -> Ints:
        everything = self.seating.numbers.m
        return self.random.permutation(everything)[:MOST_CIRCLES]

    def reseat(self, circles: Ints, noise: float) -> None:
        """Lift one person from each circle, or offer its empty seat, and seat them and those who wait again."""
        seating = self.seating
        waiting = seating.waiting()
        if len(waiting) > MOST_WAITING:
            waiting = self.random.choice(waiting, MOST_WAITING, replace=False)
        lifted = self._lift_from(circles)
        people = np.concatenate([lifted, waiting])
        origin = np.concatenate([self._origin, np.full(len(waiting), NOBODY)])
        circles = circles[seating.size[circles] < seating.numbers.capacity[circles]]
        if len(people) and len(circles):
            self._seat_all(people, origin, circles, noise)

    def _lift_from(self, circles: Ints) -> Ints:
        """One movable person of each circle that has one, chosen at random; `_origin` is where each of them sat."""
        seating = self.seating
        movable = seating.size[circles] - seating.fixed[circles]
        has_room = seating.size[circles] < seating.numbers.capacity[circles]
        chosen = (movable > 0) & ~(has_room & (self.random.random(len(circles)) < OFFER_SEAT))
        self._origin = circles[chosen]
        which = seating.fixed[self._origin] + (self.random.random(len(self._origin)) * movable[chosen]).astype(np.int64)
        lifted = seating.table[self._origin, which]
        seating.lift(lifted)
        return lifted

    def _seat_all(self, people: Ints, origin: Ints, circles: Ints, noise: float) -> None:
        """The cheapest way to give each of the waiting people a seat, at most one a circle, or let them wait."""
        seating = self.seating
        away = seating.numbers.away[people]
        gain = seating.prices(people, circles) - away[:, None]
        sat = np.flatnonzero(origin != NOBODY)
        column = np.empty(seating.numbers.m, dtype=np.int64)
        column[circles] = np.arange(len(circles))
        before = gain[sat, column[origin[sat]]].sum()
        chosen = assign(gain + noise * self._noise(gain.shape) if noise else gain)
        seated = np.flatnonzero(chosen != NOBODY)
        seating.seat(people[seated], circles[chosen[seated]])
        seating.total += float(gain[seated, chosen[seated]].sum() - before)

    def _noise(self, shape: tuple[int, ...]) -> Floats:
        """Exponential noise of mean 1: some part of what was drawn once, because drawing takes longer than looking."""
        size = math.prod(shape)
        if size > len(self._drawn):
            self._drawn = self.random.standard_exponential(4 * size)
        begin = int(self.random.integers(len(self._drawn) - size + 1))
        return self._drawn[begin : begin + size].reshape(shape)

    def shake(self, noise: float) -> None:
        """Move circles to other meetings, close or open them, and mend what follows; go back when that is better."""
        before, cost = self.seating.where.copy(), self.seating.total
        steps, start = self.temper.mending_steps, self.temper.mending_noise
        shaken = self._to_shake()
        around = self._around(shaken)
        for j in shaken:
            self._disturb(j, around)
        for step in range(1, steps + 1):
            if self.budget.over():
                break
            self.reseat(self._around(shaken), start * (1 - step / steps) ** 2)
            self.keep()
        if self.seating.total > cost + self.temper.shaken_noise * noise:
            self.seating.restore(before)

    def _around(self, shaken: list[int]) -> Ints:
        """The circles that were shaken and some others: a change is mended faster among a few."""
        some = self.random.permutation(self.seating.numbers.m)[: self.temper.mending_circles]
        return np.union1d(shaken, some)

    def _to_shake(self) -> list[int]:
        """Some circles; or one that is closed, by itself: a good opening is lost among other changes."""
        closed = np.flatnonzero(self.seating.size == 0)
        if len(closed) and self.random.random() < OPENING:
            return [int(self.random.choice(closed))]
        some = self.random.integers(self.seating.numbers.m, size=self.temper.shaken)
        return [int(j) for j in some]

    def _disturb(self, j: int, around: Ints) -> None:
        if self.seating.size[j] == 0:
            self._open(j)
        elif self.random.random() < CLOSING:
            self.seating.let_wait(self.seating.movable(j))
        else:
            self._change_meeting(j, around)

    def _some_meeting(self, j: int) -> Masks:
        """One time, place and language of the mentor's, that somebody who may come can make."""
        numbers = self.seating.numbers
        able = np.flatnonzero(numbers.allowed[:, j])
        mask = numbers.mentor_mask[j]
        if len(able):
            mask = mask & numbers.mask[self.random.choice(able)]
        return numbers.some_meeting(mask, self.random)

    def _change_meeting(self, j: int, around: Ints) -> None:
        """Move it, or another, to a meeting that makes nobody else wait; or else let those wait who can't come."""
        numbers = self.seating.numbers
        wanted = self._some_meeting(j)
        for _ in range(self.temper.chains):
            if self._chains.move(j, wanted, around):
                return
            j = int(self.random.choice(around[self.seating.size[around] > 0]))
            wanted = self._some_meeting(j)
        movable = self.seating.movable(j)
        if len(movable):
            stays = numbers.can_meet(numbers.mask[movable], wanted[None, :])[:, 0]
            self.seating.let_wait(movable[~stays])

    def _open(self, j: int) -> None:
        """Fill a closed circle to its minimum, from those who wait first and then from circles that can spare one."""
        numbers, seating = self.seating.numbers, self.seating
        wanted = self._some_meeting(j)
        able = np.flatnonzero(numbers.allowed[:, j] & numbers.can_meet(numbers.mask, wanted[None, :])[:, 0])
        where, here = seating.where.copy(), np.array([j])
        for i in self._order_for_opening(able):
            if seating.size[j] >= numbers.least[j]:
                break
            origin = seating.where[i]
            if origin != NOBODY and seating.size[origin] <= numbers.least[origin]:
                continue
            one = np.array([i])
            if origin != NOBODY:
                seating.lift(one)
            if np.isfinite(seating.prices(one, here)[0, 0]):
                seating.seat(one, here)
            elif origin != NOBODY:
                seating.seat(one, np.array([origin]))
        seating.total = seating.cost() if (seating.where != where).any() else seating.total

    def _order_for_opening(self, able: Ints) -> Ints:
        free = able[self.seating.numbers.pinned[able] == NOBODY]
        waits = self.seating.where[free] == NOBODY
        order: Ints = free[np.lexsort((self.random.random(len(free)), ~waits))]
        return order


def assign(gain: Floats) -> Ints:
    """For each row the column it gets, or NOBODY where none is below zero for it; at the least total."""
    price = np.minimum(gain, 0)
    rows, columns = linear_sum_assignment(price)
    chosen = np.full(len(gain), NOBODY, dtype=np.int64)
    chosen[rows] = np.where(price[rows, columns] < 0, columns, NOBODY)
    return chosen
