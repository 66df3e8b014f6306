"""The one way out for figures about more than one person. Pure: knows no Django.

`release()` is the gate; `release_*` take the answers and give either figures that may be shown or `Suppressed`. Nothing
else in the product aggregates survey answers, which a test of the house proves.
"""

from surveys.disclosure.audience import FLOOR, OUTSIDE, TEAM, Audience
from surveys.disclosure.comments import COMMENTS_FROM, comments_may_be_read, release_comments
from surveys.disclosure.figures import (
    AttritionFigures,
    ChangeFigures,
    CountFigure,
    LookingBackFigures,
    MeanFigure,
    Precision,
    Released,
    ShareFigures,
    Suppressed,
)
from surveys.disclosure.gate import Asked, release
from surveys.disclosure.groups import People
from surveys.disclosure.ledger import Ledger
from surveys.disclosure.measures import (
    release_attrition,
    release_change,
    release_count,
    release_looking_back,
    release_precision,
    release_reliability,
)
from surveys.disclosure.rounding import half_up, nearest
from surveys.disclosure.shares import release_choices, release_mean, release_shares
from surveys.disclosure.tables import TableFigures, release_table

__all__ = [
    "COMMENTS_FROM",
    "FLOOR",
    "OUTSIDE",
    "TEAM",
    "Asked",
    "AttritionFigures",
    "Audience",
    "ChangeFigures",
    "CountFigure",
    "Ledger",
    "LookingBackFigures",
    "MeanFigure",
    "People",
    "Precision",
    "Released",
    "ShareFigures",
    "Suppressed",
    "TableFigures",
    "comments_may_be_read",
    "half_up",
    "nearest",
    "release",
    "release_attrition",
    "release_change",
    "release_choices",
    "release_comments",
    "release_count",
    "release_looking_back",
    "release_mean",
    "release_precision",
    "release_reliability",
    "release_shares",
    "release_table",
]
