"""Those who did not answer a second time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surveys.statistics.spread import sd_of


@dataclass(frozen=True)
class Comparison:
    """First scores of those who answered again and of those who did not; the difference is in pooled SDs."""

    n_completers: int
    mean_completers: float
    sd_completers: float
    n_others: int
    mean_others: float
    sd_others: float
    standardised: float | None


def completers_against_others(completers: Sequence[float], others: Sequence[float]) -> Comparison:
    """Compare first scores. (mean − mean)/√((s² + s²)/2), as in Austin 2009 (doi:10.1002/sim.3697).

    Raises ValueError below two people on either side.
    """
    if min(len(completers), len(others)) < 2:
        raise ValueError("Give two people at least on either side.")
    one, other = np.asarray(completers, dtype=float), np.asarray(others, dtype=float)
    pooled = math.sqrt((sd_of(one) ** 2 + sd_of(other) ** 2) / 2)
    difference = float(one.mean() - other.mean())
    return Comparison(
        one.size, float(one.mean()), sd_of(one), other.size, float(other.mean()), sd_of(other),
        difference / pooled if pooled > 0 else None,
    )  # fmt: skip


def had_nobody_else_changed(mean_diff: float, n_pairs: int, n_pre: int) -> float:
    """The mean change of everybody who answered first, if those without a second score had not changed at all."""
    return mean_diff * n_pairs / n_pre
