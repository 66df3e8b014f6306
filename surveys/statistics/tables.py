"""Reads numbers from CSV files. Says by row and column what is wrong with one."""

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
SHOWN = 40  # signs of a wrong cell that are repeated
Cell = float | None


class TableError(ValueError):
    """The file does not hold what it should; the message is one line for whoever made it."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length by name; None where a cell is blank."""

    columns: dict[str, list[Cell]]

    def complete(self, names: Sequence[str] | None = None) -> list[list[float]]:
        """Those columns (all, where none are named) without the rows in which one of them is blank."""
        chosen = [self.columns[name] for name in names or self.columns]
        rows = [row for row in zip(*chosen, strict=True) if None not in row]
        return [[float(row[i] or 0) for row in rows] for i in range(len(chosen))]


def read_table(data: bytes, required: Sequence[str] = ()) -> Table:
    """A CSV file in UTF-8 with one line of headings. Rows count from 1, the headings' row.

    A byte-order mark, any line ending and blank rows are taken. With `required`, only those columns are read, and they
    have to be there. Raises TableError.
    """
    lines = _lines(data)
    if not lines:
        raise TableError("the file is empty")
    names = _names(lines[0][1], required)
    columns: dict[str, list[Cell]] = {name: [] for name in names if not required or name in required}
    for row, cells in lines[1:]:
        if len(cells) != len(names):
            raise TableError(
                f"row {row} has {_count(len(cells), 'cell')} where there are {_count(len(names), 'column')}"
            )
        for name, cell in zip(names, cells, strict=True):
            if name in columns:
                columns[name].append(_value(cell, row, name))
    return Table(columns)


def read_number(text: str) -> float | None:
    """A finite decimal number, plain or with an exponent; None for anything else."""
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _lines(data: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        raise TableError(f"row {row} is not UTF-8") from error
    reader, row = csv.reader(io.StringIO(text, newline=""), strict=True), 0
    found = []
    try:
        for row, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                found.append((row, cells))
    except csv.Error as error:
        raise TableError(f"row {row + 1} is not CSV: {error}") from error
    return found


def _names(cells: list[str], required: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for number, name in enumerate(names, start=1):
        if not name:
            raise TableError(f"row 1, column {number} has no heading")
        if name in names[: number - 1]:
            raise TableError(f"row 1, column {number}: there are two columns “{_shown(name)}”")
    for name in required:
        if name not in names:
            raise TableError(f"row 1: there is no column “{name}”")
    return names


def _value(cell: str, row: int, name: str) -> Cell:
    text = cell.strip()
    if not text:
        return None
    value = read_number(text)
    if value is None:
        raise TableError(f"row {row}, column “{_shown(name)}”: “{_shown(text)}” is not a number")
    return value


def _shown(text: str) -> str:
    """On one line, and no longer than it helps."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
