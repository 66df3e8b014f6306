"""Change of the same people between two measurements. Every difference is post − pre."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

LEVEL = 0.95


@dataclass(frozen=True)
class PairedChange:
    """Figures of one paired comparison, in points of the scale where they are not ratios.

    d_z, its interval and g_z are in standard deviations of the differences; d_av in those of the scores.
    """

    n_pairs: int
    mean_pre: float
    mean_post: float
    sd_pre: float
    sd_post: float
    mean_diff: float
    sd_diff: float
    ci_low: float
    ci_high: float
    t: float | None
    df: int
    p: float | None
    d_z: float | None
    d_z_low: float | None
    d_z_high: float | None
    hedges_j: float
    g_z: float | None
    d_av: float | None
    d_rm: float | None
    r: float | None


def paired_change(pre: Sequence[float], post: Sequence[float]) -> PairedChange:
    """Describe the change between two scores of each person. Raises ValueError below two pairs or on unequal lengths.

    CI: mean ± t(.975; n − 1) · sd/√n, and t = mean/(sd/√n) with n − 1 degrees of freedom (Student 1908).
    d_z = mean/sd of the differences (Cohen 1988). g_z = J · d_z. d_rm = d_z · √(2(1 − r)) (Lakens 2013,
    doi:10.3389/fpsyg.2013.00863). d_av = mean difference / √((s²pre + s²post)/2): the root mean square of the two SDs,
    where Lakens divides by their plain mean.
    """
    before, after = np.asarray(pre, dtype=float), np.asarray(post, dtype=float)
    if before.shape != after.shape or before.size < 2:
        raise ValueError("Give at least two pairs, and as many scores after as before.")
    diff, n = after - before, int(before.size)
    mean, sd = float(diff.mean()), _sd(diff)
    sd_pre, sd_post = _sd(before), _sd(after)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * sd / math.sqrt(n)
    t = mean / (sd / math.sqrt(n)) if sd > 0 else None
    d_z, r, j = (mean / sd if sd > 0 else None), correlation(before, after), hedges_j(n - 1)
    low, high = d_z_interval(t, n) if t is not None else (None, None)
    pooled = math.sqrt((sd_pre**2 + sd_post**2) / 2)
    return PairedChange(
        n_pairs=n, mean_pre=float(before.mean()), mean_post=float(after.mean()), sd_pre=sd_pre, sd_post=sd_post,
        mean_diff=mean, sd_diff=sd, ci_low=mean - half, ci_high=mean + half, t=t, df=n - 1,
        p=float(2 * stats.t.sf(abs(t), n - 1)) if t is not None else None,
        d_z=d_z, d_z_low=low, d_z_high=high, hedges_j=j, g_z=d_z * j if d_z is not None else None,
        d_av=mean / pooled if pooled > 0 else None,
        d_rm=d_z * math.sqrt(max(0.0, 2 * (1 - r))) if d_z is not None and r is not None else None, r=r,
    )  # fmt: skip


def _sd(values: np.ndarray) -> float:
    """Sample standard deviation; exactly zero where all values are alike but for rounding of binary fractions."""
    sd = float(values.std(ddof=1))
    return 0.0 if sd <= 1e-12 * max(1.0, float(np.abs(values).max())) else sd


def correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Pearson's r; None where one of the two does not vary."""
    if _sd(x) == 0 or _sd(y) == 0:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))


def hedges_j(df: int) -> float:
    """Hedges' exact correction for small samples, Γ(ν/2)/(√(ν/2)·Γ((ν − 1)/2)) (Hedges 1981). 0 at one degree."""
    if df < 2:
        return 0.0
    log_j = special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - math.log(df / 2) / 2
    return math.exp(float(log_j))


def d_z_interval(t: float, n: int, level: float = LEVEL) -> tuple[float | None, float | None]:
    """CI of d_z: the noncentralities under which t is at either tail, divided by √n (Steiger & Fouladi 1997).

    Worked out on |t| and mirrored: SciPy's noncentral t returns NaN at some negative arguments.
    """
    tail = (1 - level) / 2
    low = _noncentrality(abs(t), n - 1, 1 - tail)
    high = _noncentrality(abs(t), n - 1, tail)
    if low is None or high is None:
        return None, None
    low, high = low / math.sqrt(n), high / math.sqrt(n)
    return (low, high) if t >= 0 else (-high, -low)


def _noncentrality(t: float, df: int, probability: float) -> float | None:
    """The noncentrality δ with P(T ≤ t | δ) = probability; None where SciPy can't tell."""

    def above(delta: float) -> float:
        return float(stats.nct.cdf(t, df, delta)) - probability

    spread = 5 * math.sqrt(1 + t * t / (2 * df))
    return _root(above, t - spread, t + spread)


def _root(decreasing: Callable[[float], float], low: float, high: float) -> float | None:
    """Where a decreasing function is zero: widen the bracket until it holds the root, then halve it."""
    for _ in range(12):
        if decreasing(low) > 0 > decreasing(high):
            break
        low, high = low - (high - low) / 2, high + (high - low) / 2
    else:
        return None
    for _ in range(200):
        middle = (low + high) / 2
        value = decreasing(middle)
        if math.isnan(value):
            return None
        low, high = (middle, high) if value > 0 else (low, middle)
    return (low + high) / 2
