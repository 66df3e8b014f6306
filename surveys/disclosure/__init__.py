"""The one way out for figures about more than one person. Pure: knows no Django.

`release_*` take the answers and give either figures that may be shown or `Suppressed`; nothing else in the product
aggregates survey answers, which a test of the house proves.
"""

from surveys.disclosure.audience import FLOOR, OUTSIDE, TEAM, Audience
from surveys.disclosure.figures import ChangeFigures, CountFigure, Precision, Released, Suppressed
from surveys.disclosure.release import release_change, release_count, release_precision
from surveys.disclosure.rounding import half_up

__all__ = [
    "FLOOR",
    "OUTSIDE",
    "TEAM",
    "Audience",
    "ChangeFigures",
    "CountFigure",
    "Precision",
    "Released",
    "Suppressed",
    "half_up",
    "release_change",
    "release_count",
    "release_precision",
]
