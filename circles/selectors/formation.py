"""Forming circles: the engine's problem as the database has it, and how ready a cohort is."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from circles.formation.numbers import Numbers
from circles.formation.problem import Problem
from circles.formation.reading import ProblemError, read_problem
from circles.models import FormationRun, ProposedSeat
from circles.selectors.apart import apart_pairs, met_pairs
from cohorts.models import Cohort, Format, Side
from participants.models import Enrolment

# Two people of one pair who do the same kind of work in the same organisation may well be of one team.
SAME_TEAM = 60
SAME_FUNCTION = 15
FEW_CIRCLES = 3
# The reason on record where staff, not the engine, put somebody on the waiting list.
BY_HAND = "Left on the waiting list by hand."


# --- the problem ------------------------------------------------------------------------------
def people_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those whom circles are formed of."""
    return cohort.enrolments.enrolled().select_related("user", "organisation").order_by("created_at", "pk")


def problem_data(cohort: Cohort, people: list[Enrolment], pinned: dict[str, str] | None = None) -> dict[str, Any]:
    """The engine's problem as JSON. Nothing sensitive is in it: no name, address, ethnicity or answer."""
    form, slots, topics = cohort.format, _slots_of(cohort), _topics_of(cohort)
    leads, members = _sides(form, people)
    known = {one.pk: _person(one, slots[one.pk]) for one in people}
    return {
        "mentors": [known[a.pk] | {"capacity": form.capacity, "expertise": topics[a.pk]} for a in leads],
        "mentees": [known[b.pk] | {"goals": topics[b.pk]} for b in members],
        "apart": apart_pairs(cohort, people) + (_same_side(people) if form.mutual else []),
        "met": met_pairs(cohort, people),
        "fit": _team_prices(leads, members) if form.is_pair else [],
        "pinned": pinned or {},
        "own_organisation": str(form.own_organisation),
        "mutual": form.mutual,
        "minimum": min(cohort.circle_minimum, form.capacity),
        "target": min(cohort.circle_target, form.capacity),
    }


def _sides(form: Format, people: list[Enrolment]) -> tuple[list[Enrolment], list[Enrolment]]:
    """Who leads and who is led; in mutual pairs everybody does both."""
    if form.mutual:
        return people, people
    return [one for one in people if one.side == Side.LEAD], [one for one in people if one.side == Side.MEMBER]


def _slots_of(cohort: Cohort) -> dict[UUID, list[str]]:
    """The times of everybody in a cohort, without a row object for each of thousands of choices."""
    words, found = {slot.pk: str(slot) for slot in cohort.slots.all()}, defaultdict(list)
    chosen = Enrolment.slots.through.objects.filter(enrolment__cohort=cohort)
    for person, slot in chosen.order_by("slot__weekday", "slot__start").values_list("enrolment_id", "slot_id"):
        found[person].append(words[slot])
    return found


def _topics_of(cohort: Cohort) -> dict[UUID, list[str]]:
    found = defaultdict(list)
    chosen = Enrolment.topics.through.objects.filter(enrolment__cohort=cohort)
    for person, topic in chosen.order_by("topic__position", "topic__name").values_list("enrolment_id", "topic__name"):
        found[person].append(topic)
    return found


def _person(enrolment: Enrolment, slots: list[str]) -> dict[str, Any]:
    return {
        "id": str(enrolment.pk),
        "organisation": str(enrolment.organisation_id),
        "level": enrolment.level,
        "function": enrolment.function or None,
        "slots": slots,
        "places": enrolment.meets_at,
    }


def _same_side(people: list[Enrolment]) -> list[list[str]]:
    """Partners have chosen sides, and a pair has one of each."""
    return [[str(a.pk), str(b.pk)] for a, b in combinations(people, 2) if a.side == b.side]


def _team_prices(leads: list[Enrolment], members: list[Enrolment]) -> list[list[Any]]:
    """A pair should come from different teams: the same kind of work costs, in the same organisation more."""
    return [
        [str(b.pk), str(a.pk), SAME_TEAM if a.organisation_id == b.organisation_id else SAME_FUNCTION]
        for a in leads
        for b in members
        if a.pk != b.pk and a.function and a.function == b.function
    ]


def pins_of(run: FormationRun | None) -> dict[str, str]:
    """Whom staff have pinned in a proposal to whose circle, as far as both are still there."""
    if run is None:
        return {}
    seats = run.seats.filter(pinned=True, circle__isnull=False, enrolment__state="enrolled")
    seats = seats.filter(circle__lead__state="enrolled").values_list("enrolment_id", "circle__lead_id")
    return {str(enrolment): str(lead) for enrolment, lead in seats}


