"""Reading a coordinator's file of nominations, as people have them. Pure: no database, nothing stored.

`parse` gives one Row for each line with content, its errors beside it; what is wrong with the file as a whole is a
FileProblemError, in words for the person who chose the file.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participants import sheets, wording
from participants.sheets import FileProblemError

MAX_ROWS = 500
COLUMNS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "Work e-mail",
    "role": "Role",
    "reason": "Reason",
}
REQUIRED = ["first_name", "last_name", "email"]
_HEADERS = {
    "first_name": ["firstname", "forename", "givenname", "first", "forenames", "firstnames", "christianname"],
    "last_name": ["lastname", "surname", "familyname", "last", "secondname"],
    "email": ["workemail", "email", "emailaddress", "workemailaddress", "mail", "emailwork", "businessemail"],
    "role": ["role", "programmerole", "mentorormentee", "menteeormentor", "mentormentee", "menteementor", "type"],
    "reason": [
        "reason",
        "reasonfornomination",
        "reasons",
        "why",
        "rationale",
        "comments",
        "comment",
        "nominationreason",
    ],
}
_FIELD_OF = {header: field for field, headers in _HEADERS.items() for header in headers}
_UNWANTED = re.compile(r"ethnic|race$|racial|religio|faith|disab|health|gender|sexual|nationality|birth|^dob$|^age$")
_LIMITS = {"first_name": 100, "last_name": 100, "email": 254, "reason": 1000}
# Invisible characters that come along with copied text; kept out of names and addresses.
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_FORMULA = ("=", "+", "@", "＝", "＋", "＠")


@dataclass(frozen=True)
class Row:
    """One person in the file. `line` is the row as the spreadsheet numbers it."""

    line: int
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = ""
    reason: str = ""
    errors: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True)
class Sheet:
    rows: list[Row]
    ignored: list[str]

    def kept(self) -> dict[str, Any]:
        """What JSON can say; `of_kept` makes the sheet of it again."""
        return {"rows": [asdict(row) for row in self.rows], "ignored": self.ignored}

    @classmethod
    def of_kept(cls, values: dict[str, Any]) -> "Sheet":
        return cls([Row(**{**row, "errors": tuple(row["errors"])}) for row in values["rows"]], values["ignored"])


def parse(content: bytes, roles: dict[str, str], default_role: str = "") -> Sheet:
    """The rows of a CSV or XLSX file. `roles` are the allowed ones with their words; `default_role` fills a blank.

    Raises FileProblemError when the file can't be read as a list of people at all.
    """
    lines = [(number, [clean(cell) for cell in cells]) for number, cells in sheets.read(content)]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise FileProblemError("The file is empty. Fill in the template and choose it again.")
    columns, ignored = _columns(lines[0][1])
    if len(lines) == 1:
        raise FileProblemError("The file has headings but no people below them.")
    if len(lines) - 1 > MAX_ROWS:
        raise FileProblemError(f"The file has more than {MAX_ROWS} people. Split it into smaller files.")
    rows = [_row(number, cells, columns) for number, cells in lines[1:]]
    checked = [_checked(row, roles, default_role) for row in rows]
    return Sheet(_without_repeats(checked), ignored)


def clean(cell: str) -> str:
    """The cell's text with ordinary spaces, one at a time, and without invisible characters."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", cell))
    return " ".join(text.split())


def _columns(headings: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each field is, and the headings that mean nothing to us."""
    found: dict[str, int] = {}
    ignored: list[str] = []
    for at, heading in enumerate(headings):
        key = re.sub(r"[^a-z]", "", heading.casefold())
        field = _FIELD_OF.get(key)
        if _UNWANTED.search(key):
            raise FileProblemError(
                f"Remove the column “{heading}”: we do not want to know that about anybody from you."
            )
        if field and field in found:
            raise FileProblemError(f"Two columns could be “{COLUMNS[field]}”. Keep one of them.")
        if field:
            found[field] = at
        elif heading:
            ignored.append(heading)
    _check_complete(found)
    return found, ignored


def _check_complete(found: dict[str, int]) -> None:
    missing = [COLUMNS[field] for field in REQUIRED if field not in found]
    if missing:
        words = " and ".join(f"“{name}”" for name in missing)
        raise FileProblemError(f"There is no column {words}. The first row must hold the headings, as in the template.")


def _row(line: int, cells: list[str], columns: dict[str, int]) -> Row:
    values = {field: cells[at] if at < len(cells) else "" for field, at in columns.items()}
    email = re.sub(r"^mailto:", "", values["email"].lower()).strip("<>;, ")
    return Row(line=line, **{**values, "email": email})


def _checked(row: Row, roles: dict[str, str], default_role: str) -> Row:
    role = _role(row.role, roles, default_role)
    errors = [*_missing(row), *_formulas(row), *_too_long(row)]
    if row.email and not _is_email(row.email):
        errors.append(f"“{row.email}” is not an e-mail address.")
    if not role:
        words = " or ".join(roles.values())
        errors.append(f"“{row.role}” is not a role here. Write {words}." if row.role else f"Role is missing: {words}.")
    return replace(row, role=role, errors=tuple(errors), warning=wording.warning(row.reason))


def _role(written: str, roles: dict[str, str], default_role: str) -> str:
    if not written:
        return default_role
    word = written.casefold().rstrip(".")
    return next((key for key, label in roles.items() if word in {key, label.casefold(), f"{label.casefold()}s"}), "")


def _missing(row: Row) -> Iterable[str]:
    return (f"{COLUMNS[field]} is missing." for field in REQUIRED if not getattr(row, field))


def _formulas(row: Row) -> Iterable[str]:
    for field in ("first_name", "last_name", "email", "reason"):
        if getattr(row, field).startswith(_FORMULA):
            first = getattr(row, field)[0]
            yield f"{COLUMNS[field]} starts with “{first}”, which a spreadsheet takes for a formula. Write plain text."


def _too_long(row: Row) -> Iterable[str]:
    for field, limit in _LIMITS.items():
        if len(getattr(row, field)) > limit:
            yield f"{COLUMNS[field]} is longer than {limit:,} characters."


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _without_repeats(rows: list[Row]) -> list[Row]:
    first: dict[str, int] = {}
    answer = []
    for row in rows:
        earlier = first.setdefault(row.email, row.line) if row.email else row.line
        if earlier != row.line:
            row = replace(row, errors=(*row.errors, f"The same address is in row {earlier} already."))
        answer.append(row)
    return answer
