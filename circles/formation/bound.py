"""What no answer can cost less than, found at once at any size: everybody at their best, everything evenly spread.

Each part of the cost is taken at its least for a number of people seated, whoever they are, and the parts are added;
the number that makes the sum smallest gives the bound. `columns` finds far better ones where there is time.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from circles.formation.numbers import ROWS_AT_ONCE, Floats, Ints, Numbers
from circles.formation.seating import Seating


def simple(seating: Seating, fewest: int) -> float:
    """A lower bound on the cost of any answer in which at least `fewest` wait."""
    numbers = seating.numbers
    if int(numbers.capacity.max()) == 1 and int(numbers.least.max()) <= 1:
        return _of_pairs(seating)
    people, reach = _people(numbers)
    sizes = _sizes(seating)
    most = min(len(people), len(sizes), numbers.n - fewest + 1)
    spread = _spread(numbers, reach)[:most]
    return float(numbers.away.sum() + (people[:most] + sizes[:most] + spread).min())


def _of_pairs(seating: Seating) -> float:
    """With one seat a mentor it is an assignment problem, and its solution is exact."""
    numbers = seating.numbers
    gain = numbers.alone + seating.size_step[:, 0] - numbers.away[:, None]
    gain[~numbers.possible()] = np.inf
    fixed = np.flatnonzero(numbers.pinned >= 0)
    gain[fixed, numbers.pinned[fixed]] -= 1e9
    gain = np.minimum(gain, 0)
    rows, columns = linear_sum_assignment(gain)
    free = gain[rows, columns] > -1e8
    total = gain[rows, columns][free].sum() + (gain[rows, columns][~free] + 1e9).sum()
    return float(numbers.away.sum() + numbers.problem.weights.closed * numbers.m + total)


def _people(numbers: Numbers) -> tuple[Floats, Floats]:
    """The least that seating 0, 1, 2 … people costs beyond their waiting; each one's least alone, infinite without."""
    own = np.empty(numbers.n)
    for start in range(0, numbers.n, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        own[rows] = np.where(numbers.allowed[rows], numbers.alone[rows], np.inf).min(axis=1)
    first = np.repeat(np.arange(numbers.n), numbers.link_amount)
    welcome = np.bincount(first, np.minimum(numbers.link_price, 0) / 2, minlength=numbers.n)
    saved = own + welcome - numbers.away
    return np.concatenate([[0.0], np.sort(saved[np.isfinite(saved)]).cumsum()]), own


def _sizes(seating: Seating) -> Floats:
    """The least that sizes cost when 0, 1, 2 … people sit in all circles, each circle's price made convex."""
    numbers = seating.numbers
    steps, start = [], 0.0
    kinds, amounts = np.unique(
        np.stack([numbers.least, numbers.capacity, seating.fixed], axis=1), axis=0, return_counts=True
    )
    for (least, capacity, fixed), amount in zip(kinds.tolist(), amounts.tolist(), strict=True):
        allowed = np.arange(fixed, capacity + 1) if fixed else np.append(0, np.arange(max(1, least), capacity + 1))
        weights = numbers.problem.weights
        price = np.where(allowed == 0, weights.closed, weights.size * (allowed - numbers.problem.target) ** 2.0)
        slopes = _hull(allowed, price)
        start += amount * float(price[0])
        steps.append(np.repeat(slopes, amount))
        if fixed:
            # Those who are pinned sit there in any case: their steps come first and cost nothing more.
            steps.append(np.full(fixed * amount, -np.inf))
    every = np.sort(np.concatenate(steps))
    every[np.isinf(every)] = 0.0
    return start + np.concatenate([[0.0], every.cumsum()])


def _hull(size: Ints, price: Floats) -> Floats:
    """The price of each further person along the lower convex hull of the points."""
    slopes: list[float] = []
    at = 0
    while at < len(size) - 1:
        rise = (price[at + 1 :] - price[at]) / (size[at + 1 :] - size[at])
        best = int(np.flatnonzero(rise == rise.min())[-1])
        slopes += [float(rise[best])] * int(size[at + 1 + best] - size[at])
        at += 1 + best
    return np.array(slopes)


def _spread(numbers: Numbers, own: Floats) -> Floats:
    """The least that pairs alike cost when 0, 1, 2 … people are seated, every trait spread evenly over its circles."""
    total = np.zeros(numbers.n + 1)
    seatable = np.isfinite(own)
    for kind, amount, weight in numbers.kinds:
        if not weight:
            continue
        steps = [np.zeros(int((seatable & (kind >= amount)).sum()))]
        for value in range(amount):
            here = np.flatnonzero(seatable & (kind == value))
            circles = max(1, int(numbers.allowed[here].any(axis=0).sum()))
            steps.append(weight * (np.arange(len(here)) // circles).astype(float))
        found = np.concatenate([[0.0], np.sort(np.concatenate(steps)).cumsum()])
        total[: len(found)] += found
    return total
