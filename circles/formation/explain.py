"""Why somebody is placed where they are, or waits, in words that a person can act on.

Nobody is named in them: the person concerned may read them too.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from circles.formation import rules
from circles.formation.answer import Circle
from circles.formation.numbers import Bools, Masks, Numbers
from circles.formation.problem import MEETING_FIELDS, Mentee, Mentor, OwnOrganisation, Person

NUMBER_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def number(amount: int) -> str:
    return NUMBER_WORDS[amount] if amount < len(NUMBER_WORDS) else f"{amount:,}"


def count(amount: int, one: str, many: str = "") -> str:
    """“one circle”, “two circles”."""
    return f"{number(amount)} {one if amount == 1 else many or one + 's'}"


def either(choices: Sequence[str]) -> str:
    """“a, b or c”; of many, the first few."""
    shown = [*choices[:4], "another of their choices"] if len(choices) > 5 else list(choices)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."


class Explainer:
    """Looks at a finished answer from the side of one person after the other."""

    def __init__(self, numbers: Numbers, circles: Sequence[Circle]) -> None:
        self.numbers, self.problem = numbers, numbers.problem
        self.mentees = {mentee.id: mentee for mentee in self.problem.mentees}
        self.mentors = {mentor.id: mentor for mentor in self.problem.mentors}
        self.circles = circles
        self.columns = np.array([numbers.column[circle.mentor] for circle in circles], dtype=np.int64)
        self.suits = self._suits()
        self.full = np.array([self._is_full(circle) for circle in circles], dtype=np.bool_)
        placed = {i for circle in circles for i in circle.mentees}
        self.waiting = [mentee for mentee in self.problem.mentees if mentee.id not in placed]
        self.slots_wanted = Counter(slot for mentee in self.waiting for slot in mentee.slots)

    def _suits(self) -> Bools:
        """Which mentee (row) could join which circle (column) if it had a seat."""
        if not self.circles:
            return np.zeros((self.numbers.n, 0), dtype=np.bool_)
        common: Masks = self.numbers.mentor_mask[self.columns].copy()
        for position, circle in enumerate(self.circles):
            for ident in circle.mentees:
                common[position] &= self.numbers.mask[self.numbers.row[ident]]
        suits: Bools = self.numbers.allowed[:, self.columns] & self.numbers.can_meet(self.numbers.mask, common)
        return suits

    def _is_full(self, circle: Circle) -> bool:
        return self.problem.mutual or len(circle.mentees) >= self.mentors[circle.mentor].capacity

    def placements(self) -> dict[str, list[str]]:
        return {
            ident: self._because(position, self.mentees[ident])
            for position, circle in enumerate(self.circles)
            for ident in circle.mentees
        }

    def _because(self, position: int, mentee: Mentee) -> list[str]:
        circle = self.circles[position]
        mentor, people = self.mentors[circle.mentor], [self.mentees[ident] for ident in circle.mentees]
        lines = ["Fixed here by hand."] if mentee.id in self.problem.pinned else []
        lines += self._goals(mentor, mentee)
        lines += self._mix(people)
        lines += self._drawbacks(mentor, mentee, people)
        others = int(self.suits[self.numbers.row[mentee.id]].sum()) - 1
        lines.append(f"{count(max(0, others), 'other circle')} would suit them too.".capitalize())
        return lines

    def _goals(self, mentor: Mentor, mentee: Mentee) -> list[str]:
        met = [goal for goal in mentee.goals if goal in mentor.expertise]
        if not mentee.goals:
            return []
        if not met:
            return ["The mentor covers none of their goals."]
        if len(met) == len(mentee.goals):
            return [f"The mentor covers all their goals: {', '.join(met)}."]
        return [f"The mentor covers {number(len(met))} of their {count(len(mentee.goals), 'goal')}: {', '.join(met)}."]

    def _mix(self, people: Sequence[Mentee]) -> list[str]:
        if len(people) < 2:
            return []
        organisations = len({person.organisation for person in people})
        levels = len({person.level for person in people} - {None})
        functions = len({person.function for person in people} - {None})
        parts = [count(organisations, "organisation")]
        parts += [count(levels, "level")] if levels else []
        parts += [count(functions, "kind of work", "kinds of work")] if functions else []
        listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return [f"The circle has {count(len(people), 'person', 'people')} from {listed}."]

    def _drawbacks(self, mentor: Mentor, mentee: Mentee, people: Sequence[Mentee]) -> list[str]:
        lines = []
        colleagues = sum(person.organisation == mentee.organisation for person in people) - 1
        if colleagues:
            verb = "is" if colleagues == 1 else "are"
            lines.append(sentence(f"{count(colleagues, 'colleague')} of theirs {verb} here too"))
        everyone: list[Person] = [mentor, *people]
        known = sum(frozenset((mentee.id, person.id)) in self.problem.met for person in everyone)
        if known:
            lines.append(f"They have met {count(known, 'person', 'people')} here before.")
        return lines

    def reasons(self) -> dict[str, str]:
        return {mentee.id: sentence(self._reason(mentee)) for mentee in self.waiting}

    def _reason(self, mentee: Mentee) -> str:
        row = self.numbers.row[mentee.id]
        if not self.numbers.allowed[row].any():
            return self._nobody_fits(mentee)
        suits = self.suits[row]
        if (suits & self.full).any() and not (suits & ~self.full).any():
            return self._all_taken(mentee, suits)
        if (suits & ~self.full).any():
            return self._kept_out(mentee)
        return self._circles_do_not_suit(mentee)

    def _nobody_fits(self, mentee: Mentee) -> str:
        """No mentor at all may lead them: the first thing that leaves nobody over."""
        left: list[Mentor] = [m for m in self.problem.mentors if m.id != mentee.id]
        if not left:
            return "there is no mentor"
        left = [mentor for mentor in left if rules.organisation_fits(self.problem, mentor, mentee)]
        if not left:
            forbidden = self.problem.own_organisation == OwnOrganisation.FORBIDDEN
            return (
                "every mentor is from the same organisation" if forbidden else "no mentor is from the same organisation"
            )
        left = [mentor for mentor in left if frozenset((mentor.id, mentee.id)) not in self.problem.apart]
        if not left:
            return "every mentor who is left is to be kept apart"
        conditions = []
        for name in MEETING_FIELDS:
            if mentee.choices(name):
                conditions.append(_can(name, mentee.choices(name)))
                left = [mentor for mentor in left if rules.common([mentor, mentee], name) != []]
            if not left:
                break
        return f"no mentor {' and '.join(conditions)}"

    def _all_taken(self, mentee: Mentee, suits: Bools) -> str:
        """How many seats there are, all taken, and the two ways out: a further mentor, or a seat more."""
        circles = [self.circles[position] for position in np.flatnonzero(suits).tolist()]
        if self.problem.mutual or all(self.mentors[circle.mentor].capacity == 1 for circle in circles):
            taken = f"all {count(len(circles), 'mentor')} who would suit have somebody"
            taken = "the only mentor who would suit has somebody" if len(circles) == 1 else taken
            return f"{taken}: {self._one_more_mentor(mentee)}"
        seats = sum(self.mentors[circle.mentor].capacity for circle in circles)
        where = "the only circle that suits" if len(circles) == 1 else f"the {number(len(circles))} circles that suit"
        nearest = circles[0] if len(circles) == 1 else min(circles, key=lambda circle: len(circle.mentees))
        meets = f", which meets on {nearest.slot}," if nearest.slot else ""
        more = f"a circle that suits{meets} would need one more seat"
        if len(circles) == 1:
            more = (
                f"it meets on {nearest.slot} and would need one more seat" if meets else "it would need one more seat"
            )
        taken = {1: "the one seat", 2: "both seats"}.get(seats, f"all {count(seats, 'seat')}")
        is_taken = "is taken" if seats == 1 else "are taken"
        return f"{taken} in {where} {is_taken}: {more}, or {self._one_more_mentor(mentee)}"

    def _one_more_mentor(self, mentee: Mentee) -> str:
        """The time at which one more mentor would help most of those who wait."""
        if not mentee.slots:
            return "one more mentor would help"
        slot = max(mentee.slots, key=lambda choice: self.slots_wanted[choice])
        others = self.slots_wanted[slot]
        helped = "help" if others == 1 else f"suit {number(others)} of the people who wait"
        return f"one more mentor who is free on {slot} would {helped}"

    def _kept_out(self, mentee: Mentee) -> str:
        row = self.numbers.row[mentee.id]
        links = slice(self.numbers.link_from[row], self.numbers.link_from[row + 1])
        if np.isinf(self.numbers.link_price[links]).any():
            return "the circles that suit and have a seat hold somebody to be kept apart from"
        return "a seat is free, but taking it was priced higher than waiting"

    def _circles_do_not_suit(self, mentee: Mentee) -> str:
        row = self.numbers.row[mentee.id]
        closed = int(self.numbers.allowed[row].sum() - self.numbers.allowed[row, self.columns].sum())
        if closed and not self.numbers.allowed[row, self.columns].any():
            least = max(1, min(self.problem.minimum, max(mentor.capacity for mentor in self.problem.mentors)))
            return (
                f"{count(closed, 'mentor')} would suit, but too few others could join: "
                f"a circle needs {count(least, 'person', 'people')}"
            )
        if opened := self._would_open(mentee):
            return f"no circle whose mentor would suit meets when they are free: {opened}"
        when = f"on {either(mentee.slots)}" if mentee.slots else "at a time and place that suit"
        return f"no circle whose mentor would suit meets {when} and has a seat: {self._one_more_mentor(mentee)}"

    def _would_open(self, mentee: Mentee) -> str:
        """The times that would let them into a circle with a free seat, where nothing but the time is in the way."""
        allowed = self.numbers.allowed[self.numbers.row[mentee.id]]
        slots: list[str] = []
        for position in np.flatnonzero(allowed[self.columns] & ~self.full).tolist():
            circle = self.circles[position]
            given = [(circle.place, mentee.places), (circle.language, mentee.languages)]
            fits = all(choice is None or not choices or choice in choices for choice, choices in given)
            fits = fits and not any(frozenset((mentee.id, other)) in self.problem.apart for other in circle.mentees)
            if fits and circle.slot and mentee.slots and circle.slot not in mentee.slots:
                slots.append(circle.slot)
        if not slots:
            return ""
        chosen = list(dict.fromkeys(slots))
        return f"being free on {either(chosen)} would open a circle that has a seat"


def _can(name: str, choices: Sequence[str]) -> str:
    """“is free on Tuesday 12:30”, “can meet online or in Leeds”, “speaks Welsh”."""
    if name == "places":
        choices = [choice if choice == "online" else f"in {choice}" for choice in choices]
    verb = {"slots": "is free on", "places": "can meet", "languages": "speaks"}[name]
    return f"{verb} {either(choices)}"
