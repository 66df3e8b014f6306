"""A published cohort as it stands today, and who would fit where: what every change after publication is planned on.

The engine's problem is read anew with what publication has settled: a circle keeps its time and place, whoever sits in
it can make them, no circle is closed for being small, and a person who moves costs more than anything but waiting.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from accounts import clock
from circles.formation import cost, rules
from circles.formation.answer import Circle as Meeting
from circles.formation.explain import Explainer
from circles.formation.numbers import Numbers
from circles.formation.problem import Mentee, Mentor, Person, Problem
from circles.formation.reading import read_problem
from circles.models import Circle, Membership, Session, StandIn
from circles.selectors.formation import people_of, problem_data
from cohorts.models import Cohort, Event, Side
from cohorts.models import OwnOrganisation as Rule
from organisations.models import Organisation
from participants.models import Enrolment

MOVED = 1000


@dataclass(frozen=True)
class CircleNow:
    """An open circle with the people in it today and its sessions to come."""

    circle: Circle
    lead: Enrolment | None
    members: tuple[Enrolment, ...]
    coming: tuple[Session, ...]

    @property
    def key(self) -> str:
        return str(self.circle.pk)

    @property
    def mentor_id(self) -> str:
        """The engine's id for who leads it; of a circle without a lead its own."""
        return str(self.lead.pk) if self.lead else self.key

    @property
    def room(self) -> int:
        return max(0, self.circle.capacity - len(self.members))

    @property
    def people(self) -> tuple[Enrolment, ...]:
        return ((self.lead,) if self.lead else ()) + self.members

    @property
    def meeting(self) -> str:
        """“Tuesday 12:30, online”."""
        return f"{self.circle.slot or 'a time to be agreed'}, {self.circle.place or 'online'}"

    def __str__(self) -> str:
        return str(self.circle)


