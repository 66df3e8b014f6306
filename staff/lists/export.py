"""A list as a file: the rows that its filters leave, as far as the person may see them, safe in a spreadsheet."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from accounts import clock
from participants.sheets import CSV_TYPE, XLSX_TYPE
from staff.impact_files import safe
from staff.lists.importers import importer_of
from ui.admin_words import label

MOST_ROWS = 20_000  # more is narrowed first: the file is written while somebody waits
TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
# Told in confidence: read one by one, each reading written down, and never taken away as a file.
NEVER = {"circles.concern", "surveys.teamnote"}
# Nobody is in them: what for is not asked. A test holds this to the inventory.
NOBODY = {
    "cohorts.cohort", "cohorts.format", "cohorts.topic", "cohorts.onboardingitem", "content.pagetext", "content.faq",
    "content.resource", "content.baseline", "surveys.instrument", "surveys.survey", "surveys.snapshot",
    "privacy.consentwording",
}  # fmt: skip
# Beside the columns of the list: what its rows' own pages show and a file of it is wanted for.
ALSO = {
    "organisations.interest": [
        "contact_name", "contact_email", "contact_role", "expected_mentees", "expected_mentors", "created_at",
    ],
    "participants.nomination": ["email", "origin", "answered_at"],
    "participants.enrolment": ["email", "job_title", "level", "function", "location", "created_at"],
    "circles.session": ["minutes", "mode", "place"],
    "staff.task": ["done_at"],
    "privacy.complaint": ["address", "looked_into_at"],
}  # fmt: skip
# Columns of buttons: a file has nothing to press.
BUTTONS = {"staff.task": {"tick"}, "cohorts.cohort": {"settings"}}
Cell = str | int | float | dt.datetime | dt.date | None


@dataclass(frozen=True)
class Column:
    """One column of the file."""

    heading: str
    value: Callable[[Any], Cell]


def may_export(label: str) -> bool:
    return label not in NEVER


def asks_why(label: str) -> bool:
    """Whether its file holds personal data."""
    return label not in NOBODY


def columns(model_admin: Any, names: Iterable[str]) -> list[Column]:
    """The columns of the list, `names`, and those that its file has besides.

    Of a list that is taken in from files, the columns of such a file: what was taken out can be taken in again.
    """
    if rows := importer_of(model_admin.opts.label_lower):
        reader = rows(visible=model_admin.model.objects.none(), by=None)
        return [Column(field.column_name, field.export) for field in reader.get_export_fields()]
    which = model_admin.opts.label_lower
    also, left_out = ALSO.get(which, []), {"action_checkbox", *BUTTONS.get(which, set())}
    shown = [name for name in names if name not in left_out]
    return [_column(model_admin, name) for name in [*shown, *(name for name in also if name not in shown)]]


def _column(model_admin: Any, name: str) -> Column:
    heading = capfirst(label(str(label_for_field(name, model_admin.model, model_admin))))

    def value(row: Any) -> Cell:
        field, _, found = lookup_field(name, row, model_admin)
        return _cell(field, row, found)

    return Column(heading, value)


def _cell(field: models.Field | None, row: Any, found: Any) -> Cell:
    """What a spreadsheet can sort and add up stays what it is; all else is the words of the list."""
    if field is not None and field.flatchoices:
        return str(getattr(row, f"get_{field.name}_display")())
    if found is None:
        return None
    if isinstance(found, bool):
        return "Yes" if found else "No"
    if isinstance(found, dt.datetime):
        return clock.local(found).replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(found, int | float | dt.date):
        return found
    text = unescape(strip_tags(found)) if isinstance(found, SafeString) else str(found)
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def rows_of(model_admin: Any, found: models.QuerySet) -> Collection[Any]:
    """The rows of a list; one that has a `read_with` reads there for all of them what its columns need besides."""
    if hasattr(model_admin, "read_with"):
        model_admin.read_with(found)
    return found


def table(columns_: list[Column], rows: Iterable[Any]) -> Iterator[list[Cell]]:
    yield [column.heading for column in columns_]
    for row in rows:
        yield [safe(column.value(row)) for column in columns_]


def as_file(kind: str, title: str, lines: Iterable[Sequence[Cell]]) -> bytes:
    """`kind` is csv or xlsx."""
    return _csv(lines) if kind == "csv" else _xlsx(title, lines)


def _csv(lines: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_text(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> Cell:
    return cell.isoformat(" ", "minutes") if isinstance(cell, dt.datetime) else cell


def _xlsx(title: str, lines: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines):
        sheet.append([_heading(sheet, cell) for cell in line] if number == 0 else line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(sheet: Any, text: Cell) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell
