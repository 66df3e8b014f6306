"""The noncentral t distribution, worked out here: SciPy's gives NaN at negative and at large arguments."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

REACH = 9.0  # standard deviations beyond which a normal variable adds less than 1e-18
NODES = 240
Array = NDArray[np.float64]


def noncentrality(t: float, df: int, probability: float) -> float:
    """The δ with P(T ≤ t | δ) = probability, for t not below zero."""
    spread = REACH / math.sqrt(2 * df)
    low, high = t * max(0.0, 1 - spread) - REACH, t * (1 + spread * math.sqrt(2)) + REACH
    return float(optimize.brentq(lambda delta: cdf(t, df, delta) - probability, low, high, xtol=1e-13, rtol=1e-14))


def cdf(t: float, df: int, delta: float) -> float:
    """P(T ≤ t | δ) of T = (Z + δ)/S for t not below zero, S = √(χ²ν/ν), by Gauss–Legendre quadrature.

    T ≤ t means Z + δ ≤ t·S. Of Z and S the one that varies more slowly within the other is summed up in closed form:
    ∫ φ(z)·P(S ≥ (z + δ)/t) dz where t·S spreads more widely than Z, else ∫ f(s)·Φ(t·s − δ) ds.
    """
    if t / math.sqrt(2 * df) > 1:
        z, weights = _between(min(max(-REACH, -delta), REACH), REACH)
        density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        beyond = special.chdtrc(df, df * ((z + delta) / t) ** 2)
        return float(special.ndtr(-delta) + (weights * density * beyond).sum())
    spread = REACH / math.sqrt(2 * df)
    s, weights = _between(max(0.0, 1 - spread), 1 + spread * math.sqrt(2))
    return float((weights * _chi_density(s, df) * special.ndtr(t * s - delta)).sum())


def _chi_density(s: Array, df: int) -> Array:
    """The density of √(χ²ν/ν) at s."""
    half = df / 2
    log_constant = math.log(2) + half * math.log(half) - float(special.gammaln(half))
    density: Array = np.exp(log_constant + special.xlogy(df - 1, s) - half * s * s)
    return density


def _between(low: float, high: float) -> tuple[Array, Array]:
    """Places between two bounds, and what each weighs."""
    nodes, weights = _rule()
    half = (high - low) / 2
    return low + half * (nodes + 1), weights * half


@cache
def _rule() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights
