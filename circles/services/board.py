"""The proposal in people's hands: moving, taking back, holding, with the hard rules asked live.

Every change names the version of the proposal that it was made on, so that two people never overwrite each other.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from circles.formation.answer import Circle
from circles.formation.explain import Explainer
from circles.formation.numbers import Numbers
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors import formation as selectors
from circles.selectors.moves import effect_in
from circles.selectors.proposal import Proposal
from circles.selectors.versions import last_change
from cohorts.models import Cohort
from participants.models import Enrolment
from privacy.services import record

State = FormationRun.State


class FormationError(ValueError):
    """Why something can't be done to a proposal, in words for the member of staff."""


class ConflictError(FormationError):
    """Somebody else has changed the proposal since the page was opened."""


@dataclass(frozen=True)
class Moved:
    """Where somebody sat before a move, so that it can be taken back. Holds keys only."""

    enrolment: str
    lead: str
    number: int
    pinned: bool
    by_hand: bool
    version: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# --- changing ---------------------------------------------------------------------------------
def lock(run: FormationRun, version: int) -> FormationRun:
    """The run, locked for a change. Raises ConflictError when it has changed since `version`, or has been replaced."""
    # The cohort is locked first, as by whoever starts a run or publishes.
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=run.cohort_id)
    locked = FormationRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    locked.cohort = cohort
    if locked.state != State.DONE or cohort.published_at:
        raise FormationError("This proposal can’t be changed any more.")
    if cohort.formation_runs.filter(state__in=[State.QUEUED, State.RUNNING]).exists():
        raise ConflictError("Somebody is forming circles again just now. Your change was not made.")
    newest = selectors.latest_proposal(cohort)
    if newest is not None and newest.pk != locked.pk:
        raise ConflictError(
            "There is a newer proposal by now, so your change was not made to this one. Look at the newest."
        )
    if locked.version != version:
        raise ConflictError(
            f"{last_change(locked)} Nothing of theirs was overwritten, and your change was not made. "
            "Look at the proposal as it is now and try again."
        )
    return locked


@transaction.atomic
def move(
    *, run: FormationRun, enrolment: Enrolment, circle: ProposedCircle | None, by: User | None, version: int
) -> Moved:
    """Put somebody into a circle, where they are held, or on the waiting list; returns what takes it back.

    A circle that is not stored yet is opened. Raises ConflictError when the proposal has changed since `version`, and
    FormationError when it breaks a hard rule.
    """
    run = lock(run, version)
    proposal = Proposal(run)
    seen = effect_in(proposal, str(enrolment.pk), circle)
    if not seen.allowed:
        raise FormationError(f"{enrolment.user} can’t be moved there: {'; '.join(seen.broken)}.")
    seat = _seat_of(proposal, enrolment)
    origin = proposal.circles.get(str(seat.circle_id))
    moved = Moved(
        enrolment=str(enrolment.pk),
        lead=str(origin.lead_id) if origin else "",
        number=origin.number if origin else 0,
        pinned=seat.pinned,
        by_hand=seat.reason == selectors.BY_HAND,
        version=version + 1,
    )
    if circle is not None and circle._state.adding:
        circle = _open(run, circle.lead_id, circle.number)
    _seat(proposal, seat, circle, pinned=circle is not None, reason="" if circle else selectors.BY_HAND)
    record(by=by, verb="formation.moved", about=run, placed=circle is not None)
    return moved


@transaction.atomic
def undo(*, run: FormationRun, moved: Moved, by: User | None) -> Enrolment:
    """Take back a move, if nothing has happened to the proposal since; returns who is back. Raises ConflictError."""
    run = lock(run, moved.version)
    proposal = Proposal(run)
    seat = next((seat for seat in proposal.seats if str(seat.enrolment_id) == moved.enrolment), None)
    if seat is None:
        raise FormationError("They are not part of this proposal any more.")
    circle = None
    if moved.lead:
        circle = run.circles.filter(lead=moved.lead).first() or _open(run, UUID(moved.lead), moved.number)
    _seat(proposal, seat, circle, pinned=moved.pinned, reason=selectors.BY_HAND if moved.by_hand else "")
    record(by=by, verb="formation.undone", about=run, placed=circle is not None)
    return seat.enrolment


def _seat_of(proposal: Proposal, enrolment: Enrolment) -> ProposedSeat:
    return next(seat for seat in proposal.seats if seat.enrolment_id == enrolment.pk)


def _open(run: FormationRun, lead: UUID, number: int) -> ProposedCircle:
    """A circle for somebody who had none; it keeps its number if that is free."""
    taken = set(run.circles.values_list("number", flat=True))
    free = number if number and number not in taken else max(taken, default=0) + 1
    return ProposedCircle.objects.create(run=run, lead_id=lead, number=free, place="")


