"""Change of the same people between two measurements. Every difference is post − pre."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special, stats

from surveys.statistics.noncentral import noncentrality
from surveys.statistics.spread import power_of_two, sd_of

LEVEL = 0.95
IN_POINTS = ["mean_pre", "mean_post", "sd_pre", "sd_post", "mean_diff", "sd_diff", "ci_low", "ci_high"]


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
    exponent = power_of_two(before, after)
    scaled = _change(np.ldexp(before, -exponent), np.ldexp(after, -exponent))
    with np.errstate(over="ignore"):
        points: dict[str, Any] = {name: float(np.ldexp(getattr(scaled, name), exponent)) + 0.0 for name in IN_POINTS}
    return replace(scaled, **points)


def _change(before: np.ndarray, after: np.ndarray) -> PairedChange:
    diff, n, largest = after - before, int(before.size), float(max(np.abs(before).max(), np.abs(after).max()))
    mean, sd = float(diff.mean()) + 0.0, sd_of(diff, largest)
    sd_pre, sd_post = sd_of(before), sd_of(after)
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


def correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Pearson's r; None where one of the two does not vary."""
    if sd_of(x) == 0 or sd_of(y) == 0:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))


def hedges_j(df: int) -> float:
    """Hedges' exact correction for small samples, Γ(ν/2)/(√(ν/2)·Γ((ν − 1)/2)) (Hedges 1981). 0 at one degree."""
    if df < 2:
        return 0.0
    log_j = special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - math.log(df / 2) / 2
    return math.exp(float(log_j))


def d_z_interval(t: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """CI of d_z: the noncentralities under which t is at either tail, divided by √n (Steiger & Fouladi 1997).

    Worked out on |t| and mirrored.
    """
    tail = (1 - level) / 2
    low = noncentrality(abs(t), n - 1, 1 - tail) / math.sqrt(n)
    high = noncentrality(abs(t), n - 1, tail) / math.sqrt(n)
    return (low, high) if t >= 0 else (-high, -low)
