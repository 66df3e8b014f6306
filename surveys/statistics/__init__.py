"""Statistics of change and of reliability. Pure: knows no Django. Figures are unrounded; an undefined one is None."""

from surveys.statistics.attrition import Comparison, completers_against_others, had_nobody_else_changed
from surveys.statistics.change import ChangeCounts, change_counts, meaningful_difference, verdict
from surveys.statistics.clustering import Clustering, clustering
from surveys.statistics.multiplicity import holm
from surveys.statistics.paired import PairedChange, paired_change
from surveys.statistics.reliability import Reliability, reliability
from surveys.statistics.signed_rank import SignedRank, signed_rank
from surveys.statistics.waves import (
    PostScores,
    PreScores,
    ThenScores,
    headline_pairs,
    shift_pairs,
    since_then_pairs,
)

__all__ = [
    "ChangeCounts",
    "Clustering",
    "Comparison",
    "PairedChange",
    "PostScores",
    "PreScores",
    "Reliability",
    "SignedRank",
    "ThenScores",
    "change_counts",
    "clustering",
    "completers_against_others",
    "had_nobody_else_changed",
    "headline_pairs",
    "holm",
    "meaningful_difference",
    "paired_change",
    "reliability",
    "shift_pairs",
    "signed_rank",
    "since_then_pairs",
    "verdict",
]
