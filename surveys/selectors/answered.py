"""Who answered which survey, by role: the one table of two traits, with as many cells hidden as it takes."""

from collections import Counter
from dataclasses import asdict

from cohorts.models import Cohort, Role
from surveys.disclosure import Asked, Suppressed, TableFigures, release, release_table
from surveys.selectors.flow import Answered, Waves, answered_by, enrolled, tokens
from surveys.selectors.outcomes import Figures, Telling

BOTH, FIRST, SECOND, NEITHER = "Both surveys", "Only the first", "Only the second", "Neither"
COLUMNS = [BOTH, FIRST, SECOND, NEITHER]


def answered_by_role(cohort: Cohort, found: Waves | None, to: Telling) -> Figures:
    """How many of each role answered which survey. Somebody who moves to another cell changes the group twice, so that
    a newer table is weighed against the older one cell by cell.
    """
    answered = answered_by(cohort, found)
    people = [(pk, role, _column(pk, answered)) for pk, role in enrolled(cohort).values_list("pk", "role")]
    roles = [role for role in Role.values if any(role == one for _, one, _ in people)]
    number = Counter((role, column) for _, role, column in people)
    counts = [[number[role, column] for column in COLUMNS] for role in roles]
    group = frozenset[str]().union(*(_in_column(column, people) for column in COLUMNS))
    table = release(
        Asked("answered by role", group),
        lambda: release_table(counts, to.audience),
        audience=to.audience,
        ledger=to.ledger,
    )
    labels = [str(Role(role).label) for role in roles]
    return {"roles": labels, "columns": COLUMNS, **_shown(table)}


def _in_column(column: str, people: list[tuple[object, str, str]]) -> frozenset[str]:
    return frozenset(f"{token} {column}" for token in tokens(pk for pk, _, own in people if own == column))


def _column(key: object, answered: Answered) -> str:
    return {(True, True): BOTH, (True, False): FIRST, (False, True): SECOND, (False, False): NEITHER}[
        key in answered.pre, key in answered.post
    ]


def _shown(table: TableFigures | Suppressed) -> Figures:
    if isinstance(table, Suppressed):
        return {"figures": None, "text": table.text}
    return {"figures": asdict(table), "text": ""}


def still_answered(older: Figures, newer: Figures) -> Figures:
    """The newer table; where so few changed that it may not be told anew, as it was."""
    table, before = newer.get("answered"), older.get("answered")
    if not table or not before:
        return {}
    return {"answered": table if table["figures"] else before}
