"""Figures in rows, ratios, and a table that reads well in a terminal. Pure: it measures nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
NOTHING = "–"


def ratio(value: float | None, floor: float | None) -> float | None:
    """`value` as a multiple of `floor`; None where either is missing, or the floor is nothing and so no measure."""
    if value is None or floor is None:
        return None
    if floor == 0:
        return 1.0 if value == 0 else None
    return value / floor


def gap(cost: float, bound: float | None, waiting: float) -> float | None:
    """(cost − waiting) ÷ (bound − waiting), `waiting` being the price of the waiting list: how far the answer may be
    from the best one in all that a better seating could still change. 1.00 is proof of the best."""
    return None if bound is None else ratio(cost - waiting, bound - waiting)


def shown(value: Any) -> str:
    """A figure in as few signs as say it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def table(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """One line a row and one column for each key of `columns`, under its heading; figures are set to the right."""
    if not rows:
        return ""
    cells = [[shown(row.get(key)) for key in columns] for row in rows]
    figures = [all(not isinstance(row.get(key), str) for row in rows) for key in columns]
    headings = list(columns.values())
    widths = [max(len(line[n]) for line in [headings, *cells]) for n in range(len(headings))]

    def line(words: Sequence[str]) -> str:
        set_out = zip(words, widths, figures, strict=True)
        return "  ".join(f"{word:>{width}}" if right else f"{word:<{width}}" for word, width, right in set_out).rstrip()

    return "\n".join([line(headings), line(["─" * width for width in widths]), *map(line, cells)])
