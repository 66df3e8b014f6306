"""The best answer to a tiny problem, by trying every seating there is. The judge says what each breaks and costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.formation_reference.score import judge

Data = dict[str, Any]
MEETING = (("slots", "slot"), ("places", "place"), ("languages", "language"))


@dataclass(frozen=True)
class Optimum:
    """The least cost, and the shortest waiting list, of all answers that break no rule (not always the same answer)."""

    cost: float
    waiting: int


def optimum(problem: Data) -> Optimum | None:
    """None where every answer breaks a rule."""
    verdicts = [judge(problem, answer) for answer in answers(problem)]
    sound = [verdict for verdict in verdicts if not verdict["broken"]]
    if not sound:
        return None
    return Optimum(min(verdict["cost"] for verdict in sound), min(verdict["waiting"] for verdict in sound))


def answers(problem: Data) -> Iterator[Data]:
    """Every way to put each mentee with a mentor or on the waiting list. Where people share several times, places or
    languages the first is taken: which one it is costs nothing."""
    mentees = [person["id"] for person in problem["mentees"]]
    mentors = [person["id"] for person in problem["mentors"]]
    for where in product([None, *mentors], repeat=len(mentees)):
        seats = dict(zip(mentees, where, strict=True))
        yield {
            "circles": [circle(problem, mentor, seats) for mentor in mentors if mentor in where],
            "waiting": [{"mentee": mentee, "reason": "-"} for mentee, mentor in seats.items() if mentor is None],
        }


def circle(problem: Data, mentor: str, seats: dict[str, str | None]) -> Data:
    members = [mentee for mentee, seat in seats.items() if seat == mentor]
    present = {mentor, *members}
    people = [person for person in problem["mentees"] if person["id"] in members]
    people += [person for person in problem["mentors"] if person["id"] == mentor]
    if problem.get("mutual"):
        # Both circles of a pair have one meeting, and people may give different times in the two lists.
        people = [person for person in [*problem["mentees"], *problem["mentors"]] if person["id"] in present]
    return {"mentor": mentor, "mentees": members, **{one: shared(people, name) for name, one in MEETING}}


def shared(people: list[Data], name: str) -> str | None:
    given = [person[name] for person in people if person.get(name)]
    common = [choice for choice in given[0] if all(choice in other for other in given)] if given else []
    return common[0] if common else None
