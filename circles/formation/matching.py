"""How many people can be seated, given who fits which circle: a matching that is mended after each change.

Instead of matching everybody afresh, those whom a change unseats look for a chain of moves from circle to circle that
ends at a free seat. Chains are searched between circles, of which there are few, not between people.
"""

import numpy as np

from circles.formation.numbers import NOBODY, Bools, Ints


class Matching:
    """As many people as possible in seats; `seats[j]` is how many circle j has.

    It begins with everybody waiting, or as in `where`. Of several people who could move to make room the first does, or
    any of them where `random` is given.
    """

    def __init__(
        self,
        fits: Bools,
        seats: Ints,
        where: Ints | None = None,
        random: np.random.Generator | None = None,
    ) -> None:
        self.fits, self.seats, self._random = fits.copy(), seats.copy(), random
        people, circles = fits.shape
        self.where: Ints = np.full(people, NOBODY, dtype=np.int64) if where is None else where.copy()
        seated = np.flatnonzero(self.where != NOBODY)
        self.free: Ints = seats - np.bincount(self.where[seated], minlength=circles)
        # How many of those who sit in circle a (row) would fit circle b (column).
        self.could_move: Ints = np.zeros((circles, circles), dtype=np.int64)
        np.add.at(self.could_move, self.where[seated], fits[seated])
        self.seat_more()

    def waiting(self) -> Ints:
        """Who has no seat in the matching."""
        return np.flatnonzero(self.where == NOBODY)

    def empty(self) -> int:
        """How many seats stay empty."""
        return int(self.free.sum())

    def remember(self) -> tuple[Ints, ...]:
        return self.where.copy(), self.free.copy(), self.could_move.copy(), self.seats.copy()

    def go_back(self, state: tuple[Ints, ...], j: int, fits: Bools) -> None:
        """Undo a change of circle j, whom it fitted before given."""
        self.where, self.free, self.could_move, self.seats = state
        self.fits[:, j] = fits

    def change(self, j: int, fits: Bools, seats: int) -> None:
        """Let circle j fit other people and have so many seats, and seat as many as possible again."""
        for i in np.flatnonzero((self.where == j) & ~fits):
            self._unseat(int(i))
        self.free[j] += seats - self.seats[j]
        self.seats[j] = seats
        self.fits[:, j] = fits
        seated = fits & (self.where != NOBODY)
        self.could_move[:, j] = np.bincount(self.where[seated], minlength=len(self.free))
        self.seat_more()

    def _unseat(self, i: int) -> None:
        j = self.where[i]
        self.where[i] = NOBODY
        self.free[j] += 1
        self.could_move[j] -= self.fits[i]

    def _seat(self, i: int, j: int) -> None:
        self.where[i] = j
        self.free[j] -= 1
        self.could_move[j] += self.fits[i]

    def seat_more(self) -> None:
        """Seat whoever can be seated. Circles from which no chain leads to a free seat are not searched twice."""
        dead = np.zeros(len(self.free), dtype=np.bool_)
        for i in self.waiting():
            if not self.free.any():
                return
            reachable = self.fits[i] & ~dead
            if reachable.any():
                chain = self._chain(reachable, dead)
                self._follow(int(i), chain)

    def _chain(self, start: Bools, dead: Bools) -> list[int]:
        """Circles from one that fits to one with a free seat, each with a member who fits the next; marks dead ends."""
        parent = np.full(len(start), NOBODY, dtype=np.int64)
        seen, layer = start | dead, np.flatnonzero(start)
        while len(layer):
            if (open_ := layer[self.free[layer] > 0]).size:
                return self._path(parent, int(open_[0]))
            moves = self.could_move[layer] > 0
            fresh = np.flatnonzero(moves.any(axis=0) & ~seen)
            parent[fresh] = layer[moves[:, fresh].argmax(axis=0)]
            seen[fresh] = True
            layer = fresh
        dead |= seen
        return []

    def _path(self, parent: Ints, end: int) -> list[int]:
        path = [end]
        while parent[path[-1]] != NOBODY:
            path.append(int(parent[path[-1]]))
        return path[::-1]

    def _follow(self, i: int, chain: list[int]) -> None:
        """Move one member of each circle of the chain to the next, the last one first, and seat i in the first."""
        for origin, goal in zip(chain[-2::-1], chain[:0:-1], strict=True):
            able = np.flatnonzero((self.where == origin) & self.fits[:, goal])
            mover = int(able[0] if self._random is None else self._random.choice(able))
            self._unseat(mover)
            self._seat(mover, goal)
        if chain:
            self._seat(i, chain[0])
