"""One person's change against the error of measurement."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    HIGHER = "higher"
    WITHIN = "within"
    LOWER = "lower"


def meaningful_difference(reliability: float, sd: float) -> float:
    """The smallest change that is larger than measurement error: 1.96 · S · √(2(1 − R)), in points of the scale.

    The Reliable Change Index of Jacobson & Truax (1991, doi:10.1037/0022-006X.59.1.12) with S the standard deviation
    before and R the reliability. Raises ValueError for R outside 0 to 1 or a negative S.
    """
    if not 0 <= reliability <= 1 or sd < 0:
        raise ValueError("A reliability lies between 0 and 1, and a spread is not negative.")
    return 1.96 * sd * math.sqrt(2 * (1 - reliability))


def verdict(pre: float, post: float, threshold: float) -> Verdict:
    """Where a change lies: beyond the threshold upwards or downwards, or within it; equality is within."""
    difference = post - pre
    if round(abs(difference) - threshold, 9) <= 0:
        return Verdict.WITHIN
    return Verdict.HIGHER if difference > 0 else Verdict.LOWER


@dataclass(frozen=True)
class ChangeCounts:
    """How many people's change is beyond the threshold, upwards or downwards, and how many's is not."""

    rci_threshold: float
    improved: int
    unchanged: int
    deteriorated: int


def change_counts(pre: Sequence[float], post: Sequence[float], threshold: float) -> ChangeCounts:
    """Count the verdicts over pairs of scores. Raises ValueError on unequal lengths."""
    found = Counter(verdict(before, after, threshold) for before, after in zip(pre, post, strict=True))
    return ChangeCounts(threshold, found[Verdict.HIGHER], found[Verdict.WITHIN], found[Verdict.LOWER])
