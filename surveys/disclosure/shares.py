"""How a group's answers are spread, and their mean: one of the two of one question, never both."""

from collections.abc import Sequence

import numpy as np

from surveys.disclosure.audience import Audience
from surveys.disclosure.figures import MeanFigure, ShareFigures, Suppressed
from surveys.disclosure.measures import release_count, tells_everyone
from surveys.disclosure.rounding import half_up, nearest


def release_mean(values: Sequence[float], *, scale: tuple[float, float], audience: Audience) -> MeanFigure | Suppressed:
    """Mean and spread of one question. Suppressed below k, where all are alike, and at either end of the scale."""
    if len(values) < audience.k or tells_everyone(values, scale, audience.decimals):
        return Suppressed()
    table, places = np.array(values, dtype=float), audience.decimals
    mean, sd = float(table.mean()), float(table.std(ddof=1))
    return MeanFigure(nearest(len(table), audience.step), half_up(mean, places), half_up(sd, places))


def release_shares(counts: Sequence[int], audience: Audience) -> ShareFigures | Suppressed:
    """How many chose each of several answers, of which everybody chose one. Hidden ones are None.

    An answer chosen by fewer than k people is hidden, that of nobody too, which would tell of every one of them what
    they did not say; and with it as many others, those chosen by the fewest first, as it takes that each of the hidden
    ones may have been chosen by nobody or by k. Withheld altogether below k people and where all chose the same.
    """
    n = sum(counts)
    if n < audience.k or n in counts:
        return Suppressed()
    hidden = _hidden(counts, audience.k)
    return _shares(counts, hidden, n, audience)


def release_choices(counts: Sequence[int], n: int, audience: Audience) -> ShareFigures | Suppressed:
    """How many of n people chose each of several answers, of which each could choose any number.

    An answer is shown where k people at least chose it and k did not: everybody and nobody are hidden as few are.
    """
    if n < audience.k:
        return Suppressed()
    hidden = {at for at, count in enumerate(counts) if not audience.k <= count <= n - audience.k}
    return _shares(counts, hidden, n, audience)


def _hidden(counts: Sequence[int], k: int) -> set[int]:
    hidden = {at for at, count in enumerate(counts) if count < k}
    others = sorted((at for at in range(len(counts)) if at not in hidden), key=lambda at: (counts[at], at))
    while hidden and others and (len(hidden) < 2 or sum(counts[at] for at in hidden) < k):
        hidden.add(others.pop(0))
    return hidden


def _shares(counts: Sequence[int], hidden: set[int], n: int, audience: Audience) -> ShareFigures | Suppressed:
    """Withheld where nothing is left to show."""
    if len(hidden) == len(counts):
        return Suppressed()
    shown = [None if at in hidden else release_count(count, n, audience) for at, count in enumerate(counts)]
    return ShareFigures(
        nearest(n, audience.step), [None if isinstance(figure, Suppressed) else figure for figure in shown]
    )
