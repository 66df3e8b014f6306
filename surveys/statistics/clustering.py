"""People who meet may come to answer alike: how far they do, and an interval that takes account of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from surveys.statistics.spread import sd_of


@dataclass(frozen=True)
class Clustering:
    """How alike the members of a cluster are (`icc`, None where nothing varies), and the mean's interval beside it."""

    clusters: int
    icc: float | None
    ci_low: float
    ci_high: float


def clustering(values: Sequence[float], clusters: Sequence[Hashable], level: float = 0.95) -> Clustering:
    """Describe values of people in clusters. Raises ValueError below two clusters, or on unequal lengths.

    ICC(1) = (MSB − MSW)/(MSB + (n₀ − 1)·MSW), n₀ = (N − Σn²/N)/(G − 1), from the one-way analysis of variance with
    clusters of unequal size (Donner 1986). The interval: mean ± t(.975; G − 1)·√V, where
    V = G/(G − 1) · Σ(sum of a cluster's residuals)²/N² is the cluster-robust variance of a mean (Liang & Zeger 1986,
    with the small-sample factor CR1), as statsmodels works it out.
    """
    x = np.asarray(values, dtype=float)
    codes = {name: code for code, name in enumerate(dict.fromkeys(clusters))}
    labels, groups = np.array([codes[name] for name in clusters]), len(codes)
    if labels.shape != x.shape or groups < 2:
        raise ValueError("Give a cluster for each value, and two clusters at least.")
    sizes, residuals = np.bincount(labels).astype(float), x - x.mean()
    sums = np.bincount(labels, weights=residuals)
    low, high = _interval(x, labels, level)
    return Clustering(groups, _icc(x, residuals, sums, sizes), low, high)


def _interval(x: np.ndarray, labels: np.ndarray, level: float) -> tuple[float, float]:
    # Loaded here and not above: it takes 40 MB, and most processes never release a figure.
    from statsmodels.regression.linear_model import OLS

    mean = OLS(x, np.ones_like(x)).fit(cov_type="cluster", cov_kwds={"groups": labels}, use_t=True)
    [(low, high)] = mean.conf_int(1 - level)
    return float(low), float(high)


def _icc(x: np.ndarray, residuals: np.ndarray, sums: np.ndarray, sizes: np.ndarray) -> float | None:
    groups, n = sizes.size, x.size
    if sd_of(x) == 0 or n == groups:
        return None
    squares = float((sums**2 / sizes).sum())
    between, within = squares / (groups - 1), (float((residuals**2).sum()) - squares) / (n - groups)
    typical = (n - float((sizes**2).sum()) / n) / (groups - 1)
    below = between + (typical - 1) * within
    return (between - within) / below if below > 0 else None
