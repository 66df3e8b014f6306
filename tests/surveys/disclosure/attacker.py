"""Somebody who reads all that is released and solves it. Knows nothing of how figures are protected."""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.optimize import linprog

Cell = tuple[int, int]
Shown = Sequence[Sequence[int | None]]


def ranges(
    cells: Shown, rows: Sequence[int], columns: Sequence[int], wanted: Collection[Cell] | None = None
) -> dict[Cell, tuple[float, float]]:
    """The least and the most that hidden cells (all, or those wanted) can be, by linear programming on it."""
    hidden = [(i, j) for i, row in enumerate(cells) for j, value in enumerate(row) if value is None]
    known = np.array([[value or 0 for value in row] for row in cells])
    lines = [([cell[0] == i for cell in hidden], rows[i] - known[i].sum()) for i in range(len(rows))]
    lines += [([cell[1] == j for cell in hidden], columns[j] - known[:, j].sum()) for j in range(len(columns))]
    left, right = np.array([line for line, _ in lines], dtype=float), [rest for _, rest in lines]
    found = {}
    for n, cell in enumerate(hidden):
        if wanted is not None and cell not in wanted:
            continue
        aim = np.zeros(len(hidden))
        aim[n] = 1
        ends = [sign * linprog(sign * aim, A_eq=left, b_eq=right, bounds=(0, None)).fun for sign in (1, -1)]
        found[cell] = (ends[0], ends[1])
    return found


def solvable(groups: Sequence[frozenset[str]]) -> set[str]:
    """The people whose own value follows from the sums over these groups: each is a combination of them."""
    people = sorted(set().union(*groups))
    matrix = np.array([[person in group for person in people] for group in groups], dtype=float)
    rank = np.linalg.matrix_rank(matrix) if people else 0
    units = np.eye(len(people))
    return {person for n, person in enumerate(people) if np.linalg.matrix_rank(np.vstack([matrix, units[n]])) == rank}
