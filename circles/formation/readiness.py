"""What stands in the way before anything has run: exact counts from the rules alone, at no cost in time.

Each of them is certain – no run can do better – because it asks only for what everybody's own answers rule out. It is
not complete: two people kept apart, or a circle that cannot serve two meetings at once, may leave a run with less.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching, maximum_flow

from circles.formation import rules
from circles.formation.numbers import NOBODY, Bools, Floats, Ints, Numbers
from circles.formation.problem import MEETING_FIELDS, Mentee, Mentor, Problem

# Who has fewer possible circles than this may well have to wait.
FEW_CIRCLES = 3
# The rules that bar one person from one circle, as `Few.barred` counts them.
ORGANISATION, APART = "organisation", "apart"


@dataclass(frozen=True)
class Crowded:
    """An organisation whose people cannot all sit in different circles. `members` are those who can sit in any at all;
    at most `circles` of them can do so without a colleague."""

    organisation: str
    members: int
    circles: int

    @property
    def sharing(self) -> int:
        """How many of them will share a circle with a colleague, or wait, whatever a run does."""
        return self.members - self.circles


@dataclass(frozen=True)
class Choice:
    """A slot, place or language: how many mentors offer it and how many mentees named it. Who gives none can make it
    but is counted with the mentors only."""

    name: str
    mentors: int
    mentees: int


@dataclass(frozen=True)
class Few:
    """A mentee with few possible circles, and how many circles each rule bars them from. Several rules
    may bar one circle, but where the two are to be kept apart nothing else is asked."""

    mentee: str
    circles: int
    barred: dict[str, int]


@dataclass(frozen=True)
class Short:
    """A mentor whose circle cannot open: at no single meeting can `least` people join, at most `most`."""

    mentor: str
    most: int
    least: int


class Readiness:
    """Asks one problem. Seats are those that a rule leaves to one person alone with one mentor, and to the pinned
    their own; in mutual problems both directions must be open."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.numbers = Numbers(problem)

    @cached_property
    def seats(self) -> Bools:
        """Who (rows) may sit with whom (columns)."""
        numbers, seats = self.numbers, self.numbers.possible()
        if not self.problem.mutual:
            return seats
        both = [ident for ident in numbers.row if ident in numbers.column]
        rows, columns = [numbers.row[ident] for ident in both], [numbers.column[ident] for ident in both]
        mutual: Bools = np.zeros_like(seats)
        across = np.ix_(rows, columns)
        mutual[across] = seats[across] & seats[across].T
        return mutual

    def crowded(self) -> list[Crowded]:
        """Organisations that cannot be spread one to a circle, those with most people sharing first.

        Each is asked by itself, by a maximum matching of its people with the circles. That is the number to hold an
        organisation to: it does not depend on whom others nominate. What all of them together do to the seats is
        asked by `seatable(apart=True)`; no such number can be laid at one organisation's door.
        """
        people: dict[str, list[int]] = {}
        for row in np.flatnonzero(self.seats.any(axis=1)).tolist():
            people.setdefault(self.problem.mentees[row].organisation, []).append(row)
        found = [Crowded(name, len(rows), self._spread(rows)) for name, rows in people.items()]
        return sorted((one for one in found if one.sharing), key=lambda one: (-one.sharing, one.organisation))

    def _spread(self, rows: list[int]) -> int:
        """How many of these people can sit in different circles."""
        matching = maximum_bipartite_matching(csr_array(self.seats[rows]), perm_type="column")
        return int((matching != NOBODY).sum())

    def seatable(self, *, apart: bool = False) -> int:
        """The most mentees who can have a seat at once, by maximum flow over the whole cohort: each circle takes as
        many as it has seats (in mutual pairs one), and where colleagues are to be `apart`, one of each organisation."""
        numbers = self.numbers
        if not self.seats.any():
            return 0
        rows, columns = np.nonzero(self.seats)
        codes = numbers.kinds[0][0] if apart else np.arange(numbers.n)
        room = np.ones(numbers.m) if self.problem.mutual else numbers.capacity
        # Nodes: the source, the mentees, a door of each group into each circle, the circles, the sink.
        doors, door = np.unique(codes[rows] * numbers.m + columns, return_inverse=True)
        first_door, first_circle = 1 + numbers.n, 1 + numbers.n + len(doors)
        sink = first_circle + numbers.m
        edges = [
            (np.zeros(numbers.n, dtype=np.int64), 1 + np.arange(numbers.n), np.ones(numbers.n)),
            (1 + rows, first_door + door, np.ones(len(rows))),
            (first_door + np.arange(len(doors)), first_circle + doors % numbers.m, np.ones(len(doors))),
            (first_circle + np.arange(numbers.m), np.full(numbers.m, sink), room),
        ]
        start, end, amount = (np.concatenate([edge[part] for edge in edges]) for part in range(3))
        graph = csr_array((amount.astype(np.int32), (start, end)), shape=(sink + 1, sink + 1))
        return int(maximum_flow(graph, 0, sink).flow_value)

    def choices(self, name: str) -> list[Choice]:
        """Each slot, place or language (`name` as in `MEETING_FIELDS`) that anybody named, in the order of naming."""
        named = Counter(choice for mentee in self.problem.mentees for choice in mentee.choices(name))
        offered = Counter(choice for mentor in self.problem.mentors for choice in mentor.choices(name))
        anything = sum(not mentor.choices(name) for mentor in self.problem.mentors)
        return [Choice(one, offered[one] + anything, named[one]) for one in dict.fromkeys([*offered, *named])]

    def few(self, limit: int = FEW_CIRCLES) -> list[Few]:
        """Mentees with fewer possible circles than `limit`, the fewest first; where there are fewer circles than that
        in all, those who could not join every one of them."""
        counts = self.seats.sum(axis=1)
        limit = min(limit, max(1, self.numbers.m))
        rows = sorted(np.flatnonzero(counts < limit).tolist(), key=lambda row: int(counts[row]))
        held = self.problem.pinned
        mentees = [(self.problem.mentees[row], int(counts[row])) for row in rows]
        return [Few(one.id, count, self._barred(one)) for one, count in mentees if one.id not in held]

    def _barred(self, mentee: Mentee) -> dict[str, int]:
        barred = Counter(rule for mentor in self.problem.mentors for rule in self._bars(mentor, mentee))
        return dict(barred.most_common())

    def _bars(self, mentor: Mentor, mentee: Mentee) -> list[str]:
        if mentor.id == mentee.id:
            return []
        if frozenset((mentor.id, mentee.id)) in self.problem.apart:
            return [APART]
        found = [name for name in MEETING_FIELDS if rules.common([mentor, mentee], name) == []]
        if not rules.organisation_fits(self.problem, mentor, mentee):
            found.append(ORGANISATION)
        return found

    def short(self) -> list[Short]:
        """Mentors whose circle cannot reach its minimum, the nearest to it first. Not asked of mutual pairs, whose
        people without a partner are in `few`, nor of circles that hold a pinned person and may stay small."""
        if self.problem.mutual:
            return []
        held = set(self.problem.pinned.values())
        found = [
            Short(mentor.id, self._most(column, mentor), self.problem.least(mentor))
            for column, mentor in enumerate(self.problem.mentors)
            if mentor.id not in held
        ]
        return sorted(
            (one for one in found if one.most < one.least), key=lambda one: (one.most - one.least, one.mentor)
        )

    def _most(self, column: int, mentor: Mentor) -> int:
        """The most mentees who can come to one meeting of this mentor: one slot, one place, one language."""
        rows = np.flatnonzero(self.seats[:, column])
        if not len(rows):
            return 0
        slots, places, languages = (self._able(name, rows, mentor.choices(name)) for name in MEETING_FIELDS)
        elsewhere = (places[:, :, None] * languages[:, None, :]).reshape(len(rows), -1)
        return int((slots.T @ elsewhere).max())

    def _able(self, name: str, rows: Ints, offered: tuple[str, ...]) -> Floats:
        """Which of the mentees (rows) can make which of the choices; those of everybody where the mentor gives none."""
        position, table = self._tables[name]
        # A choice that no mentee named suits those who give none: the last column.
        columns = [position.get(choice, len(position)) for choice in offered or position] or [len(position)]
        able: Floats = table[rows][:, columns]
        return able

    @cached_property
    def _tables(self) -> dict[str, tuple[dict[str, int], Floats]]:
        """Of each field: the column of each choice that a mentee named, and who (rows) can make it (1 or 0)."""
        tables = {}
        for name in MEETING_FIELDS:
            given = [mentee.choices(name) for mentee in self.problem.mentees]
            position = {choice: n for n, choice in enumerate(dict.fromkeys(one for row in given for one in row))}
            table = np.zeros((len(given), len(position) + 1))
            for row, choices in enumerate(given):
                table[row, [position[choice] for choice in choices] if choices else slice(None)] = 1
            tables[name] = (position, table)
        return tables
