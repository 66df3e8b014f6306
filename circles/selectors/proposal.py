"""A proposal as the engine sees it: its circles, who sits in them, which rules they break and what they cost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from uuid import UUID

from circles.formation import cost, rules
from circles.formation.answer import Circle
from circles.formation.problem import Mentee, Mentor, Person, Problem
from circles.models import FormationRun, ProposedCircle
from circles.selectors import formation
from cohorts.models import Side

# What the engine says of two people who are kept apart; here they are named.
UNNAMED = "two people are to be kept apart"


class Proposal:
    """A run's circles with who is enrolled now. Who has left since is in none of them.

    `spare` holds a circle that could be opened for each person who can lead and has none; it is not in the database.
    """

    def __init__(self, run: FormationRun) -> None:
        self.run = run
        people = list(formation.people_of(run.cohort))
        self.people = {str(one.pk): one for one in people}
        data = formation.problem_data(run.cohort, people)
        self.problem: Problem = formation.checked(data, people)
        self.input_hash = formation.fingerprint(data)
        self.mentors: dict[str, Mentor] = {mentor.id: mentor for mentor in self.problem.mentors}
        self.mentees: dict[str, Mentee] = {mentee.id: mentee for mentee in self.problem.mentees}
        self.circles = {str(c.pk): c for c in run.circles.select_related("slot", "lead__user", "lead__organisation")}
        self.seats = list(run.seats.select_related("enrolment__user"))
        self.pinned = {str(seat.enrolment_id) for seat in self.seats if seat.pinned}
        self.spare = {self.lead_of(circle): circle for circle in self._spare()}

    def _spare(self) -> Iterator[ProposedCircle]:
        taken = {circle.lead_id for circle in self.circles.values()}
        number = max((circle.number for circle in self.circles.values()), default=0) + 1
        for one in self.people.values():
            if one.side == Side.LEAD and one.pk not in taken:
                yield ProposedCircle(run=self.run, number=number, lead=one, place="")

    def lead_of(self, circle: ProposedCircle) -> str:
        return str(circle.lead_id)

    def members(self, circle_id: UUID | None) -> list[str]:
        """The ids of those who sit in a circle."""
        here = [str(seat.enrolment_id) for seat in self.seats if circle_id and seat.circle_id == circle_id]
        return [ident for ident in here if ident in self.mentees]

    def layout(self) -> dict[str, list[str]]:
        """Mentor id → mentee ids, both ways round in mutual pairs."""
        led = {self.lead_of(c): self.members(c.pk) for c in self.circles.values() if self.lead_of(c) in self.mentors}
        if not self.problem.mutual:
            return led
        return led | {members[0]: [lead] for lead, members in led.items() if members}

    # --- the rules ----------------------------------------------------------------------------
    def broken(self, circle: ProposedCircle, members: list[str]) -> list[str]:
        """Which hard rules a circle of these members breaks; its minimum too, unless somebody in it is held."""
        lead = self.mentors.get(self.lead_of(circle))
        if lead is None:
            return [f"who leads {self._word} {circle.number} has withdrawn"]
        people = [self.mentees[ident] for ident in members]
        found = self.broken_rules(lead, people)
        if rules.too_small(self.problem, lead, people) and not self.pinned.intersection(members):
            least = self.problem.least(lead)
            few = f"{self._word} {circle.number} would have {len(members)}, and needs {least}"
            found.append(f"{few} unless somebody is held there")
        return found

    def broken_rules(self, lead: Mentor, members: list[Mentee]) -> list[str]:
        """The rules that a lead and members break together whatever their number, naming those kept apart."""
        found = [words for words in rules.broken(self.problem, lead, members) if words != UNNAMED]
        return found + [f"{self.name(a)} and {self.name(b)} are kept apart" for a, b in self._apart([lead, *members])]

    def _apart(self, people: list[Person]) -> Iterable[tuple[str, str]]:
        ids = [person.id for person in people]
        return [pair for pair in combinations(ids, 2) if frozenset(pair) in self.problem.apart]

    def name(self, ident: str) -> str:
        return self.people[ident].user.get_full_name()

    @property
    def _word(self) -> str:
        return self.run.cohort.format.group_word

    # --- the cost -----------------------------------------------------------------------------
    def parts_of(self, circle: ProposedCircle, members: list[str]) -> Counter[str]:
        """What one circle adds to the parts of the proposal's cost, above nobody sitting and its mentor leading nobody.

        The parts of all circles, and everybody waiting with every mentor closed, make up the cost of the whole.
        """
        lead = self.mentors.get(self.lead_of(circle))
        total: Counter[str] = Counter()
        if lead is None or not members:
            return total
        ways = [(lead, [self.mentees[ident] for ident in members])]
        if self.problem.mutual:
            ways.append((self.mentors[members[0]], [self.mentees[lead.id]]))
        for mentor, people in ways:
            total.update(cost.circle_parts(self.problem, mentor, people))
            total["waiting"] -= self.problem.weights.waiting * len(people)
            total["closed"] -= self.problem.weights.closed
        return total

    def parts(self) -> dict[str, float]:
        """The cost of the whole, as the judge of every answer counts it."""
        return cost.parts(self.problem, self.layout())

    # --- the meeting --------------------------------------------------------------------------
    def meeting(self, circle: ProposedCircle, members: list[str]) -> Circle:
        """The circle's meeting with these members: the one it has if that suits them all, else another.

        Raises ValueError where there is none.
        """
        lead, people = self.mentors[self.lead_of(circle)], [self.mentees[ident] for ident in members]
        made = rules.make_circle(lead, people)
        times = rules.common([lead, *people], "slots") or []
        places = rules.common([lead, *people], "places") or []
        slot = str(circle.slot) if str(circle.slot) in times else made.slot
        place = circle.place if circle.place in places or not places else made.place
        return Circle(made.mentor, made.mentees, slot, place, None)
