"""When and where each circle meets, so that as many people as possible can be seated.

Given one meeting a circle, how many can be seated is a bipartite matching of people and seats, found in milliseconds.
So meetings are changed one circle at a time and kept, by simulated annealing, when the matching finds them good.
A circle that cannot reach its minimum costs more than closing it, and closing it is one of the changes.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from circles.formation.budget import Budget
from circles.formation.matching import Matching
from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Masks, Numbers

# What an empty seat below a circle's minimum counts against a person who waits.
SHORT = 2.0
HOT, COLD = 0.8, 0.05
CLOSING = 0.25
FOR_WAITING = 0.8
STEPS_A_CIRCLE = 50
# With more people × seats than these the cheapest seating is not worth its time and memory.
MOST_PRICED = 8_000_000


class Meetings:
    """One chosen meeting a circle, or closed; `fits[j]` are the people who could then sit in it."""

    def __init__(self, numbers: Numbers, budget: Budget, seed: int) -> None:
        self.numbers, self.budget = numbers, budget
        self.random = np.random.default_rng(seed)
        self.possible = numbers.possible()
        self.offered = numbers.offered()
        self.fixed = set(numbers.pinned[numbers.pinned != NOBODY].tolist())
        fits = [self._fits(j, self.some_meeting(j)) for j in range(numbers.m)]
        self.fits: Bools = np.array(fits, dtype=np.bool_).reshape(numbers.m, numbers.n).T.copy()

    def some_meeting(self, j: int, guest: int = NOBODY) -> Masks:
        """One time, place and language of the mentor's that a guest can make; without one, somebody who may come."""
        able = np.flatnonzero(self.possible[:, j])
        mask = self.offered[j]
        if guest != NOBODY or len(able):
            mask = mask & self.numbers.mask[guest if guest != NOBODY else self.random.choice(able)]
        return self.numbers.some_meeting(mask, self.random)

    def _fits(self, j: int, meeting: Masks) -> Bools:
        """Who could sit in circle j if it met then."""
        able: Bools = self.possible[:, j] & self.numbers.can_meet(self.numbers.mask, meeting[None])[:, 0]
        return able

    def _least(self, fits: Bools) -> Ints:
        """How many seats each circle must fill: none where it is closed."""
        least: Ints = np.where(fits.any(axis=0), self.numbers.least, 0)
        return least

    def anneal(self, until: float, floor: int) -> None:
        """Change meetings until as few wait as `floor` says, or this share of the budget is used, or long enough."""
        all_seats = Matching(self.fits, self.numbers.capacity)
        must_seats = Matching(self.fits, self._least(self.fits))
        price = _price(all_seats, must_seats)
        best_price, steps = price, STEPS_A_CIRCLE * self.numbers.m
        for step in range(steps):
            if best_price <= floor or self.budget.share() >= until or self.budget.over():
                return
            limit = price + self.random.exponential(COLD + HOT * (1 - step / steps) ** 2)
            j, fits = self._change(all_seats)
            price = _try(j, fits, int(self.numbers.least[j]), all_seats, must_seats, limit, price)
            if price < best_price:
                self.fits, best_price = all_seats.fits.copy(), price
            self.budget.done += 1
            self.budget.report(None)

    def _change(self, matching: Matching) -> tuple[int, Bools]:
        """A circle and who fits it after a change: nobody, or another meeting, often one for somebody who waits."""
        j, guest, waiting = int(self.random.integers(self.numbers.m)), NOBODY, matching.waiting()
        if len(waiting) and self.random.random() < FOR_WAITING:
            somebody = int(self.random.choice(waiting))
            circles = np.flatnonzero(self.possible[somebody])
            if len(circles):
                j, guest = int(self.random.choice(circles)), somebody
        elif matching.fits[:, j].any() and j not in self.fixed and self.random.random() < CLOSING:
            return j, np.zeros(self.numbers.n, dtype=np.bool_)
        return j, self._fits(j, self.some_meeting(j, guest))

    @staticmethod
    def floor(numbers: Numbers) -> int:
        """How many people wait whatever the meetings: those without a possible seat, or without any seat left."""
        without = int((~numbers.allowed.any(axis=1)).sum())
        return max(without, numbers.n - int(numbers.capacity.sum()))

    def seating(self) -> Ints:
        """Who sits where: everybody who can be, minimums first; in all but the largest cohorts at the least price."""
        if self.numbers.n * int(self.numbers.capacity.sum()) > MOST_PRICED:
            return self._seating_of_many()
        return self._priced_seating()

    def _seating_of_many(self) -> Ints:
        """Whoever a minimum needs sits first; the rest where there is room."""
        matching = Matching(self.fits, self._least(self.fits))
        for j in np.flatnonzero(self.fits.any(axis=0)):
            matching.free[j] += self.numbers.capacity[j] - matching.seats[j]
        matching.seat_more()
        return matching.where

    def _priced_seating(self) -> Ints:
        numbers, fits = self.numbers, self.fits
        circle = np.repeat(np.arange(numbers.m), numbers.capacity)
        nth = np.concatenate([np.arange(amount) for amount in numbers.capacity])
        bonus = np.where(nth < numbers.least[circle], numbers.problem.weights.waiting + 1, 0)
        price: Floats = np.where(fits, numbers.alone, np.inf)[:, circle] - bonus
        away = np.broadcast_to(numbers.away[:, None] + 1e5, price.shape)
        price = np.where(np.isfinite(price), price, away)
        spare = np.broadcast_to(away[:, :1], (numbers.n, max(0, numbers.n - len(circle))))
        rows, columns = linear_sum_assignment(np.concatenate([price, spare], axis=1))
        where = np.append(circle, np.full(spare.shape[1], NOBODY))[columns]
        return np.where((where != NOBODY) & fits[rows, where], where, NOBODY)


def _price(all_seats: Matching, must_seats: Matching) -> float:
    """People who wait, and empty seats below the minimum of open circles."""
    return len(all_seats.waiting()) + SHORT * must_seats.empty()


def _try(
    j: int, fits: Bools, least: int, all_seats: Matching, must_seats: Matching, limit: float, price: float
) -> float:
    """Make a change to circle j if its price is within the limit; returns the price from then on."""
    before = all_seats.fits[:, j].copy()
    states = all_seats.remember(), must_seats.remember()
    all_seats.change(j, fits, int(all_seats.seats[j]))
    if len(all_seats.waiting()) <= limit:
        must_seats.change(j, fits, least if fits.any() else 0)
        if (changed := _price(all_seats, must_seats)) <= limit:
            return changed
        must_seats.go_back(states[1], j, before)
    all_seats.go_back(states[0], j, before)
    return price
