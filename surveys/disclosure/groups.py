"""Which groups of people may be reported on beside the groups that were reported on before. Pure set theory.

A group is the set of its respondents' keys. `k` is the smallest group that anybody may learn about.
"""

from collections import Counter
from collections.abc import Collection, Iterable

import numpy as np

People = frozenset[str]
CERTAIN = 1 - 1e-9


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
    sum over a column can be worked out exactly if its leverage, diag(A⁺A), is one.
    """
    groups = [*earlier, group]
    people = sorted(set().union(*groups))
    columns = Counter(tuple(person in one for one in groups) for person in people)
    incidence = np.array(list(columns), dtype=float).T
    if incidence.size == 0:
        return True
    _, size, right = np.linalg.svd(incidence, full_matrices=False)
    basis = right[size > size.max() * max(incidence.shape) * np.finfo(float).eps]
    leverage = (basis**2).sum(axis=0)
    return not any(_too_few_n(n, k) for n, one in zip(columns.values(), leverage, strict=True) if one >= CERTAIN)


def _too_few(people: People, k: int) -> bool:
    return _too_few_n(len(people), k)


def _too_few_n(n: int, k: int) -> bool:
    return 0 < n < k
