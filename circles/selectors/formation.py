"""Forming circles: the engine's problem as the database has it, and how ready a cohort is."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from circles.formation.problem import Problem
from circles.formation.readiness import FEW_CIRCLES
from circles.formation.readiness import Readiness as Asked
from circles.formation.reading import ProblemError, read_problem
from circles.models import FormationRun, ProposedSeat
from circles.selectors.apart import apart_pairs, met_pairs
from cohorts.models import Cohort, Format, Side
from participants.models import Enrolment

# Two people of one pair who do the same kind of work in the same organisation may well be of one team.
SAME_TEAM = 60
SAME_FUNCTION = 15
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
class CrowdedOrganisation:
    """An organisation of so many people, of whom at most `circles` can each sit in a circle without a colleague."""

    name: str
    members: int
    circles: int
    sharing: int


@dataclass(frozen=True)
class FewCircles:
    """Somebody with hardly a circle to sit in, and in words what bars how many of the others."""

    enrolment: Enrolment
    circles: int
    barred: list[str]


@dataclass(frozen=True)
class ShortCircle:
    """Somebody whose circle cannot open: at no one meeting can more than `most` people join, and it needs `least`."""

    lead: Enrolment
    most: int
    least: int


@dataclass(frozen=True)
class Readiness:
    """What staff should know before they form circles."""

    leads: int
    members: int
    unfinished: int
    seats: int
    seatable: int
    slots: list[SlotReadiness]
    unled_places: list[str]
    few: list[FewCircles]
    crowded: list[CrowdedOrganisation]
    short: list[ShortCircle]

    @property
    def can_form(self) -> bool:
        return self.leads > 0 and self.members > 0

    @property
    def will_wait(self) -> int:
        """How many members will wait whatever a run does."""
        return self.members - self.seatable

    @property
    def unled_time(self) -> bool:
        """Whether people named a time at which nobody leads."""
        return any(slot.lacks_a_lead for slot in self.slots)

    @property
    def nothing_amiss(self) -> bool:
        amiss = (self.will_wait, self.unled_time, self.unled_places, self.few, self.crowded, self.short)
        return self.can_form and not any(amiss)


# What bars somebody from so many circles.
BARS = {
    "slots": "no time in common with {}",
    "places": "no place in common with {}",
    "languages": "no language in common with {}",
    "organisation": "{} of the same organisation",
    "apart": "to be kept apart from {}",
}


def readiness(cohort: Cohort) -> Readiness:
    people = list(people_of(cohort).prefetch_related("slots"))
    by_id = {str(one.pk): one for one in people}
    leads = [one for one in people if one.side == Side.LEAD]
    members = [one for one in people if one.side == Side.MEMBER]
    asked = Asked(read_problem(problem_data(cohort, people)))
    # In mutual pairs everybody stands in both lists, and each pair seats two of them: one is the member.
    seatable = asked.seatable() // (2 if cohort.format.mutual else 1)
    return Readiness(
        leads=len(leads),
        members=len(members),
        unfinished=cohort.enrolments.filter(state="started").count(),
        seats=len(leads) * cohort.format.capacity,
        seatable=min(seatable, len(members)),
        slots=_slots(cohort, leads, members),
        unled_places=[one.name for one in asked.choices("places") if one.mentees and not one.mentors],
        few=_few(cohort, asked, by_id),
        crowded=[] if cohort.format.is_pair else _crowded(asked, members),
        short=[ShortCircle(by_id[one.mentor], one.most, one.least) for one in asked.short()],
    )


def _slots(cohort: Cohort, leads: list[Enrolment], members: list[Enrolment]) -> list[SlotReadiness]:
    led, wanted = (Counter(slot.pk for one in group for slot in one.slots.all()) for group in (leads, members))
    # Who named no time can make any.
    anytime = sum(not one.slots.all() for one in leads)
    return [SlotReadiness(str(slot), led[slot.pk] + anytime, wanted[slot.pk]) for slot in cohort.slots.all()]


def _few(cohort: Cohort, asked: Asked, by_id: dict[str, Enrolment]) -> list[FewCircles]:
    """Members with fewer than three possible circles, the fewest first; for pairs only those with none."""
    found = asked.few(1 if cohort.format.is_pair else FEW_CIRCLES)
    return [FewCircles(by_id[one.mentee], one.circles, _bars(cohort, one.barred)) for one in found]


def _bars(cohort: Cohort, barred: dict[str, int]) -> list[str]:
    """Partners are kept apart from all of their own side, which explains nothing."""
    told = {rule: amount for rule, amount in barred.items() if not (rule == "apart" and cohort.format.mutual)}
    return [BARS[rule].format(amount) for rule, amount in told.items()]


def _crowded(asked: Asked, members: list[Enrolment]) -> list[CrowdedOrganisation]:
    names = {str(one.organisation_id): one.organisation.name for one in members}
    return [
        CrowdedOrganisation(names[one.organisation], one.members, one.circles, one.sharing) for one in asked.crowded()
    ]


def latest_run(cohort: Cohort) -> FormationRun | None:
    """The run that the board shows: the newest."""
    return cohort.formation_runs.select_related("requested_by").first()


def latest_proposal(cohort: Cohort) -> FormationRun | None:
    """The newest finished proposal."""
    return cohort.formation_runs.filter(state=FormationRun.State.DONE).first()


def seat_of(run: FormationRun, enrolment_id: UUID) -> ProposedSeat:
    return run.seats.select_related("enrolment__user", "circle").get(enrolment_id=enrolment_id)
