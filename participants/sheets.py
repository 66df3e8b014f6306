"""Cells out of CSV and XLSX files, in the encodings and with the separators that people's machines write."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator

from openpyxl import Workbook, load_workbook

MAX_BYTES = 1024 * 1024
# What an XLSX of a megabyte may unpack to, and how many rows of it are looked at: an empty sheet can claim a million.
MAX_UNPACKED = 20 * 1024 * 1024
MAX_LINES = 5000
SEPARATORS = ",;\t|"

Line = tuple[int, list[str]]


class FileProblemError(Exception):
    """The file can't be used; the text says why and what to do."""


_OTHER_TYPES = {
    b"\xd0\xcf\x11\xe0": "This is an old Excel file (.xls) or has a password. Save it as .xlsx or .csv without one.",
    b"%PDF": "This is a PDF. Save the list as .xlsx or .csv.",
    b"\x89PNG": "This is a picture. Save the list as .xlsx or .csv.",
    b"\xff\xd8\xff": "This is a picture. Save the list as .xlsx or .csv.",
}


def read(content: bytes) -> list[Line]:
    """Every line of the file with its number, as text. Raises FileProblemError."""
    if len(content) > MAX_BYTES:
        raise FileProblemError("The file is larger than 1 MB. Keep only the list of people in it.")
    for magic, words in _OTHER_TYPES.items():
        if content.startswith(magic):
            raise FileProblemError(words)
    return _from_xlsx(content) if content.startswith(b"PK") else _from_csv(content)


# --- XLSX ---------------------------------------------------------------------------------------


def _from_xlsx(content: bytes) -> list[Line]:
    _check_archive(content)
    try:
        # data_only: a formula's last result, as its writer saw it, never the formula.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        rows = sheet.iter_rows(max_row=MAX_LINES, values_only=True)
        return [(number, [_as_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    except FileProblemError:
        raise
    except Exception as error:  # openpyxl lets whatever its parsers meet in a damaged file escape
        raise FileProblemError(
            "The spreadsheet is damaged. Open it, save it again as .xlsx, and choose it again."
        ) from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise FileProblemError("The spreadsheet is damaged. Save it again as .xlsx, and choose it again.") from error
    if "xl/workbook.xml" not in names:
        raise FileProblemError("This is not an Excel spreadsheet. Save the list as .xlsx or .csv.")
    if size > MAX_UNPACKED:
        raise FileProblemError("The spreadsheet is too large. Keep only the list of people in it.")


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


# --- CSV ----------------------------------------------------------------------------------------


def _from_csv(content: bytes) -> list[Line]:
    text = decode(content)
    text, separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return list(_numbered(reader))
    except csv.Error as error:
        raise FileProblemError("The file can’t be read as a table. Save it again as .csv or .xlsx.") from error


def _numbered(reader: Iterable[list[str]]) -> Iterator[Line]:
    for number, row in enumerate(reader, start=1):
        if number > MAX_LINES:
            raise FileProblemError(f"The file has more than {MAX_LINES:,} lines. Keep only the list of people in it.")
        yield number, row


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 with or without a mark, UTF-16, or Windows-1252. Raises FileProblemError."""
    text = _decode(content)
    if "\0" in text:
        raise FileProblemError("This is not a table of text. Save the list as .xlsx or .csv.")
    return text


def _decode(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if encoding := _unmarked_utf16(content):
            return content.decode(encoding)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _from_windows(content)


def _unmarked_utf16(content: bytes) -> str:
    """Plain letters in UTF-16 have a zero in every second byte; which one tells the byte order."""
    head = content[:64]
    if len(head) < 4 or head.count(0) < len(head) // 3:
        return ""
    return "utf-16-be" if head[0] == 0 else "utf-16-le"


def _from_windows(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileProblemError(
            "The file’s characters can’t be read. Save it again as .xlsx or as CSV UTF-8."
        ) from error


def _separator(text: str) -> tuple[str, str]:
    """The text and its separator: as Excel's own first line says, else the commonest of the first written line."""
    first, _, rest = text.partition("\n")
    told = first.strip().lower().removeprefix("sep=")
    if first.strip().lower().startswith("sep=") and (told or "\t") in SEPARATORS:
        return rest, told or "\t"
    heading = next((line for line in text.splitlines() if line.strip(f'{SEPARATORS} "\u00a0')), "")
    return text, max(SEPARATORS, key=heading.count)


# --- the template -------------------------------------------------------------------------------

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(kind: str, headings: list[str]) -> bytes:
    """A file with nothing but the headings: `kind` is csv or xlsx."""
    if kind == "csv":
        return ("\ufeff" + ",".join(headings) + "\r\n").encode()
    book = Workbook()
    book.active.title = "Nominations"
    book.active.append(headings)
    for column in "ABCDE":
        book.active.column_dimensions[column].width = 28
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# What a spreadsheet takes for a formula.
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """A table that Excel opens as it is; a cell that it would run as a formula starts with an apostrophe."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([f"'{cell}" if cell.startswith(_RUNS) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
