"""The shortest waiting list, by constraint programming, for cohorts small enough to model seat by seat.

Costs are left out: only the hard rules decide how many people can be seated at all. What is best among those seatings
is the search's part.
"""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from circles.formation.budget import Budget
from circles.formation.numbers import NOBODY, Ints, Numbers
from circles.formation.problem import MEETING_FIELDS, Mentor

# Above this many possible seats the model is no use in the time that people wait.
MOST_SEATS = 12_000
# Deterministic time of the solver for one round, where the run has to be repeatable.
WORK_PER_ROUND = 0.002


@dataclass(frozen=True)
class Shortlist:
    """A seating found, how few people can possibly wait, and whether the two are the same."""

    where: Ints
    fewest: int

    @property
    def proven(self) -> bool:
        return int((self.where == NOBODY).sum()) == self.fewest


class Model:
    """One boolean a possible seat, one choice of time, place and language a circle, one boolean an open circle."""

    def __init__(self, numbers: Numbers, start: Ints) -> None:
        self.numbers, self.start = numbers, start
        self.model = cp_model.CpModel()
        self.seats = {
            (int(i), int(j)): self.model.new_bool_var(f"seat {i} {j}") for i, j in np.argwhere(numbers.possible())
        }
        self.of_mentee: list[list[cp_model.IntVar]] = [[] for _ in range(numbers.n)]
        self.of_mentor: list[list[cp_model.IntVar]] = [[] for _ in range(numbers.m)]
        for (i, j), seat in self.seats.items():
            self.of_mentee[i].append(seat)
            self.of_mentor[j].append(seat)
        self._sizes()
        self._meetings()
        self._apart()
        for pinned in np.flatnonzero(numbers.pinned != NOBODY):
            self.model.add(self.seats[int(pinned), int(numbers.pinned[pinned])] == 1)
        self.model.maximize(sum(self.seats.values()))

    def _sizes(self) -> None:
        numbers, model = self.numbers, self.model
        excused = set(numbers.pinned[numbers.pinned != NOBODY].tolist())
        for seats in self.of_mentee:
            model.add_at_most_one(seats)
        for j, seats in enumerate(self.of_mentor):
            opened = model.new_bool_var(f"open {j}")
            model.add(sum(seats) <= int(numbers.capacity[j]) * opened)
            if j not in excused:
                model.add(sum(seats) >= int(numbers.least[j]) * opened)
            model.add_hint(opened, bool((self.start == j).any()))
        for (i, j), seat in self.seats.items():
            model.add_hint(seat, bool(self.start[i] == j))

    def _meetings(self) -> None:
        for j, mentor in enumerate(self.numbers.problem.mentors):
            for name in MEETING_FIELDS:
                self._meeting(j, mentor, name)

    def _meeting(self, j: int, mentor: Mentor, name: str) -> None:
        """Who sits in the circle can make the one that is chosen for it."""
        mentees = self.numbers.problem.mentees
        rows = [i for i in range(len(mentees)) if (i, j) in self.seats]
        offered = mentor.choices(name) or tuple({choice for i in rows for choice in mentees[i].choices(name)})
        if len(offered) < 2:
            return
        chosen = {choice: self.model.new_bool_var(f"{name} {j} {choice}") for choice in sorted(offered)}
        self.model.add_exactly_one(chosen.values())
        for i in rows:
            theirs = mentees[i].choices(name)
            if theirs and not set(offered) <= set(theirs):
                able = [chosen[choice] for choice in theirs if choice in chosen]
                self.model.add(sum(able) >= self.seats[i, j])

    def _apart(self) -> None:
        numbers = self.numbers
        for i in range(numbers.n):
            links = slice(numbers.link_from[i], numbers.link_from[i + 1])
            for other in numbers.link_to[links][np.isinf(numbers.link_price[links])].tolist():
                for j in range(numbers.m):
                    if i < other and (i, j) in self.seats and (other, j) in self.seats:
                        self.model.add_at_most_one([self.seats[i, j], self.seats[other, j]])


class _Stop(cp_model.CpSolverSolutionCallback):
    """Ends the solver when somebody asks for it."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def on_solution_callback(self) -> None:
        if self.budget.stopped():
            self.stop_search()


def shortest(numbers: Numbers, start: Ints, budget: Budget, seed: int, share: float) -> Shortlist | None:
    """A seating with as few waiting as can be found in this share of the budget; None when the model is too large."""
    if numbers.possible().sum() > MOST_SEATS:
        return None
    model = Model(numbers, start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    if budget.rounds is not None:
        solver.parameters.max_deterministic_time = WORK_PER_ROUND * budget.rounds * share
    else:
        solver.parameters.max_time_in_seconds = min(budget.left(), budget.limit * share)
    status = solver.solve(model.model, _Stop(budget))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    where = np.full(numbers.n, NOBODY, dtype=np.int64)
    for (i, j), seat in model.seats.items():
        if solver.boolean_value(seat):
            where[i] = j
    return Shortlist(where, max(0, numbers.n - int(np.floor(solver.best_objective_bound + 1e-6))))
