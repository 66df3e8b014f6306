"""A file of rows under headings that are known: read whole, each cell cleaned, before anything is made of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from participants import sheets
from participants.importing import clean
from participants.sheets import FileProblemError

MOST_ROWS = 2000
# An export of ours puts an apostrophe before what a spreadsheet would run; it is taken off again on the way in.
_GUARDED = re.compile(r"^'(?=[=+\-@＝＋－＠])")  # full-width ones too


@dataclass(frozen=True)
class Column:
    """One column of a file: its heading, what it may hold, and whether the file must have it."""

    heading: str
    says: str
    needed: bool = False
    also: tuple[str, ...] = ()  # other headings that people give it


@dataclass(frozen=True)
class Line:
    """One row of the file as the spreadsheet numbers it; cells by heading, blank where there is none."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """`ignored` are the headings that mean nothing to us."""

    lines: list[Line]
    headings: list[str]
    ignored: list[str] = field(default_factory=list)


def read(content: bytes, columns: Iterable[Column], *, keep_lines: frozenset[str] = frozenset()) -> Sheet:
    """The rows below the headings. Text under `keep_lines` keeps its line breaks.

    Raises FileProblemError, in words for who chose the file.
    """
    rows = [(number, cells) for number, cells in sheets.read(content) if any(cell.strip() for cell in cells)]
    if not rows:
        raise FileProblemError("The file is empty. Fill in the template and choose it again.")
    known = {_key(name): column.heading for column in columns for name in (column.heading, *column.also)}
    found = [known.get(_key(clean(cell)), "") for cell in rows[0][1]]
    _check(found, columns)
    if len(rows) == 1:
        raise FileProblemError("The file has headings but no rows below them.")
    if len(rows) - 1 > MOST_ROWS:
        raise FileProblemError(f"The file has more than {MOST_ROWS:,} rows. Split it into smaller files.")
    ignored = [clean(cell) for cell, heading in zip(rows[0][1], found, strict=True) if cell.strip() and not heading]
    lines = [Line(number, _cells(cells, found, keep_lines)) for number, cells in rows[1:]]
    return Sheet(lines, [heading for heading in found if heading], ignored)


def _key(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.casefold())


def _check(found: list[str], columns: Iterable[Column]) -> None:
    if twice := sorted({heading for heading in found if heading and found.count(heading) > 1}):
        raise FileProblemError(f"Two columns could be “{twice[0]}”. Keep one of them.")
    if missing := [f"“{column.heading}”" for column in columns if column.needed and column.heading not in found]:
        words = " and ".join(missing)
        raise FileProblemError(f"There is no column {words}. The first row must hold the headings, as in the template.")


def _cells(cells: list[str], headings: list[str], keep_lines: frozenset[str]) -> dict[str, str]:
    pairs = zip(headings, [*cells, *[""] * len(headings)], strict=False)
    return {heading: _cell(cell, heading in keep_lines) for heading, cell in pairs if heading}


def _cell(cell: str, lines: bool) -> str:
    text = cell.replace("\r\n", "\n").strip() if lines else clean(cell)
    return _GUARDED.sub("", text)
