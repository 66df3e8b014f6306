"""What needs somebody's attention, by explicit rules: no score, no guess.

Each rule is one function of the cohorts concerned. It says what it found, why that is there, and which page settles
it. However many rows there are, a rule costs the same few queries.
"""

from staff.attention import circles, closing, complaints, erasures, intake, joining, notes, presence, tasks, wording
from staff.attention.base import NO_COHORT, Allowed, Finding, Found, Item, Later, Rule, gather, look, sort_out

RULES: list[Rule] = [
    *notes.RULES, *tasks.RULES, *intake.RULES, *joining.RULES, *circles.RULES, *presence.RULES, *closing.RULES,
    *wording.RULES, *erasures.RULES, *complaints.RULES,
]  # fmt: skip

__all__ = [
    "NO_COHORT", "RULES", "Allowed", "Finding", "Found", "Item", "Later", "Rule", "by_key", "gather", "look",
    "sort_out",
]  # fmt: skip


def by_key(key: str) -> Rule | None:
    return next((rule for rule in RULES if rule.key == key), None)
