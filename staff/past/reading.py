"""The rows of a spreadsheet of one past cohort. Nothing is stored here.

A row is a person with their organisation, or an organisation alone with how many people it had.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cohorts.models import Format, Role
from staff.lists.sheet import Column, Line
from staff.lists.widgets import NO, YES

ORGANISATION, FIRST, LAST, EMAIL, ROLE = "Organisation", "First name", "Last name", "E-mail", "Role"
JOB, SESSIONS, COMPLETED, MENTEES, MENTORS = "Job title", "Sessions attended", "Completed", "Mentees", "Mentors"
MOST_SESSIONS = 24
EACH = [f"Session {number}" for number in range(1, MOST_SESSIONS + 1)]
IN_TEMPLATE = 6  # more may be added to the file by hand
COLUMNS = [
    Column(ORGANISATION, "The employer that they had then.", needed=True, also=("Employer", "Company")),
    Column(FIRST, "Of a person; blank where only numbers are known.", also=("Forename",)),
    Column(LAST, "Of a person.", also=("Surname", "Family name")),
    Column(EMAIL, "Of a person: by it they are known if they take part again.", also=("E-mail address", "Work e-mail")),
    Column(ROLE, "Mentor, mentee or partner, as the format has it."),
    Column(JOB, "As it was then; may be blank."),
    Column(SESSIONS, "How many they came to; blank where it is not known.", also=("Attended", "Sessions")),
    Column(EACH[0], "Yes, no or blank, where your record says who came when. They are added up; blank counts as no."),
    *(Column(heading, "The same of this session.") for heading in EACH[1:IN_TEMPLATE]),
    Column(COMPLETED, "No for who left before the end; blank is yes."),
    Column(MENTEES, "In a row without a person: how many mentees without a name."),
    Column(MENTORS, "In a row without a person: how many mentors without a name."),
]
READ = [*COLUMNS, *(Column(heading, "") for heading in EACH[IN_TEMPLATE:])]
OF_A_PERSON = [FIRST, LAST, EMAIL]
LIMITS = {ORGANISATION: 200, FIRST: 100, LAST: 100, EMAIL: 254, JOB: 120}
Problem = tuple[str, str]


@dataclass(frozen=True)
class PastRow:
    """One row; `email` is blank in one that is an organisation alone. `errors` are (heading, words)."""

    number: int
    organisation: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = ""
    job_title: str = ""
    sessions: int | None = None
    completed: bool = True
    mentees: int = 0
    mentors: int = 0
    errors: tuple[Problem, ...] = ()

    @property
    def is_person(self) -> bool:
        return bool(self.email)

    @property
    def name(self) -> str:
        person = f"{self.first_name} {self.last_name}".strip()
        return f"{person}, {self.organisation}" if person else self.organisation


def rows(lines: list[Line], format_: Format, sessions: int) -> list[PastRow]:
    """Each row as it was understood, with what is wrong with it. `sessions` is how many the cohort held."""
    found = [_row(line, format_, sessions) for line in lines]
    first: dict[str, int] = {}
    answer = []
    for row in found:
        earlier = first.setdefault(row.email, row.number) if row.email else row.number
        twice = ((EMAIL, f"The same person is in row {earlier} already."),) if earlier != row.number else ()
        answer.append(replace(row, errors=(*row.errors, *twice)))
    return answer


def _row(line: Line, format_: Format, sessions: int) -> PastRow:
    cells = {column.heading: line.cells.get(column.heading, "") for column in READ}
    reader = _Reader(cells, [])
    person = any(cells[heading] for heading in OF_A_PERSON)
    values = reader.person(format_, sessions) if person else reader.numbers()
    errors = [*_lengths(cells), *reader.errors]
    if not cells[ORGANISATION]:
        errors.insert(0, (ORGANISATION, "Write the organisation."))
    return PastRow(line.number, cells[ORGANISATION], errors=tuple(errors), **values)


def _lengths(cells: dict[str, str]) -> Iterator[Problem]:
    for heading, limit in LIMITS.items():
        if len(cells[heading]) > limit:
            yield heading, f"It is longer than {limit} characters."


@dataclass
class _Reader:
    """Reads the cells of one row and gathers what is wrong with them."""

    cells: dict[str, str]
    errors: list[Problem]

    def person(self, format_: Format, sessions: int) -> dict:
        for heading in OF_A_PERSON:
            if not self.cells[heading]:
                self.errors.append((heading, "It is missing: write all of a person’s name and address, or none."))
        for heading in (MENTEES, MENTORS):
            if self.cells[heading]:
                self.errors.append((heading, "Leave it blank in the row of a person."))
        return {
            "first_name": self.cells[FIRST],
            "last_name": self.cells[LAST],
            "email": self._email(),
            "role": self._role(format_),
            "job_title": self.cells[JOB],
            "sessions": self._sessions(sessions),
            "completed": self._completed(),
        }

    def numbers(self) -> dict:
        for heading in (ROLE, JOB, SESSIONS, *EACH, COMPLETED):
            if self.cells[heading]:
                self.errors.append((heading, "This row has no person: write their name and address, or clear this."))
        return {"mentees": self._number(MENTEES) or 0, "mentors": self._number(MENTORS) or 0}

    def _email(self) -> str:
        email = self.cells[EMAIL].lower()
        try:
            if email:
                validate_email(email)
        except ValidationError:
            self.errors.append((EMAIL, f"“{email}” is not an e-mail address."))
        return email

    def _role(self, format_: Format) -> str:
        word = self.cells[ROLE].casefold().rstrip("s.")
        found = next((role for role in format_.roles if word in {role, Role(role).label.casefold()}), "")
        if not word and len(format_.roles) == 1:
            return format_.roles[0]
        if not found:
            words = " or ".join(Role(role).label.lower() for role in format_.roles)
            self.errors.append((ROLE, f"Write {words}."))
        return found

    def _number(self, heading: str, most: int = 10_000) -> int | None:
        cell = self.cells[heading]
        if not cell:
            return None
        if not cell.isdecimal() or int(cell) > most:
            self.errors.append((heading, f"Write a whole number from 0 to {most:,}."))
            return None
        return int(cell)

    def _sessions(self, held: int) -> int | None:
        """The number that is written, or that of the sessions with a yes: no more of them is kept."""
        said = self._number(SESSIONS, held)
        each = {heading: self.cells[heading].casefold() for heading in EACH if self.cells[heading]}
        if not each:
            return said
        for heading, word in each.items():
            if heading in EACH[held:]:
                self.errors.append((heading, f"The cohort held {held} sessions."))
            elif word not in YES | NO:
                self.errors.append((heading, "Write yes or no, or leave it blank."))
        came = sum(word in YES for word in each.values())
        if said is not None and said != came:
            self.errors.append((SESSIONS, f"It says {said}, and {came} of the sessions say yes. Correct one of them."))
        return came

    def _completed(self) -> bool:
        word = self.cells[COMPLETED].casefold()
        if word and word not in YES | NO:
            self.errors.append((COMPLETED, "Write yes or no."))
        return word not in NO