class Standing:
    """Everything about a cohort's open circles, read in a number of queries that does not grow with them."""

    def __init__(self, cohort: Cohort, employers: Mapping[Any, Organisation] | None = None) -> None:
        """`employers`: as if these people, by the keys of their enrolments, worked there by now."""
        self.cohort = cohort
        enrolled = list(people_of(cohort))
        for one in enrolled:
            one.organisation = (employers or {}).get(one.pk, one.organisation)
        self.circles = {now.key: now for now in _circles(cohort)}
        self.seat_of = {one.pk: now for now in self.circles.values() for one in now.people}
        self.people = {str(one.pk): one for one in enrolled}
        unseated = [one for one in enrolled if one.pk not in self.seat_of]
        self.waiting = [one for one in unseated if one.side == Side.MEMBER]
        self.reserve = [one for one in unseated if one.side == Side.LEAD]
        self._data = problem_data(cohort, enrolled)
        self.problem, self.mentors = self._read()
        self.mentees = {mentee.id: mentee for mentee in self.problem.mentees}
        self.read: dict[Any, Any] = {}  # what has been looked up of single people, by their keys

    # --- the problem --------------------------------------------------------------------------
    def _read(self) -> tuple[Problem, dict[str, Mentor]]:
        """The problem whose mentors are those of the open circles; and every mentor, reserves included, by id."""
        leads = {
            entry["id"]: self._able_to_come(entry) for entry in self._data["mentors"] if self._side(entry) == Side.LEAD
        }
        self._leads = leads
        members = [entry for entry in self._data["mentees"] if self._side(entry) == Side.MEMBER]
        seated = [self._at_its_meeting(now, leads) for now in self.circles.values()]
        taken = {entry["id"] for entry in seated}
        data = self._data | {
            "mentors": [*seated, *(entry for ident, entry in leads.items() if ident not in taken)],
            "mentees": [self._able_to_come(entry) for entry in members],
            "pinned": {},
            "mutual": False,
            "minimum": 1,
            "current": {str(one.pk): now.mentor_id for now in self.circles.values() for one in now.members},
            "weights": {**self._data.get("weights", {}), "moved": MOVED},
        }
        whole = read_problem(data | _known_pairs(data))
        mentors = {mentor.id: mentor for mentor in whole.mentors}
        return replace(whole, mentors=tuple(mentors[entry["id"]] for entry in seated)), mentors

    def _side(self, entry: dict[str, Any]) -> str:
        return self.people[entry["id"]].side

    def _at_its_meeting(self, now: CircleNow, leads: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Who leads a circle, held to its time and place; for one without a lead somebody made up."""
        known = leads.get(now.mentor_id) or {"id": now.mentor_id, "organisation": self._stand_in(now)}
        return known | {
            "capacity": max(1, now.circle.capacity),
            "slots": _slots(now) or known.get("slots", []),
            "places": [now.circle.place or "online"],
        }

    def _stand_in(self, now: CircleNow) -> str:
        """An organisation for nobody that breaks no rule with those who sit there."""
        required = self.cohort.format.own_organisation == Rule.REQUIRED
        return str(now.members[0].organisation_id) if required and now.members else now.key

    def _able_to_come(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Somebody as they are; who has a seat has agreed to its time and place, whatever they once said."""
        now = self.seat_of.get(self.people[entry["id"]].pk)
        if now is None:
            return entry
        return entry | {
            "slots": list(dict.fromkeys([*entry["slots"], *_slots(now)])) if entry["slots"] else [],
            "places": list(dict.fromkeys([*entry["places"], now.circle.place or "online"])) if entry["places"] else [],
        }

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.problem)

    @cached_property
    def fingerprint(self) -> str:
        """The hash of all that a plan is made on: another one, and the plan is out of date."""
        seats = sorted((now.key, str(one.pk)) for now in self.circles.values() for one in now.people)
        sessions = [session for now in self.circles.values() for session in now.coming]
        coming = sorted((str(one.pk), one.sequence, one.starts_at.isoformat()) for one in sessions)
        settled = [
            (key, now.circle.capacity, str(now.circle.slot), now.circle.place, now.circle.week_of_month)
            for key, now in sorted(self.circles.items())
        ]
        closed = str(self.cohort.closed_at), str(self.cohort.published_at)
        state = [self._data, seats, coming, settled, closed, self.cohort.circle_minimum, self.cohort.circle_target]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()

    # --- beyond the circles -------------------------------------------------------------------
    @cached_property
    def stand_ins(self) -> list[StandIn]:
        """Those who are asked to lead a session to come of another's circle, or have said yes."""
        rows = StandIn.objects.current().filter(session__circle__cohort=self.cohort)
        rows = rows.select_related("session__circle__cohort__format", "enrolment__user", "asked_by")
        return [one for one in rows if not one.session.is_past]

    @cached_property
    def events(self) -> list[Event]:
        """The ceremonies and masterclasses to come to which those with a seat are asked."""
        if not self.cohort.published_at:
            return []
        coming = self.cohort.events.filter(starts_at__gt=clock.now(), called_off_at=None)
        return list(coming.order_by("starts_at"))

    # --- circles ------------------------------------------------------------------------------
    @property
    def least(self) -> int:
        """Below so many members a circle is thin."""
        return min(self.cohort.circle_minimum, self.cohort.format.capacity)

    def is_thin(self, now: CircleNow) -> bool:
        return len(now.members) < self.least

    @property
    def thin(self) -> list[CircleNow]:
        return [now for now in self.circles.values() if self.is_thin(now)]

    @property
    def without_lead(self) -> list[CircleNow]:
        return [now for now in self.circles.values() if now.lead is None]

    def members_of(self, now: CircleNow, *others: Enrolment) -> list[Mentee]:
        """Those in a circle, and others with them, as the engine knows them."""
        ids = [str(one.pk) for one in (*now.members, *others)]
        return [self.mentees[ident] for ident in ids if ident in self.mentees]

    # --- who fits -----------------------------------------------------------------------------
    def against_member(self, one: Enrolment, now: CircleNow) -> list[str]:
        """Which rules stand against a seat for somebody, its meeting as it is; in words about “them”."""
        mentor = self.mentors[now.mentor_id]
        without = rules.broken(self.problem, mentor, self.members_of(now))
        broken = rules.broken(self.problem, mentor, self.members_of(now, one))
        found = [_words(rule, now) for rule in broken if rule not in without and not rule.startswith("there are ")]
        return ["every seat is taken"] * (now.room == 0) + found

    def against_lead(self, one: Enrolment, now: CircleNow) -> list[str]:
        """Which rules stand against somebody as the lead of a circle; in words about “them”."""
        mentor = self.mentors[str(one.pk)]
        anywhen = replace(mentor, slots=(), places=(), capacity=max(now.circle.capacity, len(now.members)))
        broken = rules.broken(self.problem, anywhen, self.members_of(now))
        return [_OF_LEAD.get(rule, rule) for rule in broken] + self.missed(one, now)

    def missed(self, one: Enrolment, now: CircleNow) -> list[str]:
        """What of a circle's meeting somebody can't make; in words about “them”."""
        ident = str(one.pk)
        entry = self._leads.get(ident)
        person = replace(self.mentors[ident], **_choices(entry)) if entry else self.mentees.get(ident)
        meeting = Person(id="", organisation="", slots=tuple(_slots(now)), places=(now.circle.place or "online",))
        if person is None:
            return []
        return [_missed(name, now) for name in rules.FIELD_WORDS if rules.common([person, meeting], name) == []]

    def are_kept_apart(self, now: CircleNow) -> bool:
        """Whether two of a circle's members are to be kept apart."""
        ids = {mentee.id for mentee in self.members_of(now)}
        return any(pair <= ids for pair in self.problem.apart)

    def price(self, one: Enrolment, now: CircleNow) -> float:
        """What one more member adds to the cost of a circle: less is better, below zero it gains."""
        return sum(self.price_parts(one, now).values())

    def price_parts(self, one: Enrolment, now: CircleNow) -> Counter[str]:
        """The same, part by part."""
        mentor = self.mentors[now.mentor_id]
        adds = Counter(self._parts(mentor, self.members_of(now, one)))
        adds.subtract(self._parts(mentor, self.members_of(now)))
        return adds

    def lead_price(self, one: Enrolment, now: CircleNow) -> float:
        return self._cost(self.mentors[str(one.pk)], self.members_of(now))

    def _cost(self, mentor: Mentor, members: list[Mentee]) -> float:
        return sum(self._parts(mentor, members).values())

    def _parts(self, mentor: Mentor, members: list[Mentee]) -> dict[str, float]:
        if not members:
            return {"closed": self.problem.weights.closed}
        return cost.circle_parts(self.problem, mentor, members)

    def because(self, one: Enrolment, now: CircleNow) -> list[str]:
        """Why a seat in this circle is good for somebody, and what it costs."""
        members = self.members_of(now, one)
        meeting = Meeting(now.mentor_id, tuple(mentee.id for mentee in members), _first(_slots(now)), now.circle.place)
        lines = Explainer(self.numbers, [meeting]).placements().get(str(one.pk), [])
        kept = [line for line in lines if "suit them too" not in line and (now.lead or "mentor" not in line)]
        return kept if now.lead else [*kept, "It has no mentor at the moment."]

    def why_waiting(self, one: Enrolment) -> str:
        """What keeps somebody from every open circle, and what would help."""
        meetings = [
            Meeting(now.mentor_id, tuple(m.id for m in self.members_of(now)), _first(_slots(now)), now.circle.place)
            for now in self.circles.values()
        ]
        return Explainer(self.numbers, meetings).reasons().get(str(one.pk), "")

    def goals_covered(self, lead: Enrolment | None, now: CircleNow) -> tuple[int, int]:
        """How many of the members' goals somebody covers, and how many there are."""
        offered = set(self.mentors[str(lead.pk)].expertise) if lead and str(lead.pk) in self.mentors else set()
        wanted = [goal for mentee in self.members_of(now) for goal in mentee.goals]
        return sum(goal in offered for goal in wanted), len(wanted)

    def has_met(self, lead: Enrolment, now: CircleNow) -> int:
        return sum(frozenset((str(lead.pk), mentee.id)) in self.problem.met for mentee in self.members_of(now))


