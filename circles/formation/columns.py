"""A strong lower bound by column generation, for cohorts of up to a few hundred people.

A cohort's circles are a choice of whole circles, at most one a mentor, with everybody in one of them or waiting. Its
linear relaxation prices each person (`worth`: what seating them saves); a circle that costs less than its people are
worth is missing from the relaxation, and is looked for: fast, in many meetings at once, by changing one person at a
time; from time to time exactly, by constraint programming, mentor after mentor. After an exact round there is a bound
(Lagrange): no cohort can cost less than everybody's worth, plus for each mentor the least that a circle of theirs costs
beyond the worth of its people.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from circles.formation.exact import best_circle, link_pairs
from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers
from circles.formation.seating import Seating
from circles.formation.shortlist import Shortlist

# So many circles stay in the relaxation from one round to the next, and so many new ones join it in a round.
MOST_KEPT, MOST_NEW = 2500, 700
LOOKING_STEPS = 300
# The noise with which circles are looked for, as a price.
NOISE = 6.0
# Better circles than this are always worth another fast round.
WORTHWHILE = 3.0
FAST_ROUNDS = 6
# How many of the circles that are looked at lose somebody in a step; the others may grow.
REMOVED = 0.75
# How often somebody joins although that makes the circle dearer.
ANYHOW = 0.1
SMOOTH = 0.5
CLOSE = 0.5
SECONDS_A_CIRCLE = 2.0

Circle = tuple[int, tuple[int, ...]]


class Relaxation:
    """The circles known so far with their costs, and what the linear relaxation makes of them."""

    def __init__(self, numbers: Numbers, fewest: int) -> None:
        self.numbers, self.fewest = numbers, fewest
        self.cost: dict[Circle, float] = {}
        self.pinned = numbers.pinned != NOBODY
        self.worth: Floats = np.zeros(numbers.n)
        self.rent: Floats = np.zeros(numbers.m)
        self.queue = 0.0
        # The same three in a row, smoothed over the rounds: what is asked with these swings less.
        self.steady: Floats | None = None
        self._links = {frozenset((a, b)): price for a, b, price in link_pairs(numbers)}

    def add(self, circle: Circle) -> bool:
        """Let the relaxation know of a circle; False when it does already."""
        if circle in self.cost:
            return False
        self.cost[circle] = self.price(circle)
        return True

    def price(self, circle: Circle) -> float:
        numbers, weights = self.numbers, self.numbers.problem.weights
        j, members = circle[0], list(circle[1])
        total = float(numbers.alone[members, j].sum()) + weights.size * (len(members) - numbers.problem.target) ** 2
        for kind, amount, weight in numbers.kinds:
            alike = np.bincount(kind[members], minlength=amount + 1)[:amount]
            total += weight * float((alike * (alike - 1)).sum()) / 2
        if self._links:
            for position, a in enumerate(members):
                total += sum(self._links.get(frozenset((a, b)), 0.0) for b in members[position + 1 :])
        return total

    def solve(self) -> float:
        """The cost of the relaxation; sets what each person, mentor and place in the queue is worth."""
        numbers, known = self.numbers, list(self.cost)
        n, m, amount = numbers.n, numbers.m, len(known)
        free = np.flatnonzero(~self.pinned)
        lengths = [len(members) for _, members in known]
        people = np.array([i for _, members in known for i in members], dtype=np.int64)
        column = np.concatenate([
            np.repeat(np.arange(amount), lengths), np.arange(amount),
            amount + np.arange(len(free)), amount + np.arange(len(free)), amount + len(free) + np.arange(m),
        ])  # fmt: skip
        row = np.concatenate([
            people, n + np.array([j for j, _ in known], dtype=np.int64), free, np.full(len(free), n + m),
            n + np.arange(m),
        ])  # fmt: skip
        matrix = coo_matrix((np.ones(len(row)), (row, column)), shape=(n + m + 1, amount + len(free) + m)).tocsr()
        price = np.concatenate([
            np.fromiter(self.cost.values(), float, amount), numbers.away[free],
            np.full(m, numbers.problem.weights.closed),
        ])  # fmt: skip
        each, waiting = matrix[:-1], -matrix[-1:]
        found = linprog(price, A_eq=each, b_eq=np.ones(n + m), A_ub=waiting, b_ub=[-self.fewest], method="highs-ds")
        if found.status != 0:
            return np.inf
        self.worth, self.rent = found.eqlin.marginals[:n], found.eqlin.marginals[n:]
        self.queue = -float(found.ineqlin.marginals[0])
        now = np.concatenate([self.worth, [self.queue], self.rent])
        self.steady = now if self.steady is None else SMOOTH * self.steady + (1 - SMOOTH) * now
        return float(found.fun)

    def values(self) -> Floats:
        """What each person is worth, what a place in the queue is, and what each mentor is; smoothed."""
        return np.zeros(self.numbers.n + 1 + self.numbers.m) if self.steady is None else self.steady

    def excess(self, circle: Circle) -> float:
        """What a circle costs beyond what its people and its mentor are worth; below zero it is missing."""
        return self.cost[circle] - float(self.worth[list(circle[1])].sum()) - float(self.rent[circle[0]])

    def join(self, found: dict[Circle, float]) -> None:
        """Let the best of the circles found join, of every mentor's as many."""
        left = np.full(self.numbers.m, MOST_NEW // self.numbers.m + 1)
        for circle in sorted(found, key=found.__getitem__):
            if left[circle[0]] and self.add(circle):
                left[circle[0]] -= 1

    def prune(self) -> None:
        if len(self.cost) > MOST_KEPT:
            best = sorted(self.cost, key=self.excess)[:MOST_KEPT]
            self.cost = {circle: self.cost[circle] for circle in best}


class Crowd:
    """Circles of all mentors and meetings at once, each looked at on its own: one person may sit in many of them."""

    def __init__(self, shortlist: Shortlist, seed: int) -> None:
        numbers = shortlist.numbers
        self.numbers, self.random = numbers, np.random.default_rng(seed)
        self.mentor: Ints = np.repeat(np.arange(numbers.m), [len(rows) for rows in shortlist.meetings])
        rows = [suits for suits in shortlist.meetings if len(suits)]
        self.suits: Bools = np.concatenate(rows).T if rows else np.zeros((numbers.n, 0), dtype=np.bool_)
        self.seating = Seating(numbers)
        self.least = np.where(self.seating.excused, 1, numbers.least.clip(min=1))[self.mentor]

    def look(self, relaxation: Relaxation, steps: int) -> dict[Circle, float]:
        """Circles that cost less than they are worth, with by how much (negative)."""
        numbers, seating, mentor = self.numbers, self.seating, self.mentor
        amount, here = len(mentor), np.arange(len(mentor))
        values = relaxation.values()
        base = np.where(self.suits, numbers.alone[:, mentor] - values[: numbers.n, None], np.inf)
        start = numbers.problem.weights.closed - values[numbers.n + 1 :][mentor]
        self.table: Ints = np.full((amount, seating.table.shape[1]), numbers.n, dtype=np.int64)
        self.size: Ints = np.zeros(amount, dtype=np.int64)
        self.counts: Floats = np.zeros((amount, seating.traits + 1))
        value, found = start.copy(), {}
        for i in np.flatnonzero(relaxation.pinned):
            rows = np.flatnonzero(mentor == numbers.pinned[i])
            value[rows] += self._prices(base)[i, rows]
            self._add(np.full(len(rows), i), rows)
        for step in range(steps):
            noise = NOISE * (1 - step / steps)
            self._remove(base, value)
            price = self._prices(base)
            chosen = (price + self.random.exponential(noise, price.shape) if noise else price).argmin(axis=0)
            gain = price[chosen, here]
            wanted = (gain < 0) | (self.size < self.least) | (self.random.random(amount) < ANYHOW)
            rows = np.flatnonzero(np.isfinite(gain) & wanted)
            self._add(chosen[rows], rows)
            value[rows] += gain[rows]
            for row in np.flatnonzero((value < -1e-6) & (self.size >= self.least)):
                circle = (int(mentor[row]), tuple(sorted(self.table[row, : self.size[row]].tolist())))
                found[circle] = float(value[row])
        return found

    def _remove(self, base: Floats, value: Floats) -> None:
        """Take one movable person out of most circles that have enough."""
        fixed, full = self.seating.fixed[self.mentor], self.size >= self.numbers.capacity[self.mentor]
        movable = self.size - fixed
        chosen = full | (self.random.random(len(self.mentor)) < REMOVED)
        rows = np.flatnonzero((movable > 0) & (self.size >= self.least) & chosen)
        place = fixed[rows] + (self.random.random(len(rows)) * movable[rows]).astype(np.int64)
        gone, last = self.table[rows, place], self.size[rows] - 1
        self.table[rows, place] = self.table[rows, last]
        self.table[rows, last] = self.numbers.n
        self.size[rows] = last
        for k in range(self.seating.trait.shape[1]):
            self.counts[rows, self.seating.trait[gone, k]] -= self.seating.weight[gone, k]
        value[rows] -= self._prices(base)[gone, rows]

    def _add(self, people: Ints, rows: Ints) -> None:
        self.table[rows, self.size[rows]] = people
        self.size[rows] += 1
        for k in range(self.seating.trait.shape[1]):
            self.counts[rows, self.seating.trait[people, k]] += self.seating.weight[people, k]

    def _prices(self, base: Floats) -> Floats:
        """What adding each person to each circle would cost beyond their worth; infinite where they can't."""
        numbers, seating = self.numbers, self.seating
        price = base + seating.size_step[self.mentor, self.size]
        for k in range(seating.trait.shape[1]):
            price += self.counts[:, seating.trait[: numbers.n, k]].T
        row, column = np.nonzero(self.table < numbers.n)
        member = self.table[row, column]
        if len(numbers.link_to):
            amount = numbers.link_amount[member]
            link = np.arange(amount.sum()) + np.repeat(numbers.link_from[member] - (amount.cumsum() - amount), amount)
            np.add.at(price, (numbers.link_to[link], np.repeat(row, amount)), numbers.link_price[link])
        price[member, row] = np.inf
        return price


def bounds(
    shortlist: Shortlist, known: Iterator[Circle], fewest: int, seed: int, over: Callable[[], bool]
) -> Iterator[float]:
    """Better and better lower bounds, until they meet the relaxation or `over` says that it is enough."""
    relaxation, crowd = Relaxation(shortlist.numbers, fewest), Crowd(shortlist, seed)
    for circle in known:
        relaxation.add(circle)
    cost, best = relaxation.solve(), -np.inf
    while not over():
        for _ in range(FAST_ROUNDS):
            found = crowd.look(relaxation, LOOKING_STEPS)
            relaxation.join(found)
            cost = relaxation.solve()
            relaxation.prune()
            if over() or not found or min(found.values()) > -WORTHWHILE:
                break
        bound = _exact_round(relaxation, shortlist, over)
        if bound is None:
            return
        if bound > best:
            best = bound
            yield best
        if cost - best < CLOSE:
            return
        cost = relaxation.solve()


def _exact_round(relaxation: Relaxation, shortlist: Shortlist, over: Callable[[], bool]) -> float | None:
    """The bound that the best circle of every mentor gives; those circles join the relaxation. None when cut short."""
    numbers, pairs = relaxation.numbers, link_pairs(relaxation.numbers)
    worth, queue = relaxation.values()[: numbers.n], relaxation.values()[numbers.n]
    bound = float(worth.sum()) + float(queue) * relaxation.fewest
    for j, suits in enumerate(shortlist.meetings):
        if over():
            return None
        closed = np.inf if (numbers.pinned == j).any() else numbers.problem.weights.closed
        least = np.inf
        if len(suits):
            members, least = best_circle(numbers, j, suits, worth, pairs, SECONDS_A_CIRCLE)
            if len(members):
                relaxation.add((j, tuple(members.tolist())))
        bound += min(closed, least)
    return bound