def _seat(proposal: Proposal, seat: ProposedSeat, circle: ProposedCircle | None, *, pinned: bool, reason: str) -> None:
    """Seat somebody, in the database and in the proposal at hand; a circle that is left empty goes."""
    run, ident, left = proposal.run, str(seat.enrolment_id), seat.circle_id
    seat.circle, seat.pinned, seat.reason = circle, pinned, reason
    seat.save(update_fields=["circle", "pinned", "reason"])
    (proposal.pinned.add if pinned else proposal.pinned.discard)(ident)
    if circle:
        proposal.circles.setdefault(str(circle.pk), circle)
    if left and not run.seats.filter(circle=left).exists():
        run.circles.filter(pk=left).delete()
        del proposal.circles[str(left)]
    refresh(run, proposal)


# --- holding ----------------------------------------------------------------------------------
@transaction.atomic
def pin(*, run: FormationRun, enrolment: Enrolment, pinned: bool, by: User | None, version: int) -> None:
    """Hold somebody where they are when circles are formed again, or let them go. Raises ConflictError.

    Raises FormationError where those who would be held in one circle may not be together.
    """
    run = lock(run, version)
    seats = run.seats.filter(enrolment=enrolment, circle__isnull=False)
    if not seats:
        raise FormationError(f"{enrolment.user} is not in a circle, so there is no seat to hold.")
    _pin(run, seats, pinned, by)


@transaction.atomic
def pin_all(*, run: FormationRun, circle: ProposedCircle | None, pinned: bool, by: User | None, version: int) -> int:
    """Hold everybody of a circle (of every circle, without one), or let them go; returns how many. As `pin`."""
    run = lock(run, version)
    seats = run.seats.filter(circle__isnull=False, enrolment__state="enrolled").exclude(pinned=pinned)
    return _pin(run, seats.filter(circle=circle) if circle else seats, pinned, by)


def _pin(run: FormationRun, seats: Iterable[ProposedSeat], pinned: bool, by: User | None) -> int:
    changed = [seat.pk for seat in seats]
    run.seats.filter(pk__in=changed).update(pinned=pinned)
    proposal = Proposal(run)
    if pinned and (broken := _held_broken(proposal)):
        raise FormationError(f"They can’t be held there: {'; '.join(broken)}.")
    refresh(run, proposal)
    verb = "formation.pinned" if pinned else "formation.unpinned"
    record(by=by, verb=verb, about=run, people=len(changed))
    return len(changed)


def _held_broken(proposal: Proposal) -> list[str]:
    """The rules that those who are held break together, which the next run would refuse."""
    found: list[str] = []
    for circle in proposal.circles.values():
        lead = proposal.mentors.get(proposal.lead_of(circle))
        held = [proposal.mentees[i] for i in proposal.members(circle.pk) if i in proposal.pinned]
        if lead and held:
            found += proposal.broken_rules(lead, held)
    return found


def drop(*, enrolment: Enrolment) -> None:
    """Take somebody who has withdrawn out of every proposal that is still open."""
    for run in FormationRun.objects.filter(seats__enrolment=enrolment, state=State.DONE):
        run.seats.filter(enrolment=enrolment).delete()
        run.version += 1
        run.save(update_fields=["version"])
        record(by=None, verb="formation.dropped", about=run)


# --- after a change ---------------------------------------------------------------------------
def refresh(run: FormationRun, proposal: Proposal | None = None) -> None:
    """After a change: a new version, the cost, every circle's meeting and everybody's reasons afresh."""
    proposal = proposal or Proposal(run)
    made = _meetings(run, proposal)
    _explain(proposal, made)
    parts = proposal.parts()
    run.cost, run.parts = sum(parts.values()), {name: value for name, value in parts.items() if value}
    run.version += 1
    run.save(update_fields=["cost", "parts", "version"])


def _meetings(run: FormationRun, proposal: Proposal) -> list[Circle]:
    """The circles as they meet now; where that has changed, it is stored."""
    slots = {str(slot): slot for slot in run.cohort.slots.all()}
    made = []
    for circle in proposal.circles.values():
        members = proposal.members(circle.pk)
        if not members or proposal.lead_of(circle) not in proposal.mentors:
            continue
        try:
            meeting = proposal.meeting(circle, members)
        except ValueError:
            continue  # they can't meet any more: the board says so, and publishing is refused
        slot, place = slots.get(meeting.slot or ""), meeting.place or "online"
        if (circle.slot, circle.place) != (slot, place):
            circle.slot, circle.place = slot, place
            circle.save(update_fields=["slot", "place"])
        made.append(meeting)
    return made


def _explain(proposal: Proposal, made: list[Circle]) -> None:
    explainer = Explainer(Numbers(proposal.problem), made)
    because, reasons = explainer.placements(), explainer.reasons()
    changed = []
    for seat in proposal.seats:
        ident, before = str(seat.enrolment_id), (seat.because, seat.reason)
        held = ["Fixed here by hand."] if ident in proposal.pinned else []
        seat.because = held + because.get(ident, [])
        if not seat.circle_id and seat.reason != selectors.BY_HAND:
            seat.reason = reasons.get(ident, seat.reason)
        if (seat.because, seat.reason) != before:
            changed.append(seat)
    ProposedSeat.objects.bulk_update(changed, ["because", "reason"])
