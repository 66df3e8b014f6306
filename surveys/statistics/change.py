"""One person's change against the error of measurement."""

import math
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
    difference = round(post - pre, 9)
    if difference > threshold:
        return Verdict.HIGHER
    return Verdict.LOWER if difference < -threshold else Verdict.WITHIN
