"""Several tests at once."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjusted p-values in the order given (Holm 1979)."""
    from statsmodels.stats.multitest import multipletests  # loaded here for the reason given in `clustering`

    if not p_values:
        return []
    return [float(p) for p in multipletests(p_values, method="holm")[1]]
