"""What one class of readers has been told, about whom: so that two answers together tell no more than each alone."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from surveys.disclosure.groups import People, differs_enough, opens_nobody


def hashed(people: Iterable[str]) -> People:
    """Keys as a ledger knows them. They are random, so nobody can find one by trying; erased people stay in it."""
    return frozenset(hashlib.sha256(f"ledger {key}".encode()).hexdigest()[:24] for key in people)


class Ledger:
    """The groups released to one class of readers, by measure, and which of them are new since it was loaded."""

    def __init__(self, released: Iterable[tuple[str, People]] = ()) -> None:
        self.new: list[tuple[str, People]] = []
        self._released: dict[str, list[People]] = defaultdict(list)
        for measure, people in released:
            self._released[measure].append(people)

    def allows(self, measure: str, people: Iterable[str], k: int) -> bool:
        """Whether a release about these people adds nothing about fewer than k. The same group again adds nothing."""
        group, earlier = hashed(people), self._released[measure]
        return group in earlier or (differs_enough(group, earlier, k) and opens_nobody(group, earlier, k))

    def add(self, measure: str, people: Iterable[str]) -> None:
        group = hashed(people)
        if group not in self._released[measure]:
            self._released[measure].append(group)
            self.new.append((measure, group))
