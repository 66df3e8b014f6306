"""The shortest waiting list: how few people must wait whatever we do, and a seating that reaches it.

Prices are left out: only the hard rules decide how many people can be seated at all. A circle chooses one of its
meetings, and whoever it seats can make it; of two meetings that suit the one all whom the other suits, only the larger
counts. The linear relaxation of this is strong and takes about a second at 300 people; the integer programme settles
what it leaves open.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import product

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from circles.formation.numbers import NOBODY, Bools, Ints, Numbers

# Above this many possible seats the models are no use in the time that people wait.
MOST_SEATS = 12_000
MOST_OPTIONS = 4_000


def options(numbers: Numbers, j: int, possible: Bools) -> Bools:
    """Whom each meeting of circle j would suit (a row a meeting, a column a person), none of them within another."""
    offered = numbers.offered()[j]
    choices = []
    for span, amount in zip(numbers.spans, numbers.amounts, strict=True):
        words, shifts = np.divmod(np.arange(amount), 64)
        bit = np.uint64(1) << shifts.astype(np.uint64)
        here = (offered[span.start + words] & bit) != 0
        suits = (numbers.mask[:, span.start + words[here]] & bit[here]) != 0
        choices.append(np.unique(suits.T, axis=0) if amount else np.ones((1, numbers.n), dtype=np.bool_))
    rows = [possible[:, j] & a & b & c for a, b, c in product(*choices)]
    if not rows:
        return np.zeros((0, numbers.n), dtype=np.bool_)
    least = 1 if (numbers.pinned == j).any() else max(1, int(numbers.least[j]))
    found: Bools = np.unique(np.array(rows), axis=0)
    found = found[found.sum(axis=1) >= least]
    # Row a lies within row b when nobody is in a and not in b.
    within = (found[:, None, :] & ~found[None, :, :]).sum(axis=2) == 0
    np.fill_diagonal(within, False)
    kept: Bools = found[~within.any(axis=1)]
    return kept


class Shortlist:
    """The question of one cohort, as rows of a matrix over seats and then meetings."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        possible = numbers.possible()
        self.meetings = [options(numbers, j, possible) for j in range(numbers.m)]
        open_to = np.array([rows.any(axis=0) for rows in self.meetings]).reshape(numbers.m, numbers.n).T
        self.seats = np.argwhere(possible & open_to)
        self._matrix()

    def _matrix(self) -> None:
        numbers, entries = self.numbers, _Rows()
        excused = set(numbers.pinned[numbers.pinned != NOBODY].tolist())
        start = len(self.seats)
        for j, rows in enumerate(self.meetings):
            here = np.flatnonzero(self.seats[:, 1] == j)
            chosen = np.arange(start, start + len(rows))
            start += len(rows)
            entries.add([(chosen, 1)], int(j in excused), 1)
            entries.add([(here, 1), (chosen, -int(numbers.capacity[j]))], -np.inf, 0)
            entries.add([(here, 1), (chosen, -(1 if j in excused else int(numbers.least[j])))], 0, np.inf)
            for seat, suits in zip(here, rows[:, self.seats[here, 0]].T, strict=True):
                entries.add([(np.array([seat]), 1), (chosen[suits], -1)], -np.inf, 0)
        for i in range(numbers.n):
            entries.add([(np.flatnonzero(self.seats[:, 0] == i), 1)], int(numbers.pinned[i] != NOBODY), 1)
        self.columns = start
        self.matrix, self.low, self.high = entries.built(start)

    def floor(self) -> int:
        """So many wait at least; by linear programming."""
        if not len(self.seats):
            return self.numbers.n
        upper, lower = np.isfinite(self.high), np.isfinite(self.low)
        found = linprog(
            -(np.arange(self.columns) < len(self.seats)).astype(float),
            A_ub=vstack([self.matrix[upper], -self.matrix[lower]]),
            b_ub=np.concatenate([self.high[upper], -self.low[lower]]),
            bounds=(0, 1),
            method="highs-ds",
        )
        seated = -found.fun if found.status == 0 else len(self.seats)
        return max(0, int(np.ceil(self.numbers.n - seated - 1e-6)))

    def prove(
        self,
        start: Ints,
        seed: int,
        *,
        seconds: float | None = None,
        work: float | None = None,
        tell: Callable[[Ints], None] | None = None,
    ) -> tuple[Ints, int]:
        """The seating with the fewest waiting that is found, and how few can wait; `work` limits repeatably.

        `tell` is shown each seating on the way that lets fewer wait than the one before.
        """
        model = cp_model.CpModel()
        column = [model.new_bool_var("") for _ in range(self.columns)]
        for indices, values, low, high in self._rows():
            terms = cp_model.LinearExpr.weighted_sum([column[k] for k in indices], values)
            model.add_linear_expression_in_domain(terms, cp_model.Domain(low, high))
        self._apart(model, column)
        for k, (i, j) in enumerate(self.seats):
            model.add_hint(column[k], bool(start[i] == j))
        model.maximize(cp_model.LinearExpr.sum(column[: len(self.seats)]))
        solver = cp_model.CpSolver()
        limited(solver, seed, seconds=seconds, work=work)
        where = start.copy()
        if solver.solve(model, _Telling(self, column, tell)) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            where = self.seated(solver.boolean_value(column[k]) for k in range(len(self.seats)))
        return where, max(0, self.numbers.n - int(np.floor(solver.best_objective_bound + 1e-6)))

    def seated(self, taken: Iterable[bool]) -> Ints:
        """Who sits where, given for each seat whether it is taken."""
        where: Ints = np.full(self.numbers.n, NOBODY, dtype=np.int64)
        sits = self.seats[np.fromiter(taken, dtype=np.bool_, count=len(self.seats))]
        where[sits[:, 0]] = sits[:, 1]
        return where

    def _rows(self) -> Iterator[tuple[list[int], list[int], int, int]]:
        most = 2 * self.columns
        for row in range(self.matrix.shape[0]):
            part = slice(self.matrix.indptr[row], self.matrix.indptr[row + 1])
            low, high = max(self.low[row], -most), min(self.high[row], most)
            yield self.matrix.indices[part].tolist(), self.matrix.data[part].astype(int).tolist(), int(low), int(high)

    def _apart(self, model: cp_model.CpModel, column: list[cp_model.IntVar]) -> None:
        at = {(int(i), int(j)): k for k, (i, j) in enumerate(self.seats)}
        for a, b in self.numbers.apart_pairs():
            for j in range(self.numbers.m):
                if (a, j) in at and (b, j) in at:
                    model.add_at_most_one([column[at[a, j]], column[at[b, j]]])


