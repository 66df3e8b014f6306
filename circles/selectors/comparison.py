"""Two proposals of one cohort side by side. A circle is the same in both where the same person leads it."""

from dataclasses import dataclass, field
from uuid import UUID

from circles.formation import cost
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors.moves import PART_WORDS, circle_label
from participants.models import Enrolment


@dataclass(frozen=True)
class Part:
    """One part of what two proposals cost."""

    words: str
    first: float
    second: float

    @property
    def difference(self) -> float:
        return self.second - self.first


@dataclass(frozen=True)
class Difference:
    """One person who sits elsewhere in the second proposal; where they wait, the place is blank."""

    enrolment: Enrolment
    first: str
    second: str


@dataclass(frozen=True)
class Pair:
    """One lead's circle in both proposals: who is in both, and who is in one of them alone."""

    lead: Enrolment
    first: ProposedCircle | None
    second: ProposedCircle | None
    both: list[Enrolment] = field(default_factory=list)
    only_first: list[Enrolment] = field(default_factory=list)
    only_second: list[Enrolment] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return bool(self.first and self.second) and not self.only_first and not self.only_second


@dataclass(frozen=True)
class Comparison:
    first: FormationRun
    second: FormationRun
    parts: list[Part]
    waits_first: list[ProposedSeat]
    waits_second: list[ProposedSeat]
    elsewhere: list[Difference]
    circles: list[Pair]

    @property
    def difference(self) -> float:
        return (self.second.cost or 0) - (self.first.cost or 0)

    @property
    def same_circles(self) -> int:
        return sum(pair.is_same for pair in self.circles)


class _Side:
    """One proposal: its seats by person and its circles by lead."""

    def __init__(self, run: FormationRun) -> None:
        self.run = run
        seats = run.seats.select_related("enrolment__user", "enrolment__organisation", "circle")
        self.seats = {seat.enrolment_id: seat for seat in seats.order_by("enrolment__user__sort_name")}
        circles = run.circles.select_related("lead__user", "lead__organisation", "slot")
        self.circles = {circle.lead_id: circle for circle in circles}
        self.leads = {circle.pk: circle.lead_id for circle in self.circles.values()}

    def lead_of(self, person: UUID) -> UUID | None:
        """Who leads the circle that somebody sits in; None where they wait or are not part of it."""
        seat = self.seats.get(person)
        return self.leads.get(seat.circle_id) if seat else None

    def waiting(self) -> dict[UUID, ProposedSeat]:
        return {pk: seat for pk, seat in self.seats.items() if seat.circle_id is None}

    def place(self, person: UUID) -> str:
        lead = self.lead_of(person)
        if lead is None:
            return ""
        circle = self.circles[lead]
        return f"{circle_label(self.run, circle)}, {circle.lead.user.get_full_name()}"


def compare(first: FormationRun, second: FormationRun) -> Comparison:
    """What differs between two proposals, in a number of queries that does not grow with them."""
    a, b = _Side(first), _Side(second)
    waits_a, waits_b = a.waiting(), b.waiting()
    return Comparison(
        first=first,
        second=second,
        parts=_parts(first, second),
        waits_first=[seat for pk, seat in waits_a.items() if pk not in waits_b],
        waits_second=[seat for pk, seat in waits_b.items() if pk not in waits_a],
        elsewhere=_elsewhere(a, b),
        circles=_circles(a, b),
    )


def _parts(first: FormationRun, second: FormationRun) -> list[Part]:
    known = [name for name in cost.PARTS if name in first.parts or name in second.parts]
    return [Part(PART_WORDS[name].capitalize(), first.parts.get(name, 0), second.parts.get(name, 0)) for name in known]


def _elsewhere(a: _Side, b: _Side) -> list[Difference]:
    """Those who have a seat in both, under different leads."""
    found = []
    for person, seat in a.seats.items():
        here, there = a.lead_of(person), b.lead_of(person)
        if here and there and here != there:
            found.append(Difference(seat.enrolment, a.place(person), b.place(person)))
    return found


def _circles(a: _Side, b: _Side) -> list[Pair]:
    leads = {lead: circle.lead for side in (a, b) for lead, circle in side.circles.items()}
    return [_pair(a, b, lead) for lead in leads.values()]


def _pair(a: _Side, b: _Side, lead: Enrolment) -> Pair:
    first = {pk: seat.enrolment for pk, seat in a.seats.items() if a.lead_of(pk) == lead.pk}
    second = {pk: seat.enrolment for pk, seat in b.seats.items() if b.lead_of(pk) == lead.pk}
    return Pair(
        lead=lead,
        first=a.circles.get(lead.pk),
        second=b.circles.get(lead.pk),
        both=[one for pk, one in first.items() if pk in second],
        only_first=[one for pk, one in first.items() if pk not in second],
        only_second=[one for pk, one in second.items() if pk not in first],
    )
