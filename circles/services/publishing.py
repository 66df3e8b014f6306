"""Publication: the one moment at which a proposal becomes circles and people are told. Before it nobody is."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import clock
from accounts.models import User
from circles.models import Circle, FormationRun, Membership, ProposedCircle, ProposedSeat
from circles.services.board import FormationError, Proposal
from circles.services.sessions import SessionError, invite_new_circle, plan_sessions
from cohorts.models import Cohort, Slot
from outbox.services import queue_each
from participants.models import Enrolment
from privacy.services import record

PLACED, WAITING = "circles.placed", "circles.waiting"
WEEKS = 4


@dataclass(frozen=True)
class Preview:
    """Who will be told what, and what keeps the proposal from being published."""

    leads: list[Enrolment]
    members: list[Enrolment]
    waiting: list[Enrolment]
    without_circle: list[Enrolment]
    blockers: list[str]

    @property
    def told(self) -> int:
        return len(self.leads) + len(self.members) + len(self.waiting) + len(self.without_circle)


def preview(run: FormationRun) -> Preview:
    """What publishing would do now."""
    circles, seats = _circles(run), _seats(run)
    leads = [circle.lead for circle in circles if circle.lead.state == "enrolled"]
    placed = [seat.enrolment for seat in seats if seat.circle_id]
    done = {one.pk for one in [*leads, *placed]}
    others = [
        one for one in run.cohort.enrolments.enrolled().select_related("user", "organisation") if one.pk not in done
    ]
    return Preview(
        leads=leads,
        members=placed,
        waiting=[one for one in others if one.side == "member"],
        without_circle=[one for one in others if one.side == "lead"],
        blockers=_blockers(run),
    )


def _circles(run: FormationRun) -> list[ProposedCircle]:
    return list(run.circles.select_related("lead__user", "lead__organisation", "slot"))


def _seats(run: FormationRun) -> list[ProposedSeat]:
    """Seats of those who are still enrolled."""
    seats = run.seats.filter(enrolment__state="enrolled").select_related("enrolment__user", "enrolment__organisation")
    return list(seats.order_by("enrolment__user__sort_name"))


def _blockers(run: FormationRun) -> list[str]:
    """Hard rules that the proposal breaks as people are enrolled now."""
    if run.cohort.published_at:
        return ["The circles of this cohort are published already."]
    if run.state != FormationRun.State.DONE:
        return ["This proposal is not ready."]
    proposal = Proposal(run)
    found = []
    for circle in proposal.circles.values():
        members = proposal.members(circle.pk)
        word = run.cohort.format.group_word.capitalize()
        if not members:
            found.append(f"{word} {circle.number} has no members left.")
        elif broken := proposal.broken(circle, members):
            found.append(f"{word} {circle.number}: {'; '.join(broken)}.")
    return found


@transaction.atomic
def publish(*, run: FormationRun, by: User | None) -> list[Circle]:
    """Make the proposed circles real, plan and send their sessions, and tell everybody.

    Raises FormationError when the proposal breaks a rule by now, or the cohort is published already.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=run.cohort_id)
    run = FormationRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.cohort = cohort
    if blockers := _blockers(run):
        raise FormationError(" ".join(blockers))
    circles = _make_circles(cohort, run)
    cohort.published_at = clock.now()
    cohort.save(update_fields=["published_at"])
    run.state, run.version = FormationRun.State.PUBLISHED, run.version + 1
    run.save(update_fields=["state", "version"])
    record(by=by, verb="circles.published", about=cohort, circles=len(circles))
    for circle in circles:
        _plan(circle, by)
        _tell(circle)
    _tell_waiting(run)
    return circles


def _make_circles(cohort: Cohort, run: FormationRun) -> list[Circle]:
    members = defaultdict(list)
    for seat in _seats(run):
        if seat.circle_id:
            members[seat.circle_id].append(seat.enrolment)
    weeks: dict[Slot | None, int] = defaultdict(int)
    circles, seats = [], []
    for number, proposed in enumerate(_circles(run), start=1):
        circle = Circle(
            cohort=cohort,
            number=number,
            capacity=cohort.format.capacity,
            slot=proposed.slot,
            week_of_month=1 + weeks[proposed.slot] % WEEKS,
            place=proposed.place or "online",
        )
        weeks[proposed.slot] += 1
        circles.append(circle)
        people = enumerate([proposed.lead, *members[proposed.pk]])
        seats += [Membership(circle=circle, enrolment=enrolment, seat=seat) for seat, enrolment in people]
    Circle.objects.bulk_create(circles)
    Membership.objects.bulk_create(seats)
    return circles


def _plan(circle: Circle, by: User | None) -> None:
    try:
        plan_sessions(circle=circle, by=by)
    except SessionError as error:
        raise FormationError(f"The sessions of {circle} can't be planned: {error}") from error


def _tell(circle: Circle) -> None:
    """Tell everybody in a new circle, and ask them to its sessions."""
    seats = list(circle.memberships.current().select_related("enrolment__user"))
    queue_each(kind=PLACED, letters=[(seat, seat.enrolment.user, "") for seat in seats])
    invite_new_circle(circle=circle, people=[seat.enrolment for seat in seats])


def _tell_waiting(run: FormationRun) -> None:
    """Tell everybody who enrolled and has no seat."""
    seat = Membership.objects.current().filter(enrolment=OuterRef("pk"))
    waiting = run.cohort.enrolments.enrolled().filter(~Exists(seat)).select_related("user")
    queue_each(kind=WAITING, letters=[(enrolment, enrolment.user, "") for enrolment in waiting])
