"""Moving a circle to another meeting without letting more people wait.

Where nearly every seat is taken, a circle that meets otherwise loses people whom no free seat suits. But somebody can
make room for them and move on to another circle, until the chain ends at a seat that has come free. Whoever seats
one person after another does not find such chains; without them a search is held by the meetings it began with.
"""

import numpy as np

from circles.formation.matching import Matching
from circles.formation.numbers import NOBODY, Bools, Ints, Masks
from circles.formation.seating import Seating


class Chains:
    """Changes the meeting of one circle of a seating, and who sits where among some circles."""

    def __init__(self, seating: Seating, random: np.random.Generator) -> None:
        self.seating, self.random = seating, random

    def move(self, j: int, meeting: Masks, among: Ints) -> bool:
        """Let circle j, one of `among`, meet then; people of these circles and those who wait take seats accordingly.

        False, and nothing changed, when more people would wait or a rule be broken.
        """
        seating, here = self.seating, int(np.flatnonzero(among == j)[0])
        position = np.full(seating.numbers.m + 1, len(among))
        position[among] = np.arange(len(among))
        people = np.flatnonzero((position[seating.where] < len(among)) | (seating.where == NOBODY))
        where = np.append(np.arange(len(among)), NOBODY)[position[seating.where[people]]]
        fits = self._fits(people, where, among, here, meeting)
        staying = np.where((where == here) & ~fits[:, here], NOBODY, where)
        matching = Matching(fits, seating.numbers.capacity[among], where=staying, random=self.random)
        if len(matching.waiting()) > (where == NOBODY).sum() or not self._keeps(people, among, matching):
            return False
        before, changed = seating.where, seating.where.copy()
        changed[people] = np.append(among, NOBODY)[matching.where]
        seating.restore(changed)
        if np.isfinite(seating.total):
            return True
        # Two who must be apart have met: that is for pairs of people, which chains do not look at.
        seating.restore(before)
        return False

    def _fits(self, people: Ints, where: Ints, among: Ints, here: int, meeting: Masks) -> Bools:
        """Who (rows) could sit in which circle (columns) when each keeps to one meeting; those pinned stay put."""
        numbers, seating = self.seating.numbers, self.seating
        meetings = numbers.some_meetings(seating.common[among], self.random)
        meetings[here] = meeting
        fits: Bools = numbers.allowed[people[:, None], among] & numbers.can_meet(numbers.mask[people], meetings)
        fits &= seating.size[among] > 0
        fixed = np.flatnonzero(numbers.pinned[people] != NOBODY)
        stays = fits[fixed, where[fixed]]
        fits[fixed] = False
        fits[fixed, where[fixed]] = stays
        return fits

    def _keeps(self, people: Ints, among: Ints, matching: Matching) -> bool:
        """Whether nobody pinned has been unseated and no circle has fallen under its minimum."""
        numbers, seating = self.seating.numbers, self.seating
        size = numbers.capacity[among] - matching.free
        short = (size > 0) & (size < numbers.least[among]) & ~seating.excused[among]
        lost = (numbers.pinned[people] != NOBODY) & (matching.where == NOBODY)
        return not (short.any() or lost.any())
