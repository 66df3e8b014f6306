"""Rounding that is the same everywhere: halves away from zero, never at random."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: float, decimals: int) -> float:
    """2.5 → 3 and −2.5 → −3 at no decimals; taken from the shortest decimal form, so that 1.005 → 1.01."""
    step = Decimal(1).scaleb(-decimals)
    rounded = float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))
    return rounded + 0.0  # no negative zero


def nearest(n: int, step: int) -> int:
    """To the nearest multiple of a step, halves upwards: 2 → 0 and 3 → 5, and with a step of 1 as it is."""
    return (2 * n + step) // (2 * step) * step


def rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else half_up(value, decimals)
