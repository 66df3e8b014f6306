"""Tables of counts with totals: which cells to hide so that no small one can be worked out from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from surveys.disclosure.audience import Audience
from surveys.disclosure.figures import Suppressed

Cell = tuple[int, int]
Counts = Sequence[Sequence[int]]


@dataclass(frozen=True)
class TableFigures:
    """Counts of people by two traits, with their totals; None where a cell is hidden."""

    cells: list[list[int | None]]
    row_totals: list[int]
    column_totals: list[int]
    total: int


def release_table(counts: Counts, audience: Audience) -> TableFigures | Suppressed:
    """Hide cells of 1 to k − 1 and as many others as that takes; withhold the table where nothing is enough.

    Hidden cells are protected once an attacker who knows all else, and that no count is negative, is left with a range
    that reaches k and is k − 1 wide at least. A total of 1 to k − 1 withholds the table.
    """
    table, k = np.array(counts, dtype=np.int64), audience.k
    totals = [*table.sum(axis=0).tolist(), *table.sum(axis=1).tolist()]
    if any(0 < total < k for total in totals):
        return Suppressed()
    hidden = hidden_cells(table, k)
    if hidden is None:
        return Suppressed()
    cells = [[None if (i, j) in hidden else int(n) for j, n in enumerate(row)] for i, row in enumerate(table)]
    return TableFigures(cells, table.sum(axis=1).tolist(), table.sum(axis=0).tolist(), int(table.sum()))


def hidden_cells(table: np.ndarray, k: int) -> set[Cell] | None:
    """The cells to hide, or None where even hiding all of them would leave a small one open."""
    small = {(int(i), int(j)) for i, j in np.argwhere((table > 0) & (table < k))}
    hidden = set(small)
    while open_ones := [cell for cell in sorted(small) if not is_protected(table, hidden, cell, k)]:
        more = _cheapest(table, hidden, open_ones[0], k)
        if more is None:
            return None
        hidden |= more
    return _pruned(table, hidden, small, k)


def interval(table: np.ndarray, hidden: set[Cell], cell: Cell) -> tuple[int, int]:
    """The least and the most that a hidden cell can be, given all that is shown.

    From the true counts a cell can grow by what flows from its column back to its row over other hidden cells, and
    shrink by what flows the other way (Cox 1995: the bounds of a two-way table are maximum flows in a network).
    """
    row, column = cell
    rows, columns = table.shape
    room = int(table.sum()) + 1
    network = np.zeros((rows + columns, rows + columns), dtype=np.int32)
    for i, j in hidden - {cell}:
        network[i, rows + j] = room
        network[rows + j, i] = table[i, j]
    value, graph = int(table[cell]), csr_array(network)
    down = maximum_flow(graph, row, rows + column).flow_value if graph.nnz else 0
    up = maximum_flow(graph, rows + column, row).flow_value if graph.nnz else 0
    return value - min(value, int(down)), value + int(up)


def is_protected(table: np.ndarray, hidden: set[Cell], cell: Cell, k: int) -> bool:
    low, high = interval(table, hidden, cell)
    return high >= k and high - low >= k - 1


def _cheapest(table: np.ndarray, hidden: set[Cell], cell: Cell, k: int) -> set[Cell] | None:
    """The corners that close the cheapest rectangle around a cell; one that protects it goes before any other.

    A hidden person costs one, and so does a hidden cell.
    """
    row, column = cell
    others = product((i for i in range(table.shape[0]) if i != row), (j for j in range(table.shape[1]) if j != column))
    corners = [{(row, j), (i, column), (i, j)} - hidden for i, j in others]
    wanted = [more for more in corners if more]
    if not wanted:
        return None
    return min(
        wanted,
        key=lambda more: (
            not is_protected(table, hidden | more, cell, k),
            sum(int(table[one]) + 1 for one in more),
            sorted(more),
        ),
    )


def _pruned(table: np.ndarray, hidden: set[Cell], small: set[Cell], k: int) -> set[Cell]:
    """Without the cells that need not be hidden, the largest looked at first."""
    for cell in sorted(hidden - small, key=lambda one: (-int(table[one]), one)):
        fewer = hidden - {cell}
        if all(is_protected(table, fewer, one, k) for one in small):
            hidden = fewer
    return hidden
