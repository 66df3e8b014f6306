"""Publication: the one moment at which a proposal becomes circles and people are told. Before it nobody is."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import clock
from accounts.models import User
from circles.models import Circle, FormationRun, Membership, ProposedCircle, ProposedSeat, Session
from circles.selectors.formation import latest_proposal
from circles.selectors.proposal import Proposal
from circles.selectors.versions import last_change
from circles.services.board import ConflictError, FormationError
from circles.services.sessions import SessionError, invitation, plan_all
from cohorts.models import Cohort, Slot
from cohorts.reminders import LETTERS, batches
from outbox.services import Letter, queue_all
from privacy.services import record

PLACED, WAITING = "circles.placed", "circles.waiting"
WEEKS = 4


def _circles(run: FormationRun) -> list[ProposedCircle]:
    return list(run.circles.select_related("lead__user", "lead__organisation", "slot"))


def _seats(run: FormationRun) -> list[ProposedSeat]:
    """Seats of those who are still enrolled."""
    seats = run.seats.filter(enrolment__state="enrolled").select_related("enrolment__user", "enrolment__organisation")
    return list(seats.order_by("enrolment__user__sort_name"))


def blockers(run: FormationRun) -> list[str]:
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
def publish(*, run: FormationRun, by: User | None, version: int | None = None) -> list[Circle]:
    """Make the proposed circles real, plan and send their sessions, and tell everybody.

    Raises FormationError when the proposal breaks a rule by now, or the cohort is published already, and
    ConflictError when it is not the newest one, or has changed since `version`.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=run.cohort_id)
    run = FormationRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.cohort = cohort
    if version is not None and (run.version != version or run != latest_proposal(cohort)):
        raise ConflictError(f"{last_change(run)} Nothing was published. Check again who will be told what.")
    if found := blockers(run):
        raise FormationError(" ".join(found))
    circles = _make_circles(cohort, run)
    cohort.published_at = clock.now()
    cohort.save(update_fields=["published_at"])
    run.state, run.version = FormationRun.State.PUBLISHED, run.version + 1
    run.save(update_fields=["state", "version"])
    record(by=by, verb="circles.published", about=cohort, circles=len(circles))
    _plan(cohort, circles, by)
    _tell(circles)
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


def _plan(cohort: Cohort, circles: list[Circle], by: User | None) -> None:
    try:
        plan_all(cohort=cohort, circles=circles, by=by)
    except SessionError as error:
        raise FormationError(str(error)) from error


def _tell(circles: list[Circle]) -> None:
    """Tell everybody in the new circles, and ask them to their sessions."""
    seats = list(Membership.objects.current().filter(circle__in=circles).select_related("enrolment__user"))
    sessions = defaultdict(list)
    for session in Session.objects.upcoming().filter(circle__in=circles):
        sessions[session.circle_id].append(session)
    _queue(Letter(PLACED, seat, seat.enrolment.user) for seat in seats)
    _queue(invitation(session, seat.enrolment) for seat in seats for session in sessions[seat.circle_id])


def _queue(letters: Iterable[Letter]) -> None:
    for batch in batches(letters, LETTERS):
        queue_all(batch)


def _tell_waiting(run: FormationRun) -> None:
    """Tell everybody who enrolled and has no seat."""
    seat = Membership.objects.current().filter(enrolment=OuterRef("pk"))
    without = run.cohort.enrolments.enrolled().filter(~Exists(seat)).select_related("user")
    queue_all(Letter(WAITING, enrolment, enrolment.user) for enrolment in without)
