"""The search of one cohort from several beginnings: which meetings it starts from, and how long it follows each.

Where a search ends depends on its meetings more than on how long it takes. So meetings are chosen that seat as many
people as possible, several times over, and the most promising of them are followed.
"""

from collections.abc import Callable

import numpy as np

from circles.formation.budget import Budget
from circles.formation.improve import MANY_CIRCLES, VERY_MANY_CIRCLES, Search
from circles.formation.market import Market
from circles.formation.meetings import Meetings
from circles.formation.numbers import NOBODY
from circles.formation.seating import Seating

# A small cohort is searched several times over, each time from other meetings, and then the best of it once more.
# A cycle takes so many seconds, or rounds, for each circle; all of them together this share of the budget.
CYCLE_SECONDS, CYCLE_ROUNDS, MOST_CYCLES, CYCLES_SHARE = 0.28, 420, 3, 0.75
# A cycle makes new starts for this share of it, and so many at most. Each has a share for meetings and for a trial, of
# the budget where there is one cycle; shorter cycles shorten them less than themselves.
STARTS_SHARE, MOST_STARTS = 0.3, 12
MEETINGS_SHARE, TRIAL_SHARE = 0.08, 0.02
# In a large cohort, whose one start has to be a good one: for choosing meetings by what they are worth.
MARKET_SHARE = 0.1
# So often people are seated at the meetings of a large cohort, where some must be apart from others of their circle.
MOST_SEATINGS = 8


class Cycles:
    """Searches over one seating. `fewest` says how few wait at least, `listen` whether the best is proven by now."""

    def __init__(
        self,
        seating: Seating,
        budget: Budget,
        seed: int,
        *,
        fewest: Callable[[], int],
        listen: Callable[[Search], bool],
    ) -> None:
        self.seating, self.budget, self.seed = seating, budget, seed
        self.numbers = seating.numbers
        self._fewest, self._listen = fewest, listen

    def follow(self, best: Search) -> Search:
        """The best of all cycles and of the search given, made better for the rest of the time."""
        amount, begin = self._amount(), self.budget.share()
        length = (1.0 - begin) * (CYCLES_SHARE if amount > 1 else 1.0) / amount
        for cycle in range(amount):
            this = self._best_start(cycle * MOST_STARTS, best, length)
            this.run(begin + length * (cycle + 1))
            best = this if this.best_cost < best.best_cost else best
            if self.budget.over() or self._listen(best):
                break
        self.seating.restore(best.best)
        best.run(1.0)
        return best

    def _amount(self) -> int:
        if self.numbers.m > MANY_CIRCLES:
            return 1
        budget, one = self.budget, self.numbers.m
        amount = (budget.rounds or 0) / CYCLE_ROUNDS if budget.repeatable else budget.left() / CYCLE_SECONDS
        return max(1, min(MOST_CYCLES, int(amount / one)))

    def _best_start(self, first: int, so_far: Search, length: float) -> Search:
        """The most promising of several searches, each begun from meetings of its own that seat as many as possible.

        They are numbered from `first` on; `length` is the share of the budget that the cycle has. Where all of them let
        more people wait than the best so far, that one it is.
        """
        best, until = so_far if first == 0 else None, self.budget.share() + STARTS_SHARE * length
        most = MOST_STARTS if self.numbers.m <= MANY_CIRCLES else 1
        for number in range(first, first + most):
            if number > first and (self.budget.share() >= until or self.budget.over()):
                break
            this = self._start(number, so_far, length)
            if best is None or _promise(this) < _promise(best):
                best = this
            if self._listen(best):
                break
        if best is None or (best.best == NOBODY).sum() > (so_far.best == NOBODY).sum():
            best = so_far
        self.seating.restore(best.best)
        return best

    def _start(self, number: int, so_far: Search, length: float) -> Search:
        seed = self.seed + 1000 * number
        meetings = Meetings(self.numbers, self.budget, seed)
        this = Search(self.seating, self.budget, seed, listen=self._listen)
        if number == 0:
            # Something that can be looked at, before anything takes time.
            self.seating.take_over(meetings.seating())
            this.settle()
            self.budget.report(min(this.best_cost, so_far.best_cost))
        if large := MANY_CIRCLES < self.numbers.m <= VERY_MANY_CIRCLES:
            Market(meetings, self.budget).trade(self.budget.share() + MARKET_SHARE * length)
        meetings.anneal(self.budget.share() + MEETINGS_SHARE * length**0.5, self._fewest())
        seat(self.seating, meetings, MOST_SEATINGS if large and not self.budget.over() else 1)
        this.settle()
        if len(self.seating.waiting()) <= (so_far.best == NOBODY).sum():
            this.run(self.budget.share() + TRIAL_SHARE * length**0.5)
        return this


def seat(seating: Seating, meetings: Meetings, times: int) -> None:
    """Seat people as the meetings allow. Whoever must be apart from somebody there is seated elsewhere the next time,
    so many times at most; after that they wait."""
    for time in range(1, times + 1):
        where = meetings.seating()
        seating.take_over(where)
        left_out = np.flatnonzero((where != NOBODY) & (seating.where == NOBODY))
        if time == times or not len(left_out):
            return
        meetings.fits[left_out, where[left_out]] = False


def _promise(search: Search) -> tuple[int, float]:
    """What speaks for following a search, the less the better: how few wait, which takes longest to mend, and cost."""
    return int((search.best == NOBODY).sum()), search.best_cost
