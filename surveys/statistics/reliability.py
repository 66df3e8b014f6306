"""How far the items of a scale measure one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from surveys.statistics.spread import power_of_two, sd_of


@dataclass(frozen=True)
class Reliability:
    """Cronbach's α of n complete answers to k items, with its interval; None where it is not defined."""

    n: int
    k: int
    alpha: float | None
    alpha_std: float | None
    mean_r: float | None
    alpha_low: float | None
    alpha_high: float | None
    alpha_if_dropped: dict[str, float | None]


def reliability(items: dict[str, Sequence[float]], level: float = 0.95) -> Reliability:
    """Describe a scale by its items: one equally long column of answers each, reversed items turned round already.

    α = k/(k − 1) · (1 − Σs²item/s²total) (Cronbach 1951). Interval: 1 − (1 − α)·F(.975 and .025; n − 1, (n − 1)(k − 1))
    (Feldt, Woodruff & Salih 1987). Standardised α = k·r̄/(1 + (k − 1)·r̄).
    Raises ValueError for columns of different lengths or below two rows.
    """
    table = np.column_stack([np.asarray(column, dtype=float) for column in items.values()])
    n, k = table.shape
    if n < 2:
        raise ValueError("Give at least two complete rows.")
    table = np.ldexp(table, -power_of_two(table))
    alpha, mean_r = _alpha(table), _mean_r(table)
    low, high = _feldt(alpha, n, k, level) if alpha is not None else (None, None)
    dropped = {name: _alpha(np.delete(table, i, axis=1)) for i, name in enumerate(items)}
    return Reliability(
        n=n, k=k, alpha=alpha, mean_r=mean_r, alpha_low=low, alpha_high=high, alpha_if_dropped=dropped,
        alpha_std=_standardised(mean_r, k) if mean_r is not None else None,
    )  # fmt: skip


def _alpha(table: np.ndarray) -> float | None:
    k = int(table.shape[1])
    if k < 2:
        return None
    total = sd_of(table.sum(axis=1), float(np.abs(table).sum(axis=1).max()))
    if total == 0:
        return None
    return min(1.0, k / (k - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / total**2))


def _standardised(mean_r: float, k: int) -> float | None:
    below = 1 + (k - 1) * mean_r
    return k * mean_r / below if abs(below) > 1e-12 else None


def _mean_r(table: np.ndarray) -> float | None:
    """The mean correlation between two items; None when an item does not vary or there is only one."""
    if table.shape[1] < 2 or any(sd_of(column) == 0 for column in table.T):
        return None
    r = np.corrcoef(table, rowvar=False)
    return float(r[np.triu_indices_from(r, k=1)].mean())


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    upper, lower = stats.f.ppf([1 - tail, tail], n - 1, (n - 1) * (k - 1))
    return 1 - (1 - alpha) * float(upper), 1 - (1 - alpha) * float(lower)
