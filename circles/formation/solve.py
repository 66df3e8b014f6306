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
from circles.formation.explain import Explainer
from circles.formation.improve import MANY_CIRCLES, Search
from circles.formation.meetings import Meetings
from circles.formation.mutual import Pairs
from circles.formation.numbers import NOBODY, Numbers
from circles.formation.problem import Problem
from circles.formation.seating import Seating

# A small cohort is searched several times over, each time from other meetings, and then the best of it once more: where
# a search ends depends on its meetings more than on how long it takes. A cycle takes so many seconds, or rounds, for
# each circle; all of them together this share of the budget.
CYCLE_SECONDS, CYCLE_ROUNDS, MOST_CYCLES, CYCLES_SHARE = 0.28, 420, 3, 0.75
# A cycle makes new starts for this share of it, and so many at most. Each has a share for meetings and for a trial, of
# the budget where there is one cycle; shorter cycles shorten them less than themselves.
STARTS_SHARE, MOST_STARTS = 0.3, 12
MEETINGS_SHARE, TRIAL_SHARE = 0.08, 0.02
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
        search = self._cycles(search)
        if self._rounds_to_prove():
            self._hear(search, prover.at_once(self.numbers, search.best, self.budget.rounds or 0, self.seed))
            self.seating.restore(search.best)
        return search

    def _cycles(self, best: Search) -> Search:
        """The best of all cycles, made better for the rest of the time."""
        amount, begin = self._amount_of_cycles(), self.budget.share()
        length = (1.0 - begin) * (CYCLES_SHARE if amount > 1 else 1.0) / amount
        for cycle in range(amount):
            this = self._best_start(cycle * MOST_STARTS, best, length)
            this.run(begin + length * (cycle + 1))
            best = this if this.best_cost < best.best_cost else best
            if self.budget.over() or self._listen(best):
                break
        self.seating.restore(best.best)
        best.run(1.0)
        return best

    def _amount_of_cycles(self) -> int:
        if self.numbers.m > MANY_CIRCLES:
            return 1
        budget, one = self.budget, self.numbers.m
        amount = (budget.rounds or 0) / CYCLE_ROUNDS if budget.repeatable else budget.left() / CYCLE_SECONDS
        return max(1, min(MOST_CYCLES, int(amount / one)))

    # --- starting -------------------------------------------------------------------------------
    def _best_start(self, first: int, so_far: Search, length: float) -> Search:
        """The most promising of several searches, each begun from meetings of its own that seat as many as possible.

        They are numbered from `first` on; `length` is the share of the budget that the cycle has. Where all of them let
        more people wait than the best so far, that one it is.
        """
        best, until = so_far if first == 0 else None, self.budget.share() + STARTS_SHARE * length
        most = MOST_STARTS if self.numbers.m <= MANY_CIRCLES else 1
        for number in range(first, first + most):
            if number > first and (self.budget.share() >= until or self.budget.over()):
                break
            this = self._start(number, so_far, length)
            if best is None or this.best_cost < best.best_cost:
                best = this
            if self._listen(best):
                break
        if best is None or (best.best == NOBODY).sum() > (so_far.best == NOBODY).sum():
            best = so_far
        self.seating.restore(best.best)
        return best

    def _start(self, number: int, so_far: Search, length: float) -> Search:
        seed = self.seed + 1000 * number
        meetings = Meetings(self.numbers, self.budget, seed)
        this = Search(self.seating, self.budget, seed, listen=self._listen)
        if number == 0:
            # Something that can be looked at, before anything takes time.
            self.seating.take_over(meetings.seating())
            this.settle()
            self.budget.report(min(this.best_cost, so_far.best_cost))
        meetings.anneal(self.budget.share() + MEETINGS_SHARE * length**0.5, self.fewest)
        self.seating.take_over(meetings.seating())
        this.settle()
        if len(self.seating.waiting()) <= (so_far.best == NOBODY).sum():
            this.run(self.budget.share() + TRIAL_SHARE * length**0.5)
        return this

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