class _Telling(cp_model.CpSolverSolutionCallback):
    """Passes on the seatings that the solver finds on its way."""

    def __init__(self, shortlist: Shortlist, column: list[cp_model.IntVar], tell: Callable[[Ints], None] | None):
        super().__init__()
        self.shortlist, self.column, self.tell = shortlist, column[: len(shortlist.seats)], tell

    def on_solution_callback(self) -> None:
        if self.tell:
            self.tell(self.shortlist.seated(self.boolean_value(one) for one in self.column))


class _Rows:
    """Collects the rows of a sparse matrix with their limits."""

    def __init__(self) -> None:
        self.columns: list[Ints] = []
        self.values: list[Ints] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: list[tuple[Ints, int]], low: float, high: float) -> None:
        self.columns.append(np.concatenate([columns for columns, _ in terms]))
        self.values.append(np.concatenate([np.full(len(columns), value) for columns, value in terms]))
        self.low.append(low)
        self.high.append(high)

    def built(self, width: int) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        lengths = [len(columns) for columns in self.columns]
        row = np.repeat(np.arange(len(lengths)), lengths)
        data = (np.concatenate(self.values).astype(float), (row, np.concatenate(self.columns).astype(np.int64)))
        return csr_matrix(data, shape=(len(lengths), width)), np.array(self.low, float), np.array(self.high, float)


def limited(solver: cp_model.CpSolver, seed: int, *, seconds: float | None, work: float | None) -> None:
    """One thread, and an end: after so many seconds, or repeatably after so much deterministic work."""
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
    if work is not None:
        solver.parameters.max_deterministic_time = work


def small_enough(numbers: Numbers) -> bool:
    """Whether the cohort is one for which the question is worth asking."""
    return bool(numbers.n and numbers.m) and int(numbers.possible().sum()) <= MOST_SEATS
