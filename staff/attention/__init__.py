"""What needs somebody's attention, by explicit rules: no score, no guess.

Each rule is one function of the cohorts concerned. It says what it found, why that is there, and which page settles
it. However many rows there are, a rule costs the same few queries.
"""

from staff.attention import circles, closing, intake, joining, notes, wording
from staff.attention.base import Finding, Item, Rule, gather

RULES: list[Rule] = [*notes.RULES, *intake.RULES, *joining.RULES, *circles.RULES, *closing.RULES, *wording.RULES]

__all__ = ["RULES", "Finding", "Item", "Rule", "gather"]
