"""The hard rules: what no answer may break, asked of one circle at a time."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from circles.formation.answer import Circle
from circles.formation.problem import MEETING_FIELDS, Mentee, Mentor, OwnOrganisation, Person, Problem

FIELD_WORDS = {"slots": "time", "places": "place", "languages": "language"}


def common(people: Iterable[Person], name: str) -> list[str] | None:
    """What all the people share of slots, places or languages, in the first one's order; None when nobody gives any."""
    given = [person.choices(name) for person in people if person.choices(name)]
    if not given:
        return None
    return [choice for choice in given[0] if all(choice in other for other in given[1:])]


def meeting(people: Sequence[Person]) -> tuple[str | None, str | None, str | None] | None:
    """One slot, place and language for all of them; None when there is none."""
    chosen: list[str | None] = []
    for name in MEETING_FIELDS:
        shared = common(people, name)
        if shared == []:
            return None
        chosen.append(shared[0] if shared else None)
    return chosen[0], chosen[1], chosen[2]


def organisation_fits(problem: Problem, mentor: Mentor, mentee: Mentee) -> bool:
    if problem.own_organisation == OwnOrganisation.ALLOWED:
        return True
    return (mentor.organisation == mentee.organisation) == (problem.own_organisation == OwnOrganisation.REQUIRED)


def broken(problem: Problem, mentor: Mentor, mentees: Sequence[Mentee]) -> list[str]:
    """Which rules a circle of these people breaks, in words without names; its minimum is asked by `too_small`."""
    people: list[Person] = [mentor, *mentees]
    found = []
    if len(mentees) > mentor.capacity:
        found.append(f"there are {len(mentees)} people for {mentor.capacity} seats")
    if not all(organisation_fits(problem, mentor, mentee) for mentee in mentees):
        forbidden = problem.own_organisation == OwnOrganisation.FORBIDDEN
        found.append(
            "the mentor and a mentee have the same organisation"
            if forbidden
            else "the mentor and a mentee have different organisations"
        )
    if mentor.id in {mentee.id for mentee in mentees}:
        found.append("somebody would mentor themselves")
    if any(frozenset((a.id, b.id)) in problem.apart for a, b in combinations(people, 2)):
        found.append("two people are to be kept apart")
    found += [
        f"there is no {FIELD_WORDS[name]} that suits everyone" for name in MEETING_FIELDS if common(people, name) == []
    ]
    return found


def too_small(problem: Problem, mentor: Mentor, mentees: Sequence[Mentee]) -> bool:
    """Whether an open circle is under its minimum; one that holds a pinned person may be."""
    pinned = any(mentee.id in problem.pinned for mentee in mentees)
    return 0 < len(mentees) < problem.least(mentor) and not pinned


def make_circle(mentor: Mentor, mentees: Sequence[Mentee]) -> Circle:
    """The circle of people who can meet. Raises ValueError when they can't."""
    found = meeting([mentor, *mentees])
    if found is None:
        raise ValueError("These people share no meeting.")
    return Circle(mentor.id, tuple(mentee.id for mentee in mentees), *found)
