"""What an answer costs, as the sum of its parts."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

from circles.formation.problem import Mentee, Mentor, Problem

PARTS = (
    "waiting", "closed", "organisation", "previous", "goals", "function", "level", "size", "moved", "fit", "together",
)  # fmt: skip


def pairs_alike(values: Iterable[Hashable]) -> int:
    """How many pairs of equal values there are; a value that is not given equals none."""
    return sum(count * (count - 1) // 2 for value, count in Counter(values).items() if value is not None)


def goals_missed(problem: Problem, mentor: Mentor, mentee: Mentee) -> float:
    """The weight × the share of the mentee's different goals that the mentor does not cover, rounded."""
    goals = set(mentee.goals)
    if not goals:
        return 0
    return round(problem.weights.goals * len(goals - set(mentor.expertise)) / len(goals))


def circle_parts(problem: Problem, mentor: Mentor, mentees: Sequence[Mentee]) -> dict[str, float]:
    """The parts of one open circle's cost."""
    weights = problem.weights
    ids = [mentee.id for mentee in mentees]
    return {
        "organisation": weights.organisation * pairs_alike(mentee.organisation for mentee in mentees),
        "previous": weights.previous
        * sum(frozenset(pair) in problem.met for pair in combinations([*ids, mentor.id], 2)),
        "goals": sum(goals_missed(problem, mentor, mentee) for mentee in mentees),
        "function": weights.function * pairs_alike(mentee.function for mentee in mentees),
        "level": weights.level * pairs_alike(mentee.level for mentee in mentees),
        "size": weights.size * (len(mentees) - problem.target) ** 2,
        "fit": sum(problem.fit.get((mentee_id, mentor.id), 0) for mentee_id in ids),
        "together": sum(problem.together.get(frozenset(pair), 0) for pair in combinations(ids, 2)),
    }


def parts(problem: Problem, seats: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The cost of seating mentees as `seats` says (mentor id → mentee ids; who is in none of them waits)."""
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    where = {mentee: mentor for mentor, ids in seats.items() for mentee in ids}
    opened = {mentor: ids for mentor, ids in seats.items() if ids}
    total = dict.fromkeys(PARTS, 0.0)
    for mentor_id, ids in opened.items():
        for name, value in circle_parts(problem, mentors[mentor_id], [mentees[i] for i in ids]).items():
            total[name] += value
    total["waiting"] = problem.weights.waiting * (len(mentees) - len(where))
    total["closed"] = problem.weights.closed * (len(mentors) - len(opened))
    known = ((i, m) for i, m in problem.current.items() if i in mentees and m in mentors)
    total["moved"] = problem.weights.moved * sum(where.get(i) != m for i, m in known)
    return total
