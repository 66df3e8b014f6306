"""The proposal as the staff's board shows it: circles as cards, the waiting list beside them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.fields import sort_key
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors.proposal import Proposal
from circles.selectors.versions import is_stale
from cohorts.models import Side
from participants.models import Enrolment


@dataclass(frozen=True)
class Row:
    """One person on the board. `found` says that they are whom the reader looks for."""

    seat: ProposedSeat
    enrolment: Enrolment
    has_left: bool
    found: bool = False

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
    broken: list[str] = field(default_factory=list)
    lead_found: bool = False

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
    def levels(self) -> int:
        return len({row.enrolment.level for row in self.rows} - {None})

    @property
    def functions(self) -> int:
        return len({row.enrolment.function for row in self.rows} - {""})

    @property
    def meeting(self) -> str:
        """“Tuesday 12:30, online”."""
        place = self.circle.place or "online"
        return f"{self.circle.slot or 'Time to be agreed'}, {place}"

    @property
    def open_seats(self) -> int:
        return max(0, self.capacity - len(self.rows))

    @property
    def held(self) -> int:
        return sum(row.seat.pinned for row in self.rows)

    @property
    def found(self) -> bool:
        return self.lead_found or any(row.found for row in self.rows)


@dataclass(frozen=True)
class Board:
    """Everything that is shown; `found` counts those who match the `query`, and only their circles are shown then."""

    cards: list[Card]
    waiting: list[Row]
    without_circle: list[Enrolment]
    late: list[Enrolment]
    is_stale: bool = False
    query: str = ""

    @property
    def placed(self) -> int:
        return sum(len(card.rows) for card in self.cards)

    @property
    def held(self) -> int:
        return sum(card.held for card in self.cards)

    @property
    def broken(self) -> int:
        """How many circles break a rule."""
        return sum(bool(card.broken) for card in self.cards)

    @property
    def shown_cards(self) -> list[Card]:
        return [card for card in self.cards if card.found] if self.query else self.cards

    @property
    def shown_waiting(self) -> list[Row]:
        return [row for row in self.waiting if row.found] if self.query else self.waiting

    @property
    def found(self) -> int:
        rows = [row for card in self.cards for row in card.rows] + self.waiting
        return sum(row.found for row in rows) + sum(card.lead_found for card in self.cards)


def board(run: FormationRun, query: str = "") -> Board:
    """Everything on the board, in a number of queries that does not grow with the people on it."""
    proposal = Proposal(run)
    wanted = sort_key(query.strip())
    seats = run.seats.select_related("enrolment__user", "enrolment__organisation", "enrolment__cohort")
    seats = seats.prefetch_related("enrolment__topics").order_by("enrolment__user__sort_name")
    rows = [_row(seat, wanted) for seat in seats]
    circles = run.circles.select_related("lead__user", "lead__organisation", "slot").prefetch_related("lead__topics")
    cards = [_card(proposal, circle, rows, wanted) for circle in circles]
    known = {row.enrolment.pk for row in rows} | {card.lead.pk for card in cards}
    others = [one for one in proposal.people.values() if one.pk not in known]
    others.sort(key=lambda one: one.user.sort_name)
    return Board(
        cards=cards,
        waiting=[row for row in rows if row.seat.circle_id is None],
        without_circle=[one for one in others if one.side == Side.LEAD],
        late=[one for one in others if one.side == Side.MEMBER],
        is_stale=is_stale(run, proposal.input_hash),
        query=query.strip(),
    )


def _row(seat: ProposedSeat, wanted: str) -> Row:
    return Row(seat, seat.enrolment, seat.enrolment.state != "enrolled", _matches(seat.enrolment, wanted))


def _matches(enrolment: Enrolment, wanted: str) -> bool:
    """Whether name or organisation hold the words that are looked for, without case or accents."""
    if not wanted:
        return False
    return wanted in sort_key(enrolment.user.get_full_name()) or wanted in sort_key(enrolment.organisation.name)


def _card(proposal: Proposal, circle: ProposedCircle, rows: list[Row], wanted: str) -> Card:
    members = [row for row in rows if row.seat.circle_id == circle.pk]
    offered = _topics(circle.lead)
    goals: list[Any] = [topic for row in members for topic in _topics(row.enrolment)]
    return Card(
        circle=circle,
        rows=members,
        capacity=proposal.run.cohort.format.capacity,
        goals=len(goals),
        goals_covered=sum(topic in offered for topic in goals),
        broken=_broken(proposal, circle),
        lead_found=_matches(circle.lead, wanted),
    )


def _broken(proposal: Proposal, circle: ProposedCircle) -> list[str]:
    members = proposal.members(circle.pk)
    return proposal.broken(circle, members) if members else ["nobody is left in it"]


def _topics(enrolment: Enrolment) -> set[UUID]:
    return {topic.pk for topic in enrolment.topics.all()}
