"""Scores of one wave each, by the key of whose they are.

The start as people see it from the end (the then-test) shows larger changes than their first answers do, and has
biases of its own (Hill & Betz 2005, doi:10.1177/1098214005281356). So it is reported as a series of its own and never
takes the place of the start: the three waves are three types, and the headline takes two of them.
"""

from collections.abc import Collection
from typing import Self, final

Pairs = dict[str, tuple[float, float]]


class _Wave(dict[str, float]):
    """The scores of those who have one."""

    def among(self, people: Collection[str]) -> Self:
        """Those of some people only."""
        some = frozenset(people)
        return type(self)({key: score for key, score in self.items() if key in some})


@final
class PreScores(_Wave):
    """As people put it before their first session."""


@final
class PostScores(_Wave):
    """As people put it after their last session."""


@final
class ThenScores(_Wave):
    """Their start, as people see it from the end."""


def headline_pairs(pre: PreScores, post: PostScores) -> Pairs:
    """Before and after of those who have both: the one way to the change that is the headline.

    Raises TypeError for scores of any other wave, and for numbers of which nobody knows the wave.
    """
    return _both(pre, PreScores, post, PostScores)


def since_then_pairs(then: ThenScores, post: PostScores) -> Pairs:
    """The start as seen from the end, and the end. Raises TypeError as `headline_pairs` does."""
    return _both(then, ThenScores, post, PostScores)


def shift_pairs(pre: PreScores, then: ThenScores) -> Pairs:
    """The start as it was put, and as it is seen from the end: response shift. Raises TypeError as the others do."""
    return _both(pre, PreScores, then, ThenScores)


def _both(first: _Wave, one: type[_Wave], second: _Wave, other: type[_Wave]) -> Pairs:
    if type(first) is not one or type(second) is not other:
        given = f"{type(first).__name__} and {type(second).__name__}"
        raise TypeError(f"This takes {one.__name__} and {other.__name__}, not {given}.")
    return {key: (score, second[key]) for key, score in first.items() if key in second}
