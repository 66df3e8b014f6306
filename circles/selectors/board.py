"""The proposal as the staff's board shows it: circles as cards, the waiting list beside them."""

from dataclasses import dataclass
from typing import Any

from circles.models import FormationRun, ProposedCircle, ProposedSeat
from cohorts.models import Side
from participants.models import Enrolment


@dataclass(frozen=True)
class Row:
    """One person on the board."""

    seat: ProposedSeat
    enrolment: Enrolment
    has_left: bool

    @property
    def name(self) -> str:
        return self.enrolment.user.get_full_name()

    @property
    def detail(self) -> str:
        """Organisation, level and function, as far as they are known."""
        one = self.enrolment
        parts = [one.organisation.name, one.get_level_display() if one.level else "", one.get_function_display()]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Card:
    """One proposed circle."""

    circle: ProposedCircle
    rows: list[Row]
    capacity: int
    goals: int
    goals_covered: int

    @property
    def lead(self) -> Enrolment:
        return self.circle.lead

    @property
    def lead_has_left(self) -> bool:
        return self.circle.lead.state != "enrolled"

    @property
    def organisations(self) -> int:
        return len({row.enrolment.organisation_id for row in self.rows})

    @property
    def meeting(self) -> str:
        """“Tuesday 12:30, online”."""
        place = self.circle.place or "online"
        return f"{self.circle.slot or 'Time to be agreed'}, {place}"

    @property
    def open_seats(self) -> int:
        return max(0, self.capacity - len(self.rows))


@dataclass(frozen=True)
class Board:
    cards: list[Card]
    waiting: list[Row]
    without_circle: list[Enrolment]
    late: list[Enrolment]

    @property
    def placed(self) -> int:
        return sum(len(card.rows) for card in self.cards)


def board(run: FormationRun) -> Board:
    """Everything on the board, in a number of queries that does not grow with the people on it."""
    seats = run.seats.select_related("enrolment__user", "enrolment__organisation", "enrolment__cohort")
    seats = seats.prefetch_related("enrolment__topics").order_by("enrolment__user__sort_name")
    rows = [Row(seat, seat.enrolment, seat.enrolment.state != "enrolled") for seat in seats]
    circles = run.circles.select_related("lead__user", "lead__organisation", "slot").prefetch_related("lead__topics")
    cards = [_card(run, circle, rows) for circle in circles]
    known = {row.enrolment.pk for row in rows} | {card.lead.pk for card in cards}
    others = run.cohort.enrolments.enrolled().exclude(pk__in=known).select_related("user", "organisation")
    return Board(
        cards=cards,
        waiting=[row for row in rows if row.seat.circle_id is None],
        without_circle=[one for one in others if one.side == Side.LEAD],
        late=[one for one in others if one.side == Side.MEMBER],
    )


def _card(run: FormationRun, circle: ProposedCircle, rows: list[Row]) -> Card:
    members = [row for row in rows if row.seat.circle_id == circle.pk]
    offered = _topics(circle.lead)
    wanted: list[Any] = [topic for row in members for topic in _topics(row.enrolment)]
    covered = sum(topic in offered for topic in wanted)
    return Card(circle, members, run.cohort.format.capacity, len(wanted), covered)


def _topics(enrolment: Enrolment) -> set[Any]:
    return {topic.pk for topic in enrolment.topics.all()}