def _circles(cohort: Cohort) -> list[CircleNow]:
    seats, coming = defaultdict(list), defaultdict(list)
    current = Membership.objects.current().filter(circle__cohort=cohort)
    for seat in current.select_related("enrolment__user", "enrolment__organisation").order_by("seat"):
        seats[seat.circle_id].append(seat)
    for session in Session.objects.upcoming().filter(circle__cohort=cohort).order_by("starts_at"):
        coming[session.circle_id].append(session)
    circles = Circle.objects.open().filter(cohort=cohort).select_related("slot", "cohort__format")
    return [
        CircleNow(
            circle,
            next((seat.enrolment for seat in seats[circle.pk] if seat.is_lead), None),
            tuple(seat.enrolment for seat in seats[circle.pk] if not seat.is_lead),
            tuple(coming[circle.pk]),
        )
        for circle in circles
    ]


def _known_pairs(data: dict[str, Any]) -> dict[str, list[Any]]:
    """What the problem says of two people, as far as both of them are still in it, each on their side."""
    mentors, mentees = ({entry["id"] for entry in data[side]} for side in ("mentors", "mentees"))
    everyone = mentors | mentees
    sides = {"apart": (everyone, everyone), "met": (everyone, everyone), "fit": (mentees, mentors)}
    return {
        name: [row for row in data.get(name) or [] if row[0] in first and row[1] in second]
        for name, (first, second) in (sides | {"together": (mentees, mentees)}).items()
    }


def _slots(now: CircleNow) -> list[str]:
    return [str(now.circle.slot)] if now.circle.slot else []


def _choices(entry: dict[str, Any]) -> dict[str, Any]:
    return {"slots": tuple(entry["slots"]), "places": tuple(entry["places"])}


def _first(choices: list[str]) -> str | None:
    return choices[0] if choices else None


# The engine's words about a circle, said of the one person who would join it.
_OF_MEMBER = {
    "the mentor and a mentee have the same organisation": "the mentor is from their own organisation",
    "the mentor and a mentee have different organisations": "the mentor is from another organisation",
    "two people are to be kept apart": "somebody in it is to be kept apart from them",
}
_OF_LEAD = {
    "the mentor and a mentee have the same organisation": "a member is from their own organisation",
    "the mentor and a mentee have different organisations": "a member is from another organisation",
    "two people are to be kept apart": "somebody in it is to be kept apart from them",
}


def _words(rule: str, now: CircleNow) -> str:
    missed = {f"there is no {word} that suits everyone": name for name, word in rules.FIELD_WORDS.items()}
    return _missed(missed[rule], now) if rule in missed else _OF_MEMBER.get(rule, rule)


def _missed(name: str, now: CircleNow) -> str:
    if name == "slots":
        return f"they can’t make {now.circle.slot or 'its time'}"
    if name == "places":
        place = now.circle.place or "online"
        return f"they can’t meet {place if place == 'online' else f'in {place}'}"
    return "they don’t share its language"
