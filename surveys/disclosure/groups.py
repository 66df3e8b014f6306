"""Which groups of people may be reported on beside the groups that were reported on before. Pure set theory.

A group is the set of its respondents' keys. `k` is the smallest group that anybody may learn about.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import combinations
from math import comb

import numpy as np

People = frozenset[str]
CERTAIN = 1 - 1e-9
EXACT = 1e-9
MOST = 5000  # ways to choose columns; what is ever asked of one cohort has far fewer


def is_enough(people: Collection[str], k: int) -> bool:
    return len(people) >= k


def leaves_enough(group: People, parents: Iterable[People], k: int) -> bool:
    """Whether the group, and each published parent without it, are empty or k people at least."""
    return not _too_few(group, k) and not any(_too_few(parent - group, k) for parent in parents)


def differs_enough(group: People, earlier: Iterable[People], k: int) -> bool:
    """Whether who is in only one of the group and an earlier one are, on either side, nobody or k people at least."""
    return not any(_too_few(other - group, k) or _too_few(group - other, k) for other in earlier)


def opens_nobody(group: People, earlier: Collection[People], k: int) -> bool:
    """Whether no sums over these groups can be combined into the sum over fewer than k people.

    People who are in the same of the groups cannot be told apart, so they are one column of the incidence matrix A. The
    sum over a column can be worked out exactly if its leverage, diag(A⁺A), is one; that over a few columns together if
    (I − A⁺A) times their indicator is nothing, which is looked at as long as they can be chosen in `MOST` ways.
    """
    groups = [*earlier, group]
    people = sorted(set().union(*groups))
    columns = Counter(tuple(person in one for one in groups) for person in people)
    incidence = np.array(list(columns), dtype=float).T
    if incidence.size == 0:
        return True
    _, size, right = np.linalg.svd(incidence, full_matrices=False)
    basis = right[size > size.max() * max(incidence.shape) * np.finfo(float).eps]
    free, sizes = np.eye(len(columns)) - basis.T @ basis, np.array(list(columns.values()))
    if (sizes[np.diag(free) <= 1 - CERTAIN] < k).any():
        return False
    small = np.flatnonzero(sizes < k)
    return not any(_few_open(free, sizes, small, count, k) for count in range(2, k) if comb(len(small), count) <= MOST)


def _few_open(free: np.ndarray, sizes: np.ndarray, small: np.ndarray, count: int, k: int) -> bool:
    """Whether the sum over so many columns together, of fewer than k people in all, can be worked out."""
    chosen = np.array(list(combinations(small, count)), dtype=int).reshape(-1, count)
    few = chosen[sizes[chosen].sum(axis=1) < k]
    return bool((np.abs(free[:, few].sum(axis=2)).max(axis=0) < EXACT).any())


def _too_few(people: People, k: int) -> bool:
    return _too_few_n(len(people), k)


def _too_few_n(n: int, k: int) -> bool:
    return 0 < n < k
