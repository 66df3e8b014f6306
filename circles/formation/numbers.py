"""The problem as arrays, so that thousands of possible seats can be priced at once."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circles.formation.cost import goals_missed
from circles.formation.problem import MEETING_FIELDS, OwnOrganisation, Person, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Masks = NDArray[np.uint64]

WORD = 64
# So many rows of a large table are worked on at once, which saves memory.
ROWS_AT_ONCE = 1024
NOBODY = -1


class Numbers:
    """Mentees are rows 0 to n − 1 and mentors columns 0 to m − 1.

    `alone[i, j]` prices a mentee with a mentor whoever else is there, `away[i]` waiting; `allowed[i, j]` is false where
    a rule forbids the two; `kinds` are organisation, function and level, each with its price a pair; `links` are the
    pairs of mentees with a price of their own, infinite where they are to be kept apart.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.n, self.m = len(problem.mentees), len(problem.mentors)
        self.row = {mentee.id: i for i, mentee in enumerate(problem.mentees)}
        self.column = {mentor.id: j for j, mentor in enumerate(problem.mentors)}
        self.capacity: Ints = np.array([mentor.capacity for mentor in problem.mentors], dtype=np.int64).clip(
            max=max(self.n, 1)
        )
        self.least: Ints = np.array([problem.least(mentor) for mentor in problem.mentors], dtype=np.int64)
        self.pinned = self._placements(problem.pinned)
        self.current = self._placements(problem.current)
        self.kinds = self._kinds()
        self._masks()
        self.allowed = self._allowed()
        self.alone = self._alone()
        self.away: Floats = problem.weights.waiting + problem.weights.moved * (self.current != NOBODY)
        self._links()
        self.whole = self._only_whole_prices()

    def _only_whole_prices(self) -> bool:
        """Whether every price is a whole number, so that every cost is."""
        weights = self.problem.weights
        prices = [weights.closed, weights.size, *(weight for _, _, weight in self.kinds)]
        linked = self.link_price[np.isfinite(self.link_price)]
        return bool(
            all(float(price).is_integer() for price in prices)
            and (self.alone == np.floor(self.alone)).all()
            and (self.away == np.floor(self.away)).all()
            and (linked == np.floor(linked)).all()
        )

    def _placements(self, given: dict[str, str]) -> Ints:
        where = np.full(self.n, NOBODY, dtype=np.int64)
        for mentee, mentor in given.items():
            if mentee in self.row and mentor in self.column:
                where[self.row[mentee]] = self.column[mentor]
        return where

    def _kinds(self) -> list[tuple[Ints, int, float]]:
        """For each kind: a code a mentee (the last one where it is not given), how many codes, the price a pair."""
        weights, mentees = self.problem.weights, self.problem.mentees
        return [
            (*codes([person.organisation for person in mentees]), weights.organisation),
            (*codes([person.function for person in mentees]), weights.function),
            (*codes([person.level for person in mentees]), weights.level),
        ]

    def _masks(self) -> None:
        """The slots, places and languages of each person as bits; all bits where not given.

        `spans` are the words of each, `amounts` how many different choices there are.
        """
        people: list[Person] = [*self.problem.mentees, *self.problem.mentors]
        blocks, self.spans, self.amounts, start = [], [], [], 0
        for name in MEETING_FIELDS:
            block, amount = bits([person.choices(name) for person in people])
            blocks.append(block)
            self.amounts.append(amount)
            self.spans.append(slice(start, start + block.shape[1]))
            start += block.shape[1]
        masks = np.concatenate(blocks, axis=1)
        self.mask, self.mentor_mask = masks[: self.n], masks[self.n :]

    def can_meet(self, masks: Masks, others: Masks) -> Bools:
        """Which of `masks` (rows) share a time, a place and a language with which of `others` (columns)."""
        possible = np.ones((len(masks), len(others)), dtype=np.bool_)
        for start in range(0, len(masks), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            for span in self.spans:
                shared = (masks[rows, None, span.start] & others[None, :, span.start]) != 0
                for word in range(span.start + 1, span.stop):
                    shared |= (masks[rows, None, word] & others[None, :, word]) != 0
                possible[rows] &= shared
        return possible

    def _allowed(self) -> Bools:
        problem = self.problem
        allowed = self.can_meet(self.mask, self.mentor_mask)
        if problem.own_organisation != OwnOrganisation.ALLOWED:
            people: list[Person] = [*problem.mentees, *problem.mentors]
            employer, _ = codes([person.organisation for person in people])
            same: Bools = employer[: self.n, None] == employer[None, self.n :]
            allowed &= same if problem.own_organisation == OwnOrganisation.REQUIRED else ~same
        for i, j in self._mentee_mentor(problem.apart):
            allowed[i, j] = False
        for ident in self.row.keys() & self.column.keys():
            allowed[self.row[ident], self.column[ident]] = False
        return allowed

    def _mentee_mentor(self, pairs: Iterable[frozenset[str]]) -> Iterable[tuple[int, int]]:
        """Each pair as (mentee, mentor), in both readings where somebody is in both lists."""
        for pair in pairs:
            a, b = tuple(pair)
            for mentee, mentor in ((a, b), (b, a)):
                if mentee in self.row and mentor in self.column:
                    yield self.row[mentee], self.column[mentor]

    def _alone(self) -> Floats:
        problem = self.problem
        price = self._goals()
        for i, j in self._mentee_mentor(problem.met):
            price[i, j] += problem.weights.previous
        for (mentee, mentor), cost in problem.fit.items():
            if mentee in self.row and mentor in self.column:  # a fit with a mentor in reserve is known too
                price[self.row[mentee], self.column[mentor]] += cost
        stays = np.flatnonzero(self.current != NOBODY)
        price[stays] += problem.weights.moved
        price[stays, self.current[stays]] -= problem.weights.moved
        return price

    def _goals(self) -> Floats:
        """The price of goals not covered; people with the same goals, or expertise, are priced once."""
        problem = self.problem
        rows, row_of = distinct([frozenset(mentee.goals) for mentee in problem.mentees])
        columns, column_of = distinct([frozenset(mentor.expertise) for mentor in problem.mentors])
        table = np.zeros((len(rows), len(columns)))
        for a, i in enumerate(rows):
            for b, j in enumerate(columns):
                table[a, b] = goals_missed(problem, problem.mentors[j], problem.mentees[i])
        return table[np.ix_(row_of, column_of)]

    def _links(self) -> None:
        """Pairs of mentees with a price, grouped by the first: `link_amount[i]` of them, from `link_from[i]` on."""
        prices: dict[frozenset[str], float] = dict(self.problem.together)
        for pair in self.problem.met:
            prices[pair] = prices.get(pair, 0) + self.problem.weights.previous
        prices |= dict.fromkeys(self.problem.apart, np.inf)
        rows = sorted(
            (self.row[a], self.row[b], price)
            for pair, price in prices.items()
            if pair <= self.row.keys()
            for a, b in (tuple(pair), tuple(pair)[::-1])
        )
        self.link_to: Ints = np.array([b for _, b, _ in rows], dtype=np.int64)
        self.link_price: Floats = np.array([price for _, _, price in rows], dtype=np.float64)
        self.link_from: Ints = np.searchsorted([a for a, _, _ in rows], np.arange(self.n + 1))
        self.link_amount: Ints = np.diff(self.link_from)

    def apart_pairs(self) -> list[tuple[int, int]]:
        """The pairs of mentees to be kept apart, each once."""
        first = np.repeat(np.arange(self.n), self.link_amount)
        apart = np.isinf(self.link_price) & (first < self.link_to)
        return list(zip(first[apart].tolist(), self.link_to[apart].tolist(), strict=True))

    def some_meetings(self, masks: Masks, random: np.random.Generator) -> Masks:
        """For each row of masks one time, place and language that it allows, at random."""
        kept = np.zeros_like(masks)
        for span, amount in zip(self.spans, self.amounts, strict=True):
            raw = np.unpackbits(masks[:, span].view(np.uint8), axis=1, bitorder="little")
            chosen = (raw * random.random(raw.shape))[:, : max(1, amount)].argmax(axis=1)
            only = np.zeros_like(raw)
            only[np.arange(len(masks)), chosen] = 1
            kept[:, span] = np.packbits(only, axis=1, bitorder="little").view(masks.dtype)
        return kept

    def some_meeting(self, mask: Masks, random: np.random.Generator) -> Masks:
        """One time, place and language that the mask allows, at random."""
        (meeting,) = self.some_meetings(mask[None], random)
        kept: Masks = meeting
        return kept

    def offered(self) -> Masks:
        """The meetings that each mentor and those pinned to them can make."""
        common = self.mentor_mask.copy()
        for i in np.flatnonzero(self.pinned != NOBODY):
            common[self.pinned[i]] &= self.mask[i]
        return common

    def possible(self) -> Bools:
        """The seats that exist at all; a pinned person has one, and with them in it some are lost to others."""
        seats = self.allowed & self.can_meet(self.mask, self.offered())
        fixed = np.flatnonzero(self.pinned != NOBODY)
        seats[fixed] = False
        seats[fixed, self.pinned[fixed]] = True
        return seats

    @cached_property
    def freedom(self) -> float:
        """The share of the seats that exist at all, from 0 to 1."""
        return float(self.possible().mean()) if self.n and self.m else 1.0


def codes(values: Sequence[Hashable]) -> tuple[Ints, int]:
    """A number for each different value; what is not given gets the last number."""
    known = {value: code for code, value in enumerate(dict.fromkeys(value for value in values if value is not None))}
    return np.array([known.get(value, len(known)) for value in values], dtype=np.int64), len(known)


def distinct(values: Sequence[Hashable]) -> tuple[list[int], Ints]:
    """Where each different value occurs first, and which of them each value is."""
    first: dict[Hashable, int] = {}
    for position, value in enumerate(values):
        first.setdefault(value, position)
    order = {value: number for number, value in enumerate(first)}
    return list(first.values()), np.array([order[value] for value in values], dtype=np.int64)


def bits(choices: Sequence[tuple[str, ...]]) -> tuple[Masks, int]:
    """One row of bits a person, all of them set where nothing is given; and how many different choices there are."""
    known = {choice: bit for bit, choice in enumerate(dict.fromkeys(c for given in choices for c in given))}
    masks = np.zeros((len(choices), max(1, -(-len(known) // WORD))), dtype=np.uint64)
    for person, given in enumerate(choices):
        if not given:
            masks[person] = ~np.uint64(0)
        for choice in given:
            word, bit = divmod(known[choice], WORD)
            masks[person, word] |= np.uint64(1) << np.uint64(bit)
    return masks, len(known)
