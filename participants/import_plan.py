"""What a file of nominations would do, row by row, before anything is done."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

from cohorts.models import Role
from organisations.models import Participation
from participants import selectors
from participants.importing import Row
from participants.models import LIVE, Nomination, NominationState

Action = Literal["invite", "reserve", "update", "same", "error"]
ACTIONS: tuple[Action, ...] = get_args(Action)
# What becomes of a row, in words and in the tone of a badge.
WORDS: dict[Action, tuple[str, str]] = {
    "invite": ("Will be invited", "good"),
    "reserve": ("Goes on the reserve list", "attention"),
    "update": ("Details will be updated", "info"),
    "same": ("Nothing changes", "neutral"),
    "error": ("Needs correcting", "problem"),
}


@dataclass(frozen=True)
class Planned:
    """One row and what becomes of it; `notes` are its errors, or what the coordinator should know."""

    row: Row
    action: Action
    notes: tuple[str, ...] = ()
    nomination: Nomination | None = None

    @property
    def words(self) -> str:
        return WORDS[self.action][0]

    @property
    def tone(self) -> str:
        return WORDS[self.action][1]

    @property
    def role_label(self) -> str:
        return Role(self.row.role).label if self.row.role else ""


def plan(*, participation: Participation, rows: list[Row]) -> list[Planned]:
    """What importing the rows now would do. Reads only; a fixed number of queries."""
    emails = [row.email for row in rows if row.email]
    known = selectors.by_address(participation.cohort, emails)
    enrolled = selectors.enrolled_addresses(participation.cohort, emails)
    free = selectors.free_places(participation)
    return [_planned(row, participation, known.get(row.email), row.email in enrolled, free) for row in rows]


def _planned(
    row: Row, participation: Participation, known: Nomination | None, enrolled: bool, free: Counter[str]
) -> Planned:
    if row.errors:
        return Planned(row, "error", row.errors)
    if known and known.participation_id == participation.pk:
        return _known(row, known)
    if enrolled or (known and known.state in LIVE):
        return Planned(row, "error", (selectors.NOT_AT_THIS_ADDRESS,))
    return _new(row, free)


def _new(row: Row, free: Counter[str]) -> Planned:
    if free[row.role] > 0:
        free[row.role] -= 1
        return Planned(row, "invite")
    return Planned(row, "reserve", ("The places are full.",))


_UNTOUCHED = {
    NominationState.APPLIED: "Has applied: confirm them on your list.",
    NominationState.ACCEPTED: "Has accepted already.",
    NominationState.DECLINED: "Said no to this cohort. Left out.",
    NominationState.EXPIRED: "Did not answer in time. Left out.",
    NominationState.WITHDRAWN: "Was withdrawn. To put them forward again, nominate them one by one.",
}


def _known(row: Row, known: Nomination) -> Planned:
    if known.state in _UNTOUCHED:
        return Planned(row, "same", (_UNTOUCHED[known.state],), known)
    if known.role != row.role and known.state == NominationState.INVITED:
        note = f"Has been invited as a {known.get_role_display().lower()}. Withdraw that nomination to change the role."
        return Planned(row, "error", (note,))
    changed = [name for name in ("first_name", "last_name", "role", "reason") if _differs(row, known, name)]
    return Planned(row, "update" if changed else "same", (), known)


def _differs(row: Row, known: Nomination, name: str) -> bool:
    """An empty reason leaves the known one as it is."""
    return getattr(row, name) != getattr(known, name) and not (name == "reason" and not row.reason)


def counts(planned: list[Planned]) -> Counter[str]:
    return Counter(item.action for item in planned)
