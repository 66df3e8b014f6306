"""The proposal in people's hands: moving and pinning, with the hard rules asked live.

Every change names the version of the proposal that it was made on, so that two people never overwrite each other.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from accounts.models import User
from circles.formation import cost, rules
from circles.formation.answer import Circle
from circles.formation.explain import Explainer
from circles.formation.numbers import Numbers
from circles.formation.problem import Mentee, Mentor, Problem
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors import formation as selectors
from participants.models import Enrolment
from privacy.services import record

PART_WORDS = {
    "waiting": "people waiting",
    "closed": "mentors without a circle",
    "organisation": "colleagues in one circle",
    "previous": "people who have met before",
    "goals": "goals that the mentor does not cover",
    "function": "people with the same kind of work",
    "level": "people at the same level",
    "size": "distance from the size aimed at",
    "fit": "pairs from one team",
    "moved": "people moved",
    "together": "wishes about who sits together",
}


class FormationError(ValueError):
    """Why something can't be done to a proposal, in words for the member of staff."""


class ConflictError(FormationError):
    """Somebody else has changed the proposal since the page was opened."""


@dataclass(frozen=True)
class Effect:
    """What a move would do: rules that it breaks (then it is refused), what it changes, and its cost."""

    broken: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    cost: float = 0

    @property
    def allowed(self) -> bool:
        return not self.broken

    @property
    def gain(self) -> float:
        """By how much the proposal gets better; negative where it gets worse."""
        return -self.cost


class Proposal:
    """A run's circles as the engine sees them. Who has left since is in none of them."""

    def __init__(self, run: FormationRun) -> None:
        self.run = run
        self.problem: Problem = selectors.problem_of(run.cohort)
        self.mentors: dict[str, Mentor] = {mentor.id: mentor for mentor in self.problem.mentors}
        self.mentees: dict[str, Mentee] = {mentee.id: mentee for mentee in self.problem.mentees}
        self.circles = {str(c.pk): c for c in run.circles.select_related("slot", "lead__user")}
        self.seats = list(run.seats.select_related("enrolment__user"))
        self.pinned = {str(seat.enrolment_id) for seat in self.seats if seat.pinned}

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

    def broken(self, circle: ProposedCircle, members: list[str]) -> list[str]:
        """Which hard rules a circle of these members breaks; its minimum too, unless somebody in it is pinned."""
        lead = self.mentors.get(self.lead_of(circle))
        if lead is None:
            return [f"who leads circle {circle.number} has withdrawn"]
        people = [self.mentees[ident] for ident in members]
        found = rules.broken(self.problem, lead, people)
        if rules.too_small(self.problem, lead, people) and not self.pinned.intersection(members):
            least = self.problem.least(lead)
            found.append(f"circle {circle.number} would be left with {len(members)}, and needs {least} (or one pinned)")
        return found

    def meeting(self, circle: ProposedCircle, members: list[str]) -> Circle:
        """The circle's meeting with these members: the one it has if that suits them all, else another."""
        lead, people = self.mentors[self.lead_of(circle)], [self.mentees[ident] for ident in members]
        made = rules.make_circle(lead, people)
        times = rules.common([lead, *people], "slots") or []
        places = rules.common([lead, *people], "places") or []
        slot = str(circle.slot) if str(circle.slot) in times else made.slot
        place = circle.place if circle.place in places or not places else made.place
        return Circle(made.mentor, made.mentees, slot, place, None)


def effect(*, run: FormationRun, enrolment: Enrolment, circle: ProposedCircle | None) -> Effect:
    """What moving somebody to a circle, or to the waiting list, would do. Nothing is changed."""
    return _effect(Proposal(run), str(enrolment.pk), circle)


def _effect(proposal: Proposal, ident: str, circle: ProposedCircle | None) -> Effect:
    if ident not in proposal.mentees:
        return Effect(["they are not enrolled any more"])
    seat = next((seat for seat in proposal.seats if str(seat.enrolment_id) == ident), None)
    if seat is None:
        return Effect(["they are not part of this proposal: form the circles again"])
    target = circle.pk if circle else None
    if seat.circle_id == target:
        return Effect(["they are there already"])
    return Effect(_rules_broken(proposal, seat, circle), *_changes(proposal, seat, circle))


def _rules_broken(proposal: Proposal, seat: ProposedSeat, circle: ProposedCircle | None) -> list[str]:
    ident = str(seat.enrolment_id)
    found = []
    if circle is not None:
        # Who is put somewhere by hand is pinned there, and that excuses a circle under its minimum.
        proposal.pinned.add(ident)
        found += proposal.broken(circle, [*proposal.members(circle.pk), ident])
    if seat.circle_id:
        left = [other for other in proposal.members(seat.circle_id) if other != ident]
        found += proposal.broken(proposal.circles[str(seat.circle_id)], left) if left else []
    return found


