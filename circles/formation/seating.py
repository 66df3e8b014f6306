"""Who sits where while we search, with what every seat would cost.

Everything is an array, and people are lifted and seated many at once: at most one to a circle, so that the price of
each seat is exact.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers

Cell = TypeVar("Cell", bound=np.generic)

# Rows of more columns than these take longer to copy whole than to pick from.
WIDE = 1000


class Seating:
    """A seating that can be changed and priced as it stands; `total` is its cost.

    During the search a circle may be under its minimum, at a price above that of waiting (`shortfall`); such a seating
    is never an answer, see `legal`. Row j of `table` holds the members of circle j, those pinned to it first, in its
    first `size[j]` columns.
    """

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.excused: Bools = np.zeros(numbers.m, dtype=np.bool_)
        self.excused[numbers.pinned[numbers.pinned != NOBODY]] = True
        self.fixed: Ints = np.bincount(numbers.pinned[numbers.pinned != NOBODY], minlength=numbers.m)
        self.size_price = self._size_prices()
        # One more person who can always come and has no traits stands for an empty seat.
        self.mask = np.concatenate([numbers.mask, np.full((1, numbers.mask.shape[1]), ~np.uint64(0), dtype=np.uint64)])
        self._traits()
        self.restore(numbers.pinned)

    def _traits(self) -> None:
        """`trait[i]` are the columns of person i in `counts`, one a kind; the last column is for what is not given."""
        numbers, start = self.numbers, 0
        kinds = [(kind, amount, weight) for kind, amount, weight in numbers.kinds if weight]
        self.traits = sum(amount for _, amount, _ in kinds)
        self.trait: Ints = np.full((numbers.n + 1, len(kinds)), self.traits, dtype=np.int64)
        self.weight: Floats = np.zeros((numbers.n + 1, len(kinds)))
        for k, (kind, amount, weight) in enumerate(kinds):
            given = np.flatnonzero(kind < amount)
            self.trait[given, k] = kind[given] + start
            self.weight[given, k] = weight
            start += amount

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
        over = sizes[None, :] > numbers.capacity[:, None]
        self.size_step: Floats = np.where(over[:, 1:], np.inf, np.diff(price, axis=1))
        price[over] = np.inf
        return price

    # --- changing ---------------------------------------------------------------------------------
    def restore(self, where: Sequence[int] | Ints) -> None:
        """Seat everybody as in `where`."""
        numbers = self.numbers
        self.where: Ints = np.array(where, dtype=np.int64)
        seated = np.flatnonzero(self.where != NOBODY)
        circle = self.where[seated]
        order = np.lexsort((seated, numbers.pinned[seated] == NOBODY, circle))
        seated, circle = seated[order], circle[order]
        self.size: Ints = np.bincount(circle, minlength=numbers.m)
        width = max(int(numbers.capacity.max(initial=0)), int(self.size.max(initial=0))) + 1
        self.table: Ints = np.full((numbers.m, width), numbers.n, dtype=np.int64)
        self.place: Ints = np.zeros(numbers.n + 1, dtype=np.int64)
        self.place[seated] = np.arange(len(seated)) - np.repeat(self.size.cumsum() - self.size, self.size)
        self.table[circle, self.place[seated]] = seated
        self.common = numbers.mentor_mask & np.bitwise_and.reduce(self.mask[self.table], axis=1)
        self.counts: Floats = np.zeros((numbers.m, self.traits + 1))
        for k in range(self.trait.shape[1]):
            np.add.at(self.counts, (circle, self.trait[seated, k]), self.weight[seated, k])
        self.total = self.cost()

    def take_over(self, where: Ints) -> None:
        """Seat people as in `where`, leaving out those who can't after all; nobody else but those pinned."""
        self.restore(self.numbers.pinned)
        left = np.flatnonzero((where != NOBODY) & (self.where == NOBODY))
        while len(left):
            circles, first = np.unique(where[left], return_index=True)
            people = left[first]
            able = np.isfinite(self.prices(people, circles).diagonal())
            self.seat(people[able], circles[able])
            left = np.delete(left, first)
        self.total = self.cost()

    def lift(self, people: Ints) -> None:
        """Let people of different circles wait. `total` is the caller's to keep."""
        circles = self.where[people]
        last = self.size[circles] - 1
        movers = self.table[circles, last]
        self.table[circles, self.place[people]] = movers
        self.place[movers] = self.place[people]
        self.table[circles, last] = self.numbers.n
        self.size[circles] = last
        self.where[people] = NOBODY
        self.common[circles] = self.numbers.mentor_mask[circles] & np.bitwise_and.reduce(
            self.mask[self.table[circles]], axis=1
        )
        for k in range(self.trait.shape[1]):
            self.counts[circles, self.trait[people, k]] -= self.weight[people, k]

    def seat(self, people: Ints, circles: Ints) -> None:
        """Put people who wait into different circles. `total` is the caller's to keep."""
        self.table[circles, self.size[circles]] = people
        self.place[people] = self.size[circles]
        self.size[circles] += 1
        self.where[people] = circles
        self.common[circles] &= self.mask[people]
        for k in range(self.trait.shape[1]):
            self.counts[circles, self.trait[people, k]] += self.weight[people, k]

    def let_wait(self, people: Sequence[int] | Ints) -> None:
        """Let any people wait, several of one circle too."""
        where = self.where.copy()
        where[np.asarray(people, dtype=np.int64)] = NOBODY
        self.restore(where)

    # --- pricing ----------------------------------------------------------------------------------
    def prices(self, people: Ints, circles: Ints) -> Floats:
        """What adding each of the people (rows) to each of the circles would cost; infinite where a rule forbids it."""
        numbers = self.numbers
        price = cut_out(numbers.alone, people, circles)
        counts = self.counts[circles].T.copy()
        for k in range(self.trait.shape[1]):
            price += counts[self.trait[people, k]]
        price += self.size_step[circles, self.size[circles]]
        if len(numbers.link_to):
            self._add_links(price, people, circles)
        possible = numbers.can_meet(numbers.mask[people], self.common[circles])
        possible &= cut_out(numbers.allowed, people, circles)
        price[~possible] = np.inf
        return price

    def _add_links(self, price: Floats, people: Ints, circles: Ints) -> None:
        """Add the prices of pairs, where the other one of the pair sits in one of the circles."""
        numbers = self.numbers
        begins, amount = numbers.link_from[people], numbers.link_amount[people]
        total = int(amount.sum())
        if not total:
            return
        row = np.repeat(np.arange(len(people)), amount)
        link = np.arange(total) + np.repeat(begins - (amount.cumsum() - amount), amount)
        position = np.full(numbers.m + 1, NOBODY)
        position[circles] = np.arange(len(circles))
        column = position[self.where[numbers.link_to[link]]]
        here = column != NOBODY
        np.add.at(price, (row[here], column[here]), numbers.link_price[link[here]])

    def cost(self) -> float:
        """The price of everything as it stands, shortfalls included, counted afresh."""
        numbers = self.numbers
        seated = np.flatnonzero(self.where != NOBODY)
        circles = self.where[seated]
        total = numbers.away[self.where == NOBODY].sum() + numbers.alone[seated, circles].sum()
        total += self.size_price[np.arange(numbers.m), self.size].sum()
        for k in range(self.trait.shape[1]):
            total += (self.counts[circles, self.trait[seated, k]] - self.weight[seated, k]).sum() / 2
        return float(total + self._links_cost())

    def _links_cost(self) -> float:
        numbers = self.numbers
        if not len(numbers.link_to):
            return 0.0
        first = np.repeat(np.arange(numbers.n), numbers.link_amount)
        together = (self.where[first] == self.where[numbers.link_to]) & (self.where[first] != NOBODY)
        return float(numbers.link_price[together].sum()) / 2

    # --- asking -----------------------------------------------------------------------------------
    def members(self, j: int) -> Ints:
        """Who sits in circle j."""
        return self.table[j, : self.size[j]]

    def movable(self, j: int) -> Ints:
        """The members of circle j who are not pinned to it."""
        return self.table[j, self.fixed[j] : self.size[j]]

    def waiting(self) -> Ints:
        return np.flatnonzero(self.where == NOBODY)

    def legal(self) -> bool:
        """Whether no circle is under its minimum."""
        return not self.short().any()

    def short(self) -> Bools:
        return (self.size > 0) & (self.size < self.numbers.least) & ~self.excused


def cut_out(table: NDArray[Cell], rows: Ints, columns: Ints) -> NDArray[Cell]:
    """The part of a table where these rows and columns cross."""
    if table.shape[1] > WIDE:
        return table[rows[:, None], columns]
    return table[rows].take(columns, axis=1)
