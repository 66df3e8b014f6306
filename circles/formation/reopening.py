"""A shorter waiting list, quickly: a dozen circles choose their meetings again, all the others keep theirs.

With most meetings settled, who sits where is nearly a flow, and the integer programme over what is left takes a second
or two where the whole takes ten. A dozen circles after another, those first that somebody who waits could sit in.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from circles.formation.numbers import NOBODY, Ints
from circles.formation.shortlist import Shortlist

CIRCLES_AT_ONCE = 12
MOST_SECONDS = 2.0


class Reopening:
    """Goes from seating to seating of one cohort, none of which lets more people wait than the one before."""

    def __init__(self, shortlist: Shortlist, where: Ints, seed: int) -> None:
        self.shortlist, self.where = shortlist, where.copy()
        self.random = np.random.default_rng(seed)
        amounts = [len(rows) for rows in shortlist.meetings]
        self._first = len(shortlist.seats) + np.concatenate([[0], np.cumsum(amounts)[:-1]]).astype(np.int64)
        self._columns = shortlist.matrix.tocsc()

    def waiting(self) -> int:
        return int((self.where == NOBODY).sum())

    def shorten(self, fewest: int, left: Callable[[], float], tell: Callable[[Ints], None]) -> Ints:
        """The seating with the shortest waiting list met while seconds are `left`; stops when `fewest` wait.

        `tell` is shown each that is shorter than the one before.
        """
        while self.waiting() > fewest and left() > 0:
            found = self._solve(self._some_circles(), min(MOST_SECONDS, left()))
            waiting = self.waiting() if found is None else int((found == NOBODY).sum())
            if found is not None and waiting <= self.waiting():
                shorter, self.where = waiting < self.waiting(), found
                if shorter:
                    tell(found)
        return self.where

    def _some_circles(self) -> set[int]:
        """Half of them could seat one of those who wait; the others are any."""
        numbers = self.shortlist.numbers
        somebody = self.random.choice(np.flatnonzero(self.where == NOBODY))
        near = self.random.permutation(np.flatnonzero(numbers.possible()[somebody]))
        anyone = self.random.permutation(numbers.m)
        half = CIRCLES_AT_ONCE // 2
        return {*near[:half].tolist(), *anyone[:half].tolist()}

    def _solve(self, reopened: set[int], seconds: float) -> Ints | None:
        """The seating with the fewest waiting where only these circles change their meetings; None when not found."""
        seats, kept = self.shortlist.seats, self._kept(reopened)
        amount = int((kept < len(seats)).sum())
        outcome = milp(
            np.where(kept < len(seats), -1.0, 0.0),
            constraints=LinearConstraint(self._columns[:, kept], self.shortlist.low, self.shortlist.high),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(kept)),
            options={"time_limit": max(0.05, seconds)},
        )
        if outcome.x is None:
            return None
        taken = np.zeros(len(seats), dtype=np.bool_)
        taken[kept[:amount]] = outcome.x[:amount] > 0.5
        return self._allowed(self.shortlist.seated(taken))

    def _kept(self, reopened: set[int]) -> Ints:
        """The columns that stay in play: all of a reopened circle's; of another, one meeting and whom it suits."""
        shortlist = self.shortlist
        play = np.ones(shortlist.columns, dtype=np.bool_)
        for j, rows in enumerate(shortlist.meetings):
            if j in reopened:
                continue
            members = np.flatnonzero(self.where == j)
            meetings: Ints = np.flatnonzero(rows[:, members].all(axis=1) & (len(members) > 0))
            here = np.flatnonzero(shortlist.seats[:, 1] == j)
            play[self._first[j] : self._first[j] + len(rows)] = False
            play[here] = False
            if len(meetings):
                meeting = self.random.choice(meetings)
                play[self._first[j] + meeting] = True
                play[here] = rows[meeting, shortlist.seats[here, 0]]
        return np.flatnonzero(play)

    def _allowed(self, where: Ints) -> Ints:
        """The same without those who sit with somebody they must be apart from, which the programme does not know."""
        for a, b in self.shortlist.numbers.apart_pairs():
            if where[a] == where[b] != NOBODY:
                movable = b if self.shortlist.numbers.pinned[b] == NOBODY else a
                where[movable] = NOBODY
        return where