def _changes(proposal: Proposal, seat: ProposedSeat, circle: ProposedCircle | None) -> tuple[list[str], float]:
    """The parts of the cost that change, in words, and by how much in all."""
    ident = str(seat.enrolment_id)
    before = cost.parts(proposal.problem, proposal.layout())
    origin = seat.circle_id
    seat.circle_id = circle.pk if circle else None
    after = cost.parts(proposal.problem, proposal.layout())
    words = [
        f"{PART_WORDS[name].capitalize()}: {'better' if after[name] < before[name] else 'worse'} by "
        f"{abs(after[name] - before[name]):g}."
        for name in cost.PARTS
        if after[name] != before[name]
    ]
    if circle is not None:
        words += _other_meeting(proposal, circle, proposal.members(circle.pk))
    seat.circle_id = origin
    if origin and proposal.members(origin) == [ident]:
        words.append("The circle that they leave is empty then, and goes.")
    return words, sum(after.values()) - sum(before.values())


def _other_meeting(proposal: Proposal, circle: ProposedCircle, members: list[str]) -> list[str]:
    try:
        made = proposal.meeting(circle, members)
    except (KeyError, ValueError):
        return []
    slot = str(circle.slot) if circle.slot else None
    if (made.slot, made.place or "online") == (slot, circle.place or "online"):
        return []
    return [f"The circle would meet {made.slot or 'at a time to agree'}, {made.place or 'online'} instead."]


# --- changing ---------------------------------------------------------------------------------
def _lock(run: FormationRun, version: int) -> FormationRun:
    locked = FormationRun.objects.select_for_update(of=("self",)).select_related("cohort__format").get(pk=run.pk)
    if locked.state != FormationRun.State.DONE:
        raise FormationError("This proposal can't be changed any more.")
    if locked.version != version:
        raise ConflictError(
            "Somebody else changed the proposal in the meantime. Nothing of theirs was overwritten, and your change "
            "was not made. Look at it as it is now and try again."
        )
    return locked


@transaction.atomic
def move(
    *, run: FormationRun, enrolment: Enrolment, circle: ProposedCircle | None, by: User | None, version: int
) -> Effect:
    """Put somebody into a circle, where they are pinned, or on the waiting list.

    Raises ConflictError when the proposal has changed since `version`, and FormationError when it breaks a hard rule.
    """
    run = _lock(run, version)
    proposal = Proposal(run)
    seen = _effect(proposal, str(enrolment.pk), circle)
    if not seen.allowed:
        raise FormationError(f"{enrolment.user} can't be moved there: {'; '.join(seen.broken)}.")
    seat = next(seat for seat in proposal.seats if seat.enrolment_id == enrolment.pk)
    left, seat.circle, seat.pinned = seat.circle_id, circle, circle is not None
    seat.reason = "" if circle else selectors.BY_HAND
    seat.save()
    if left and not run.seats.filter(circle=left).exists():
        run.circles.filter(pk=left).delete()
    _refresh(run)
    record(by=by, verb="formation.moved", about=run, placed=circle is not None)
    return seen


@transaction.atomic
def pin(*, run: FormationRun, enrolment: Enrolment, pinned: bool, by: User | None, version: int) -> None:
    """Hold somebody where they are when circles are formed again, or let them go. Raises ConflictError."""
    run = _lock(run, version)
    seat = run.seats.filter(enrolment=enrolment, circle__isnull=False).first()
    if seat is None:
        raise FormationError(f"{enrolment.user} is not in a circle, so there is no seat to hold.")
    seat.pinned = pinned
    seat.save(update_fields=["pinned"])
    _refresh(run)
    record(by=by, verb="formation.pinned" if pinned else "formation.unpinned", about=run)


def drop(*, enrolment: Enrolment) -> None:
    """Take somebody who has withdrawn out of every proposal that is still open."""
    for run in FormationRun.objects.filter(seats__enrolment=enrolment, state=FormationRun.State.DONE):
        run.seats.filter(enrolment=enrolment).delete()
        run.version += 1
        run.save(update_fields=["version"])


def _refresh(run: FormationRun) -> None:
    """After a change: a new version, the cost, every circle's meeting and everybody's reasons afresh."""
    proposal = Proposal(run)
    slots = {str(slot): slot for slot in run.cohort.slots.all()}
    made = []
    for circle in proposal.circles.values():
        members = proposal.members(circle.pk)
        if members and proposal.lead_of(circle) in proposal.mentors:
            meeting = proposal.meeting(circle, members)
            circle.slot, circle.place = slots.get(meeting.slot or ""), meeting.place or "online"
            circle.save(update_fields=["slot", "place"])
            made.append(meeting)
    _explain(proposal, made)
    parts = cost.parts(proposal.problem, proposal.layout())
    run.cost, run.parts = sum(parts.values()), {name: value for name, value in parts.items() if value}
    run.version += 1
    run.save(update_fields=["cost", "parts", "version"])


def _explain(proposal: Proposal, made: list[Circle]) -> None:
    explainer = Explainer(Numbers(proposal.problem), made)
    because, reasons = explainer.placements(), explainer.reasons()
    for seat in proposal.seats:
        ident = str(seat.enrolment_id)
        seat.because = (["Fixed here by hand."] if seat.pinned else []) + because.get(ident, [])
        if not seat.circle_id and seat.reason != selectors.BY_HAND:
            seat.reason = reasons.get(ident, seat.reason)
    ProposedSeat.objects.bulk_update(proposal.seats, ["because", "reason"])
