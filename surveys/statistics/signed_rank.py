"""Wilcoxon's signed-rank test, with one fixed policy for zeros and ties."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

EXACT_BELOW = 50


@dataclass(frozen=True)
class SignedRank:
    """Sums of the ranks of rises and falls, the two-sided p and how it was found; None where nobody changed."""

    w_plus: float
    w_minus: float
    wilcoxon_p: float | None
    wilcoxon_method: Literal["exact", "normal_cc"] | None
    rank_biserial: float | None


def signed_rank(pre: Sequence[float], post: Sequence[float]) -> SignedRank:
    """Compare two scores of each person by ranks (Wilcoxon 1945). Differences are rounded to 9 places first.

    Zeros are dropped and ties share their mean rank. p is exact only without zeros, without ties and below 50
    differences; else the normal approximation with continuity correction, as R's wilcox.test does.
    rank_biserial = (W+ − W−)/(W+ + W−) (Kerby 2014).
    """
    with np.errstate(over="ignore"):
        every = _rounded(np.asarray(post, dtype=float) - np.asarray(pre, dtype=float))
    diff = every[every != 0]
    if diff.size == 0:
        return SignedRank(0.0, 0.0, None, None, None)
    ranks = stats.rankdata(np.abs(diff))
    plus, minus = float(ranks[diff > 0].sum()), float(ranks[diff < 0].sum())
    counts = np.unique(np.abs(diff), return_counts=True)[1]
    exact = diff.size == every.size and int(counts.max()) == 1 and diff.size < EXACT_BELOW
    p = _exact_p(min(plus, minus), diff.size) if exact else _normal_p(plus, diff.size, counts)
    return SignedRank(plus, minus, p, "exact" if exact else "normal_cc", (plus - minus) / (plus + minus))


def _rounded(diff: np.ndarray) -> np.ndarray:
    """To 9 places where a number of that size has so many."""
    small = np.abs(diff) < 2**52 / 10**9
    diff[small] = np.round(diff[small], 9)
    return diff


def _exact_p(smaller: float, n: int) -> float:
    """Two-sided p from the number of sign patterns with a rank sum no larger, counted without rounding."""
    ways: list[int] = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return float(min(1.0, 2 * sum(ways[: int(smaller) + 1]) / 2**n))


def _normal_p(plus: float, n: int, counts: np.ndarray) -> float:
    distance = plus - n * (n + 1) / 4
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((counts**3 - counts).sum()) / 48
    if variance == 0:
        return 1.0
    corrected = distance - math.copysign(0.5, distance) if distance else 0.0
    return min(1.0, math.erfc(abs(corrected) / math.sqrt(2 * variance)))