def problem_of(cohort: Cohort, run: FormationRun | None = None) -> Problem:
    """The problem with the pins of a run. Raises ProblemError where a pin breaks a rule, with names for the ids."""
    people = list(people_of(cohort))
    return checked(problem_data(cohort, people, pins_of(run)), people)


def checked(data: dict[str, Any], people: list[Enrolment]) -> Problem:
    try:
        return read_problem(data)
    except ProblemError as error:
        words = str(error)
        for one in people:
            words = words.replace(str(one.pk), one.user.get_full_name())
        raise ProblemError(words) from error


def fingerprint(data: dict[str, Any]) -> str:
    """The hash of a problem: the same people with the same answers, kept apart in the same way, have the same one.

    Who is pinned is not in it: that is part of a proposal, and changes as staff work on it.
    """
    return hashlib.sha256(json.dumps(data | {"pinned": {}}, sort_keys=True).encode()).hexdigest()


def settings_of(problem: Problem) -> dict[str, Any]:
    """What a run is told to aim at, to be kept with it."""
    return {
        "minimum": problem.minimum,
        "target": problem.target,
        "own_organisation": str(problem.own_organisation),
        "mutual": problem.mutual,
        "weights": asdict(problem.weights),
    }


def fingerprint_now(cohort: Cohort) -> str:
    """The hash that a run would have which began now."""
    return fingerprint(problem_data(cohort, list(people_of(cohort))))


# --- readiness --------------------------------------------------------------------------------
@dataclass(frozen=True)
class SlotReadiness:
    """One time of the week, and who could make it."""

    label: str
    leads: int
    members: int

    @property
    def lacks_a_lead(self) -> bool:
        return self.members > 0 and self.leads == 0


@dataclass(frozen=True)
class Readiness:
    """What staff should know before they form circles."""

    leads: int
    members: int
    unfinished: int
    seats: int
    slots: list[SlotReadiness]
    few: list[tuple[Enrolment, int]] = field(default_factory=list)
    crowded: list[tuple[str, int]] = field(default_factory=list)

    @property
    def can_form(self) -> bool:
        return self.leads > 0 and self.members > 0

    @property
    def too_many(self) -> int:
        """How many members there are beyond all seats."""
        return max(0, self.members - self.seats)


def readiness(cohort: Cohort) -> Readiness:
    people = list(people_of(cohort).prefetch_related("slots"))
    leads = [one for one in people if one.side == Side.LEAD]
    members = [one for one in people if one.side == Side.MEMBER]
    return Readiness(
        leads=len(leads),
        members=len(members),
        unfinished=cohort.enrolments.filter(state="started").count(),
        seats=len(leads) * cohort.format.capacity,
        slots=_slots(cohort, leads, members),
        few=_few(cohort, people),
        crowded=_crowded(cohort, len(leads), members),
    )


def _slots(cohort: Cohort, leads: list[Enrolment], members: list[Enrolment]) -> list[SlotReadiness]:
    led, wanted = (Counter(slot.pk for one in group for slot in one.slots.all()) for group in (leads, members))
    return [SlotReadiness(str(slot), led[slot.pk], wanted[slot.pk]) for slot in cohort.slots.all()]


def _few(cohort: Cohort, people: list[Enrolment]) -> list[tuple[Enrolment, int]]:
    """Members with fewer than three possible circles, the fewest first; for pairs only those with none."""
    numbers = Numbers(read_problem(problem_data(cohort, people)))
    limit = FEW_CIRCLES if cohort.format.capacity > 1 else 1
    by_id = {str(one.pk): one for one in people}
    possible = zip(numbers.row, numbers.allowed.sum(axis=1).tolist(), strict=True)
    found = [(by_id[ident], count) for ident, count in possible if count < min(limit, max(numbers.m, 1))]
    return sorted(found, key=lambda pair: pair[1])


def _crowded(cohort: Cohort, leads: int, members: list[Enrolment]) -> list[tuple[str, int]]:
    """Organisations with more members than there are circles: colleagues will then share one."""
    if cohort.format.is_pair:
        return []
    amounts = Counter(one.organisation.name for one in members)
    return [(name, amount) for name, amount in amounts.most_common() if amount > leads > 0]


def latest_run(cohort: Cohort) -> FormationRun | None:
    """The run that the board shows: the newest."""
    return cohort.formation_runs.select_related("requested_by").first()


def latest_proposal(cohort: Cohort) -> FormationRun | None:
    """The newest finished proposal."""
    return cohort.formation_runs.filter(state=FormationRun.State.DONE).first()


def seat_of(run: FormationRun, enrolment_id: UUID) -> ProposedSeat:
    return run.seats.select_related("enrolment__user", "circle").get(enrolment_id=enrolment_id)
