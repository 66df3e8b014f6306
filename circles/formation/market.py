"""Meetings chosen by what they are worth, as on a market: the search of a large cohort begins from them.

Where everybody can be seated it still matters who can: a circle that meets when few can come who want what its mentor
knows will cost something whatever the search does, and moving one circle at a time does not mend what most of them
chose badly together. So each circle has a price, which rises while more people would choose it than it is to seat and
falls while fewer would; everybody chooses the seat that is cheapest for them. Then some circles move to whichever
meeting would save most to those whom it would attract, prices follow, and so on, fewer circles at a time.

It is the price of a mentee with a mentor alone that counts here; who else is in the circle is left to the search.
"""

import numpy as np
from numpy.typing import NDArray

from circles.formation.budget import Budget
from circles.formation.meetings import Meetings
from circles.formation.numbers import Bools, Floats, Ints

# So many times circles move, unless time is up before; prices follow in so many steps each time.
ROUNDS, STEPS = 150, 8
# The share of the circles that move, and by how much prices change where twice as many people come as there is room
# for: at the end, and above that in the beginning. This and all prices below are in units of how much prices differ.
MOVING, MOVING_HOT = 0.02, 0.2
STEP, STEP_HOT = 0.15, 0.9
# Prices alike are told apart by up to so much, or whoever likes two circles as well would all choose the same one.
TELL_APART = 0.15
# How far the price of a circle may be from the mean of all, and how far above it having no seat at all counts.
MOST, NO_SEAT = 16.0, 14.0
# Other meetings looked at when a circle moves.
LOOKED_AT = 16


class Market:
    """Changes the meetings of a whole cohort; `asks[i, j]` is what circle j costs person i besides its price,
    infinite where they can't come as it meets now. `chosen` and `pays` are everybody's cheapest circle and what it
    costs them, price included."""

    def __init__(self, meetings: Meetings, budget: Budget) -> None:
        self.meetings, self.budget, self.random = meetings, budget, meetings.random
        numbers = self.numbers = meetings.numbers
        seats = numbers.alone[meetings.possible]
        self.unit = float(seats.std()) if len(seats) else 0.0
        apart = TELL_APART * self.unit * self.random.random(numbers.alone.shape, dtype=np.float32)
        self.alone: NDArray[np.float32] = (numbers.alone + apart).astype(np.float32)
        self.asks = np.where(meetings.fits, self.alone, np.float32(np.inf))
        self.wanted = numbers.capacity * min(1.0, numbers.n / numbers.capacity.sum())
        self.price: Floats = np.zeros(numbers.m)
        self._choose()

    def trade(self, until: float) -> None:
        """Change `meetings` until this share of the budget is used, or long enough."""
        begin, rounds = self.budget.share(), 0
        while self.unit and rounds < ROUNDS and (share := self.budget.share()) < until and not self.budget.over():
            left = 1 - max(rounds / ROUNDS, (share - begin) / (until - begin))
            for _ in range(STEPS):
                self._follow_demand(self.unit * (STEP + STEP_HOT * left))
            amount = int(self.numbers.m * (MOVING + MOVING_HOT * left))
            for j in self.random.permutation(self.numbers.m)[: max(1, amount)]:
                self._move(int(j))
            rounds += 1
            self.budget.done += 1
            self.budget.report(None)

    def _choose(self) -> None:
        costs = self.asks + self.price.astype(np.float32)
        self.chosen: Ints = costs.argmin(axis=1)
        self.pays: Floats = costs[np.arange(self.numbers.n), self.chosen].astype(np.float64)

    def _follow_demand(self, step: float) -> None:
        come = np.bincount(self.chosen[np.isfinite(self.pays)], minlength=self.numbers.m)
        self.price += step * (come / self.wanted - 1).clip(max=1)
        self.price = (self.price - self.price.mean()).clip(-MOST * self.unit, MOST * self.unit)
        self._choose()

    def _move(self, j: int) -> None:
        """Let circle j meet when it saves most to the best it could fill its seats with, each at most once."""
        able = np.flatnonzero(self.meetings.possible[:, j])
        if not len(able):
            return
        saves = self._without(j)[able] - self.alone[able, j]
        suits = np.concatenate([self.meetings.fits[able, j, None], self._others(j, able)], axis=1)
        best = _best(suits[saves > 0] * saves[saves > 0, None], int(self.numbers.capacity[j]))
        self.meetings.fits[able, j] = suits[:, best.sum(axis=0).argmax()]
        self.asks[able, j] = np.where(self.meetings.fits[able, j], self.alone[able, j], np.inf)

    def _others(self, j: int, able: Ints) -> Bools:
        """Whom of these people (rows) some other meetings of circle j would suit (columns)."""
        numbers, guests = self.numbers, self.random.choice(able, LOOKED_AT)
        meetings = numbers.some_meetings(self.meetings.offered[j] & numbers.mask[guests], self.random)
        return numbers.can_meet(numbers.mask[able], meetings)

    def _without(self, j: int) -> Floats:
        """What everybody pays where there is no circle j; no seat at all has a price too."""
        pays = self.pays.copy()
        here = np.flatnonzero(self.chosen == j)
        elsewhere = self.asks[here] + self.price.astype(np.float32)
        elsewhere[:, j] = np.inf
        pays[here] = elsewhere.min(axis=1)
        seated = self.pays[np.isfinite(self.pays)]
        return pays.clip(max=(float(seated.mean()) if len(seated) else 0.0) + NO_SEAT * self.unit)


def _best(values: Floats, amount: int) -> Floats:
    """The so many largest of each column, in any order."""
    if amount >= len(values):
        return values
    found: Floats = np.partition(values, len(values) - amount, axis=0)[len(values) - amount :]
    return found
