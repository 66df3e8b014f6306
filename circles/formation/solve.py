"""The whole run: from a problem to an answer that breaks no rule, however early it is stopped.

At once pinned people are seated and the rest wait; that is an answer already. Then meetings are chosen that seat as
many people as possible, several times over, and the search makes the most promising of them better for as long as there
is time. Beside it, proofs: how short the waiting list can be, and what no answer can cost less than.
"""

import math
from collections.abc import Iterable

import numpy as np

from circles.formation import bound, cost, prover, rules, shortlist
from circles.formation.answer import Answer, Circle
from circles.formation.budget import Budget
from circles.formation.cycles import Cycles
from circles.formation.explain import Explainer
from circles.formation.improve import Search
from circles.formation.meetings import Meetings
from circles.formation.mutual import Pairs
from circles.formation.numbers import NOBODY, Numbers
from circles.formation.problem import Problem
from circles.formation.seating import Seating

# A repeatable run with fewer rounds than these is wanted quickly, and proves nothing beyond the simple bound.
LEAST_ROUNDS = 100


def solve(problem: Problem, *, budget: Budget | None = None, seed: int = 1) -> Answer:
    """Form circles. `problem` must have passed `reading.check_pins`."""
    budget = budget or Budget()
    numbers = Numbers(problem)
    if problem.mutual:
        pairs = Pairs(numbers)
        pairs.improve(budget, seed)
        return _answer(numbers, pairs.circles(), budget, pairs.bound(), {})
    if not numbers.n or not numbers.m:
        return _answer(numbers, [], budget, np.inf, {"waiting": PROVEN})
    return _Run(numbers, budget, seed).answer()


PROVEN = "proven smallest"


class _Run:
    """One run over a cohort of circles, or of pairs in which one mentors the other."""

    def __init__(self, numbers: Numbers, budget: Budget, seed: int) -> None:
        self.numbers, self.budget, self.seed = numbers, budget, seed
        self.seating = Seating(numbers)
        self.fewest = Meetings.floor(numbers)
        self.bound = bound.simple(self.seating, self.fewest)
        self.prover: prover.Prover | None = None

    def answer(self) -> Answer:
        search = Search(self.seating, self.budget, self.seed)
        if not self.budget.over():
            try:
                self._begin_proofs()
                search = self._search(search)
            finally:
                if self.prover:
                    self.prover.stop()
        proof = {"waiting": PROVEN} if len(self.seating.waiting()) == self.fewest else {}
        if search.best_cost <= self.bound + 1e-6:
            proof["cost"] = PROVEN
        return _answer(self.numbers, list(_made(self.seating)), self.budget, self.bound, proof)

    def _search(self, search: Search) -> Search:
        if (self.numbers.current != NOBODY).any():
            self.seating.take_over(self.numbers.current)
            search.settle()
        cycles = Cycles(self.seating, self.budget, self.seed, fewest=lambda: self.fewest, listen=self._listen)
        search = cycles.follow(search)
        if self._rounds_to_prove():
            self._hear(search, prover.at_once(self.numbers, search.best, self.budget.rounds or 0, self.seed))
            self.seating.restore(search.best)
        return search

    # --- proofs ---------------------------------------------------------------------------------
    def _worth_proving(self) -> bool:
        return shortlist.small_enough(self.numbers) and int(self.numbers.capacity.max()) > 1

    def _begin_proofs(self) -> None:
        self.budget.bound = self.bound
        if not self.budget.repeatable and self.budget.left() >= prover.LEAST_SECONDS and self._worth_proving():
            self.prover = prover.Prover(self.numbers.problem, self.seed, self.budget.left())

    def _rounds_to_prove(self) -> bool:
        return (self.budget.rounds or 0) >= LEAST_ROUNDS and self._worth_proving() and not self.budget.stopped()

    def _listen(self, search: Search) -> bool:
        """Take in what has been proven meanwhile; True when the best so far is proven to be the best there is."""
        for finding in self.prover.take() if self.prover else []:
            self._hear(search, finding)
        return search.best_cost <= self.bound + 1e-6

    def _hear(self, search: Search, finding: prover.Finding) -> None:
        if finding.fewest > self.fewest:
            self.fewest = finding.fewest
            self.bound = max(self.bound, bound.simple(self.seating, self.fewest))
        if finding.bound is not None:
            whole = math.ceil(finding.bound - 1e-6) if self.numbers.whole else finding.bound
            self.bound = max(self.bound, whole)
        self.budget.bound = self.bound
        # A list that is longer than the best so far is no help; as long a one may be.
        if finding.where is not None and finding.where.count(NOBODY) <= (search.best == NOBODY).sum():
            search.consider(np.array(finding.where, dtype=np.int64))


def _made(seating: Seating) -> Iterable[Circle]:
    problem = seating.numbers.problem
    for j, mentor in enumerate(problem.mentors):
        if seating.size[j]:
            yield rules.make_circle(mentor, [problem.mentees[i] for i in sorted(seating.members(j).tolist())])


def _answer(numbers: Numbers, circles: list[Circle], budget: Budget, lowest: float, proof: dict[str, str]) -> Answer:
    explainer = Explainer(numbers, circles)
    parts = cost.parts(numbers.problem, {circle.mentor: circle.mentees for circle in circles})
    return Answer(
        circles=tuple(circles),
        waiting=explainer.reasons(),
        because=explainer.placements(),
        parts=parts,
        bound=min(lowest, sum(parts.values())),
        proof=proof,
        seconds=budget.elapsed(),
    )
