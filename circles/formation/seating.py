"""Who sits where while we search, with what every seat would cost."""

from collections.abc import Sequence

import numpy as np

from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers


class Seating:
    """A seating that can be changed one person at a time and priced as it stands.

    During the search a circle may be under its minimum, at a price above that of waiting (`shortfall`); such a seating
    is never an answer, see `legal`.
    """

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        n, m = numbers.n, numbers.m
        self.where: Ints = np.full(n, NOBODY, dtype=np.int64)
        self.members: list[list[int]] = [[] for _ in range(m)]
        self.size: Ints = np.zeros(m, dtype=np.int64)
        self.common = numbers.mentor_mask.copy()
        self.counts = [np.zeros((m, amount + 1)) for _, amount, _ in numbers.kinds]
        self.excused: Bools = np.zeros(m, dtype=np.bool_)
        self.excused[numbers.pinned[numbers.pinned != NOBODY]] = True
        self.size_price = self._size_prices()
        for i in np.flatnonzero(numbers.pinned != NOBODY):
            self.seat(int(i), int(numbers.pinned[i]))

    def _size_prices(self) -> Floats:
        """What each circle costs at each size from 0 on; over its capacity, infinity."""
        numbers, weights = self.numbers, self.numbers.problem.weights
        sizes = np.arange(int(numbers.capacity.max(initial=0)) + 2)
        price = np.broadcast_to(weights.size * (sizes - numbers.problem.target) ** 2.0, (numbers.m, len(sizes))).copy()
        missing = (numbers.least[:, None] - sizes[None, :]).clip(min=0)
        missing[self.excused] = 0
        self.shortfall = 2 * weights.waiting + 1000
        price += self.shortfall * missing
        price[:, 0] = weights.closed
        price[sizes[None, :] > numbers.capacity[:, None]] = np.inf
        return price

    def seat(self, i: int, j: int) -> None:
        """Put mentee i, who waits, into circle j."""
        self.where[i] = j
        self.members[j].append(i)
        self.size[j] += 1
        self.common[j] &= self.numbers.mask[i]
        self._count(i, j, 1)

    def lift(self, i: int) -> None:
        """Let mentee i wait."""
        j = int(self.where[i])
        self.where[i] = NOBODY
        members = self.members[j]
        members.remove(i)
        self.size[j] -= 1
        self.common[j] = self.numbers.mentor_mask[j]
        if members:
            self.common[j] &= np.bitwise_and.reduce(self.numbers.mask[members], axis=0)
        self._count(i, j, -1)

    def _count(self, i: int, j: int, change: int) -> None:
        for (kind, amount, _), counts in zip(self.numbers.kinds, self.counts, strict=True):
            if kind[i] < amount:
                counts[j, kind[i]] += change

    def prices(self, people: Ints, circles: Ints) -> Floats:
        """What adding each of the people (rows) to each of the circles would cost; infinite where a rule forbids it."""
        numbers = self.numbers
        price = numbers.alone[np.ix_(people, circles)]
        for (kind, _, weight), counts in zip(numbers.kinds, self.counts, strict=True):
            if weight:
                price += weight * counts[np.ix_(circles, kind[people])].T
        size = self.size[circles]
        price += self.size_price[circles, size + 1] - self.size_price[circles, size]
        self._add_links(price, people, circles)
        possible = numbers.allowed[np.ix_(people, circles)] & numbers.can_meet(
            numbers.mask[people], self.common[circles]
        )
        price[~possible] = np.inf
        return price

    def _add_links(self, price: Floats, people: Ints, circles: Ints) -> None:
        """Add the prices of pairs, where the other one of the pair sits in one of the circles."""
        numbers = self.numbers
        begins, ends = numbers.link_from[people], numbers.link_from[people + 1]
        amount = ends - begins
        if not amount.sum():
            return
        row = np.repeat(np.arange(len(people)), amount)
        link = np.arange(amount.sum()) + np.repeat(begins - np.concatenate(([0], amount.cumsum()[:-1])), amount)
        position = np.full(numbers.m + 1, NOBODY)
        position[circles] = np.arange(len(circles))
        column = position[self.where[numbers.link_to[link]]]
        here = column != NOBODY
        np.add.at(price, (row[here], column[here]), numbers.link_price[link[here]])

    def legal(self) -> bool:
        """Whether no circle is under its minimum."""
        return not self.short().any()

    def short(self) -> Bools:
        return (self.size > 0) & (self.size < self.numbers.least) & ~self.excused

    def movable(self, j: int) -> list[int]:
        """The members of a circle who are not pinned to it."""
        return [i for i in self.members[j] if self.numbers.pinned[i] == NOBODY]

    def waiting(self) -> Ints:
        return np.flatnonzero(self.where == NOBODY)

    def cost(self) -> float:
        """The price of everything as it stands, shortfalls included."""
        numbers = self.numbers
        seated = np.flatnonzero(self.where != NOBODY)
        total = numbers.away[self.where == NOBODY].sum() + numbers.alone[seated, self.where[seated]].sum()
        total += self.size_price[np.arange(numbers.m), self.size].sum()
        for (_, _, weight), counts in zip(numbers.kinds, self.counts, strict=True):
            total += weight * (counts * (counts - 1)).sum() / 2
        return float(total + self._links_cost())

    def _links_cost(self) -> float:
        numbers = self.numbers
        first = np.repeat(np.arange(numbers.n), np.diff(numbers.link_from))
        together = (self.where[first] == self.where[numbers.link_to]) & (self.where[first] != NOBODY)
        return float(numbers.link_price[together].sum()) / 2

    def restore(self, where: Sequence[int] | Ints) -> None:
        """Seat everybody as in `where`."""
        goal = np.asarray(where)
        moving = np.flatnonzero(self.where != goal)
        for i in moving:
            if self.where[i] != NOBODY:
                self.lift(int(i))
        for i in moving:
            if goal[i] != NOBODY:
                self.seat(int(i), int(goal[i]))
