"""Standard deviations that are zero where nothing varies, and a scale on which no square leaves the range."""

import math

import numpy as np

# How far the subtraction of two numbers and a mean of them can be out, in parts of the largest.
SLACK = 8 * float(np.finfo(float).eps)


def sd_of(values: np.ndarray, largest: float | None = None) -> float:
    """Sample standard deviation; exactly zero where all values are alike but for rounding of binary fractions.

    `largest` is the size of the numbers from which the values were worked out, where they were.
    """
    size = float(np.abs(values).max()) if largest is None else largest
    sd = float(values.std(ddof=1))
    return 0.0 if sd <= SLACK * size else sd


def power_of_two(*arrays: np.ndarray) -> int:
    """The exponent by which numbers come below one; scaling by powers of two alone changes no digit."""
    largest = max(float(np.abs(array).max()) for array in arrays)
    return math.frexp(largest)[1]
