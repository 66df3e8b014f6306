"""Tables with totals, against an attacker with a linear program."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.disclosure import OUTSIDE, TEAM, Suppressed, TableFigures, release_table
from surveys.disclosure.groups import leaves_enough
from surveys.disclosure.tables import interval
from tests.surveys.disclosure.attacker import ranges

WORKED = [[12, 3, 9], [7, 8, 11], [10, 6, 14]]


def test_the_worked_example() -> None:
    primary = [[12, None, 9], [7, 8, 11], [10, 6, 14]]
    assert ranges(primary, [24, 26, 30], [29, 17, 34]) == {(0, 1): (3, 3)}
    found = release_table(WORKED, TEAM)
    hidden = {(i, j) for i in range(3) for j in range(3) if found.cells[i][j] is None}
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert ranges(found.cells, found.row_totals, found.column_totals)[0, 1] == (0, 11)


def unprotected(table: np.ndarray, found: TableFigures, k: int) -> list:
    """Small cells that the attacker of the released table narrows down too far, or that are shown."""
    small = [(int(i), int(j)) for i, j in np.argwhere((table > 0) & (table < k))]
    seen = ranges(found.cells, found.row_totals, found.column_totals, small)
    return [cell for cell in small if cell not in seen or seen[cell][1] < k - 1e-9
            or seen[cell][1] - seen[cell][0] < k - 1 - 1e-9]  # fmt: skip


def test_three_hundred_random_tables_leave_no_small_cell_open() -> None:
    random, withheld, extra = np.random.default_rng(7), 0, []
    for _ in range(300):
        table = random.integers(0, 25, (4, 4))
        found = release_table(table.tolist(), TEAM)
        if isinstance(found, Suppressed):
            withheld += 1
            continue
        assert not unprotected(table, found, TEAM.k), table
        hidden = sum(value is None for row in found.cells for value in row)
        extra.append(hidden - int(((table > 0) & (table < TEAM.k)).sum()))
    assert withheld <= 6
    assert np.mean(extra) < 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4))
def test_whatever_is_released_of_a_table_holds_against_the_attacker(counts: list[list[int]]) -> None:
    found = release_table(counts, OUTSIDE)
    if not isinstance(found, Suppressed):
        assert not unprotected(np.array(counts), found, OUTSIDE.k)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3), st.data())
def test_the_flow_bounds_are_those_of_the_linear_program(counts: list[list[int]], data: st.DataObject) -> None:
    table = np.array(counts)
    cells = [(i, j) for i in range(3) for j in range(3)]
    hidden = set(data.draw(st.lists(st.sampled_from(cells), min_size=1, unique=True)))
    shown = [[None if (i, j) in hidden else counts[i][j] for j in range(3)] for i in range(3)]
    for cell, ends in ranges(shown, table.sum(axis=1), table.sum(axis=0)).items():
        assert interval(table, hidden, cell) == pytest.approx(ends, abs=1e-6)


def test_a_total_of_a_few_withholds_the_table() -> None:
    assert isinstance(release_table([[9, 1], [8, 2]], TEAM), Suppressed)


def test_a_group_is_refused_for_what_it_leaves_over() -> None:
    everyone = frozenset(f"p{n}" for n in range(15))
    team = frozenset(f"p{n}" for n in range(9))
    hidden_four, other_six = frozenset(f"p{n}" for n in range(13)), everyone
    assert not leaves_enough(team, [hidden_four], 5)
    assert leaves_enough(team, [other_six], 5)
    assert leaves_enough(team, [team], 5)
