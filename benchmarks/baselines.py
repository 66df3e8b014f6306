"""Two simple ways to form circles, for comparison: the first seat that fits, and the cheapest seat at the moment.

Both keep the hard rules. Neither undoes anything, except that a circle under its minimum is given up in the end.
"""

import random
from collections.abc import Callable

from circles.formation import cost, rules
from circles.formation.answer import Answer, Circle
from circles.formation.problem import Mentee, Mentor, Problem

# So many circles are looked at for each person; more would not end at 20,000 people.
LOOKED_AT = 60

Seats = dict[str, list[Mentee]]
Choose = Callable[[list[Mentor], Seats, Mentee], Mentor]


def form(problem: Problem, seed: int, choose: Choose) -> Answer:
    """Seat the pinned, then everybody in a random order where `choose` says; who finds no seat waits."""
    dice = random.Random(seed)  # noqa: S311 - a baseline, not a secret
    leads = {mentor.id: mentor for mentor in problem.mentors}
    seats: Seats = {ident: [] for ident in leads}
    for mentee in problem.mentees:
        if mentee.id in problem.pinned:
            seats[problem.pinned[mentee.id]].append(mentee)
    others = [mentee for mentee in problem.mentees if mentee.id not in problem.pinned]
    dice.shuffle(others)
    for mentee in others:
        _seat(problem, dice, leads, seats, mentee, choose)
    for ident, mentor in leads.items():
        if rules.too_small(problem, mentor, seats[ident]):
            given_up, seats[ident] = seats[ident], []
            open_ones = {ident: leads[ident] for ident, members in seats.items() if members}
            for mentee in given_up:
                _seat(problem, dice, open_ones, seats, mentee, choose)
    return _answer(problem, leads, seats)


def _seat(
    problem: Problem, dice: random.Random, leads: dict[str, Mentor], seats: Seats, mentee: Mentee, choose: Choose
) -> None:
    looked_at = dice.sample(list(leads.values()), min(LOOKED_AT, len(leads)))
    fitting = [mentor for mentor in looked_at if not rules.broken(problem, mentor, [*seats[mentor.id], mentee])]
    if fitting:
        seats[choose(fitting, seats, mentee).id].append(mentee)


def at_random(problem: Problem, seed: int) -> Answer:
    return form(problem, seed, lambda fitting, seats, mentee: fitting[0])


def greedy(problem: Problem, seed: int) -> Answer:
    def added(mentor: Mentor, members: list[Mentee], mentee: Mentee) -> float:
        before = sum(cost.circle_parts(problem, mentor, members).values()) if members else problem.weights.closed
        return sum(cost.circle_parts(problem, mentor, [*members, mentee]).values()) - before

    return form(
        problem,
        seed,
        lambda fitting, seats, mentee: min(fitting, key=lambda mentor: added(mentor, seats[mentor.id], mentee)),
    )


def _answer(problem: Problem, leads: dict[str, Mentor], seats: Seats) -> Answer:
    circles: list[Circle] = [rules.make_circle(leads[ident], members) for ident, members in seats.items() if members]
    placed = {ident for circle in circles for ident in circle.mentees}
    waiting = {mentee.id: "No seat was found." for mentee in problem.mentees if mentee.id not in placed}
    parts = cost.parts(problem, {circle.mentor: circle.mentees for circle in circles})
    return Answer(tuple(circles), waiting, parts=parts)
