"""A file taken in: first what would become of each row, then, all of it or nothing, doing it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from import_export.results import RowResult
from tablib import Dataset

from accounts.models import User
from privacy.services import record
from staff.lists.importers import Rows
from staff.lists.sheet import Line, Sheet

WORDS = {"new": ("New", "good"), "update": ("Changes", "info"), "skip": ("Stays as it is", "neutral")}
ACTIONS = ["new", "update", "skip", "error"]


@dataclass(frozen=True)
class Planned:
    """What would become of one row. `errors` are (heading, words); the heading is blank for the whole row."""

    number: int
    name: str
    action: str
    errors: list[tuple[str, str]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    warning: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.action][0] if self.action in WORDS else "Correct this row"

    @property
    def tone(self) -> str:
        return WORDS[self.action][1] if self.action in WORDS else "problem"


def look(rows: Rows, sheet: Sheet) -> list[Planned]:
    """What each row would do. Nothing is stored."""
    return _run(rows, sheet, dry_run=True)


@transaction.atomic
def store(rows: Rows, sheet: Sheet, *, label: str, by: User) -> list[Planned]:
    """Do it. Where any row has an error by now, nothing is stored, and the rows say why."""
    planned = _run(rows, sheet, dry_run=False)
    if not any(row.errors for row in planned):
        record(by=by, verb="list.imported", about=by, list=label, **counts(planned))
    return planned


def counts(planned: list[Planned]) -> dict[str, int]:
    actions = [row.action for row in planned]
    return {action: actions.count(action) for action in ACTIONS}


def _run(rows: Rows, sheet: Sheet, *, dry_run: bool) -> list[Planned]:
    twice = _twice(rows, sheet)
    table = [[line.cells[heading] for heading in sheet.headings] for line in sheet.lines]
    result = rows.import_data(
        Dataset(*table, headers=sheet.headings), dry_run=dry_run or bool(twice), use_transactions=True,
        rollback_on_validation_errors=True,
    )  # fmt: skip
    if result.base_errors:
        raise result.base_errors[0].error
    return [_planned(rows, line, done, twice) for line, done in zip(sheet.lines, result.rows, strict=True)]


def _planned(rows: Rows, line: Line, done: RowResult, twice: dict[int, int]) -> Planned:
    heading = rows.columns[0].heading
    name = line.cells[heading]
    again = [(heading, f"It is in row {twice[line.number]} already.")] if line.number in twice else []
    errors = [*_errors(rows, done), *again]
    if errors:
        return Planned(line.number, name, "error", errors)
    changes = _changes(rows, done) if done.import_type == RowResult.IMPORT_TYPE_UPDATE else []
    warning = rows.warning(done.instance) if done.import_type == RowResult.IMPORT_TYPE_NEW else ""
    return Planned(line.number, name, str(done.import_type), [], changes, warning)


def _errors(rows: Rows, done: RowResult) -> Iterator[tuple[str, str]]:
    yield from (("", str(error.error)) for error in done.errors)
    if done.validation_error is None:
        return
    for attribute, messages in done.validation_error.message_dict.items():
        yield from ((rows.heading_of(attribute), message) for message in messages)


def _twice(rows: Rows, sheet: Sheet) -> dict[int, int]:
    """The rows whose name stands further up already, with the row in which it does."""
    first: dict[str, int] = {}
    named = [(line.cells[rows.columns[0].heading].casefold(), line.number) for line in sheet.lines]
    found = {number: first.setdefault(name, number) for name, number in named if name}
    return {number: earlier for number, earlier in found.items() if earlier != number}


def _changes(rows: Rows, done: RowResult) -> list[str]:
    """The headings of what is different now."""
    before, after = done.original, done.instance
    fields: list[Any] = rows.get_import_fields()
    return [field.column_name for field in fields if field.get_value(before) != field.get_value(after)]
