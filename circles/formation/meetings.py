"""When and where each circle meets, so that as many people as possible can be seated.

Given one meeting a circle, how many can be seated is a bipartite matching of people and seats, found in milliseconds.
So meetings are changed one circle at a time and kept, by simulated annealing, when the matching finds them good.
A circle that cannot reach its minimum costs more than closing it, and closing it is one of the changes.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from circles.formation.budget import Budget
from circles.formation.numbers import NOBODY, Floats, Ints, Masks, Numbers, one_bit_each

# What an empty seat below a circle's minimum counts against a person who waits.
SHORT = 2.0
HOT, COLD = 0.8, 0.05
CLOSING = 0.25
FOR_WAITING = 0.8


class Meetings:
    """One chosen meeting a circle, or closed; `fits[j]` are the people who could then sit in it."""

    def __init__(self, numbers: Numbers, budget: Budget, seed: int) -> None:
        self.numbers, self.budget = numbers, budget
        self.random = np.random.default_rng(seed)
        self.possible = numbers.possible()
        self.offered = numbers.offered()
        self.fixed = set(numbers.pinned[numbers.pinned != NOBODY].tolist())
        self.fits = [self._fits(j, self.some_meeting(j)) for j in range(numbers.m)]

    def some_meeting(self, j: int, guest: int = NOBODY) -> Masks:
        """One time, place and language of the mentor's that a guest can make; without one, somebody who may come."""
        able = np.flatnonzero(self.possible[:, j])
        mask = self.offered[j]
        if guest != NOBODY or len(able):
            mask = mask & self.numbers.mask[guest if guest != NOBODY else self.random.choice(able)]
        return one_bit_each(mask, self.numbers.spans, self.random)

    def _fits(self, j: int, meeting: Masks) -> Ints:
        return np.flatnonzero(self.possible[:, j] & self.numbers.can_meet(self.numbers.mask, meeting[None])[:, 0])

    def matched(self, seats: Ints) -> Ints:
        """Who takes each seat (so many a circle), as many of them as possible; NOBODY where it stays empty."""
        rows = [np.tile(fits, amount) for fits, amount in zip(self.fits, seats, strict=True)]
        lengths = np.repeat([len(fits) for fits in self.fits], seats)
        if not lengths.sum():
            return np.full(len(lengths), NOBODY, dtype=np.int64)
        starts = np.concatenate(([0], lengths.cumsum())).astype(np.int32)
        people = np.concatenate(rows).astype(np.int32)
        shape = (len(lengths), self.numbers.n)
        graph = csr_array((np.ones(len(people), dtype=np.int8), people, starts), shape=shape)
        matched: Ints = maximum_bipartite_matching(graph, perm_type="column")
        return matched

    def waiting(self) -> Ints:
        """Who gets no seat in one of the ways to seat as many people as possible."""
        matched = self.matched(self.numbers.capacity)
        waits = np.ones(self.numbers.n, dtype=np.bool_)
        waits[matched[matched != NOBODY]] = False
        return np.flatnonzero(waits)

    def short(self) -> int:
        """How many seats below the minimum of open circles stay empty."""
        closed = np.array([len(fits) == 0 for fits in self.fits])
        return int((self.matched(np.where(closed, 0, self.numbers.least)) == NOBODY).sum())

    def price(self, waiting: Ints, limit: float = np.inf) -> float:
        """People waiting and seats short; infinity when it is over the limit anyway."""
        return len(waiting) + SHORT * self.short() if len(waiting) <= limit else np.inf

    def anneal(self, until: float) -> None:
        """Change meetings until this share of the budget is used, or nobody waits who could be seated."""
        begin, floor = self.budget.share(), self.floor()
        waiting = self.waiting()
        price = self.price(waiting)
        best, best_price = list(self.fits), price
        while best_price > floor and self.budget.share() < until and not self.budget.over():
            left = (until - self.budget.share()) / max(until - begin, 1e-9)
            limit = price + self.random.exponential(COLD + HOT * left**2)
            j, fits = self._change(waiting)
            before, self.fits[j] = self.fits[j], fits
            changed = self.waiting()
            if (changed_price := self.price(changed, limit)) > limit:
                self.fits[j] = before
            else:
                waiting, price = changed, changed_price
            if price < best_price:
                best, best_price = list(self.fits), price
            self._tick()
        self.fits = best

    def _tick(self) -> None:
        self.budget.done += 1
        self.budget.report(None)

    def _change(self, waiting: Ints) -> tuple[int, Ints]:
        """A circle and the people who fit it after a change: closed, or another meeting, often for one who waits."""
        j, guest = int(self.random.integers(self.numbers.m)), NOBODY
        if len(waiting) and self.random.random() < FOR_WAITING:
            guest = int(self.random.choice(waiting))
            circles = np.flatnonzero(self.possible[guest])
            j, guest = (int(self.random.choice(circles)), guest) if len(circles) else (j, NOBODY)
        elif len(self.fits[j]) and j not in self.fixed and self.random.random() < CLOSING:
            return j, np.array([], dtype=np.int64)
        return j, self._fits(j, self.some_meeting(j, guest))

    def floor(self) -> int:
        """How many people wait whatever the meetings: those without a possible seat, or without any seat left."""
        without = int((~self.possible.any(axis=1)).sum())
        return max(without, self.numbers.n - int(self.numbers.capacity.sum()))

    def seating(self) -> Ints:
        """Who sits where: everybody who can be, minimums first, then at the least price of each with their mentor."""
        numbers = self.numbers
        fits = np.zeros((numbers.n, numbers.m), dtype=np.bool_)
        for j, people in enumerate(self.fits):
            fits[people, j] = True
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
