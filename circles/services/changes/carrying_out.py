"""Making a planned change: one act, all of it or nothing, and only on the state that the plan was made on."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import User
from circles.models import AgendaItem, Circle, Membership
from circles.selectors.movers import MOVED_FROM
from circles.selectors.standing import CircleNow, Standing
from circles.services.board import FormationError
from circles.services.changes.effects import GROWN, MEMBER_LEFT, NEW_LEAD, NO_LEAD, UNSEATED, Effects
from circles.services.changes.plans import Change, ChangeError, Move, Opening, Option, Plan, StalePlanError
from circles.services.feeds import end_feed_of_leaver
from circles.services.membership import add_to_circle, leave_circle, withdraw
from circles.services.sessions import SessionError, cancel_session, plan_sessions
from cohorts.models import Cohort, Side
from outbox.services import queue
from participants.models import Enrolment, EnrolmentChange
from participants.services import RefusedError, change_employer
from privacy.services import record

NOTE = 300
STALE = (
    "Something changed while you were looking, so nothing was done and nobody was told. This is the plan as things "
    "stand now."
)


def confirm(
    *,
    cohort: Cohort,
    make: Callable[[Standing], Plan],
    option: str,
    fingerprint: str,
    by: User | None,
    note: str = "",
    spare_lead_leaves: bool = False,
) -> Option:
    """Do what an option of a plan says: seats, messages, calendar entries and history. Returns the option.

    The plan is made again with the cohort's circles locked; unless it is the one with this fingerprint nothing is done
    and StalePlanError is raised, so that doing it twice changes nothing. Raises ChangeError for an option that the
    plan does not have, and where the sessions of a new circle can't be planned.
    """
    try:
        return _confirm(cohort, make, option, fingerprint, by, note, spare_lead_leaves)
    except IntegrityError as error:
        raise StalePlanError(STALE) from error
    except (FormationError, SessionError, RefusedError) as error:
        raise ChangeError(str(error)) from error


@transaction.atomic
def _confirm(
    cohort: Cohort,
    make: Callable[[Standing], Plan],
    key: str,
    fingerprint: str,
    by: User | None,
    note: str,
    spare_lead_leaves: bool,
) -> Option:
    plan = make(_locked(cohort))
    if plan.fingerprint != fingerprint:
        raise StalePlanError(STALE)
    option = plan.option(key)
    if option is None:
        raise ChangeError("Choose one of the ways to do it.")
    if spare_lead_leaves:
        option = option.with_spare_lead_leaving()
    _carry_out(plan.standing, option.change, by, note)
    return option


def _locked(cohort: Cohort) -> Standing:
    """The standing of a cohort whose circles nobody else changes until the transaction ends."""
    locked = Cohort.objects.select_for_update(of=("self",)).select_related("format").get(pk=cohort.pk)
    list(Circle.objects.open().select_for_update(of=("self",)).filter(cohort=locked).order_by("pk").values("pk"))
    if locked.closed_at:
        raise ChangeError("This cohort is closed, so nobody changes circles any more.")
    return Standing(locked)


def _carry_out(standing: Standing, change: Change, by: User | None, note: str) -> None:
    effects = Effects(standing, change)
    if change.closes:
        for session in change.closes.coming:
            cancel_session(session=session, by=by)
    for one in change.withdraws:
        withdraw(enrolment=one, by=by, note=note)
    for move in change.moves:
        _leaves(move, effects, by)
    if change.employs:
        change_employer(enrolment=change.employs.who, organisation=change.employs.organisation, by=by)
    if change.closes:
        _close(change.closes, change.into, by)
    opened = _open(standing.cohort, change.opens, by) if change.opens else None
    seats = [_joins(move, opened, effects, by) for move in change.moves]
    _tell_others(effects, [seat for seat in seats if seat])


def _leaves(move: Move, effects: Effects, by: User | None) -> None:
    """Free the seat that somebody has; who is without one afterwards is told, and their history says why."""
    if move.who.pk not in effects.standing.seat_of:
        return
    seat = leave_circle(enrolment=move.who, by=by)
    if seat is None:
        raise StalePlanError(STALE)
    if not move.is_seated:
        end_feed_of_leaver(user=move.who.user, by=by)
        _note(move.who, by, _no_seat(move))
        queue(kind=UNSEATED, about=seat, to=move.who.user)


def _no_seat(move: Move) -> str:
    if move.who.side == Side.LEAD:
        return "In reserve to lead."
    return f"On the waiting list. {' '.join(move.because)}"


def _note(one: Enrolment, by: User | None, words: str) -> None:
    """A line of somebody's history: their state is as it was."""
    EnrolmentChange.objects.create(enrolment=one, state=one.state, by=by, note=words.strip()[:NOTE])


def _close(now: CircleNow, into: CircleNow | None, by: User | None) -> None:
    circle = now.circle
    circle.closed_at, circle.merged_into = clock.now(), into.circle if into else None
    circle.save(update_fields=["closed_at", "merged_into"])
    record(by=by, verb="circle.closed", about=circle, into=into.circle.number if into else None)
    if into:
        # What the people who move still want to talk about goes with them.
        agenda = AgendaItem.objects.filter(circle=circle, done_at__isnull=True).update(circle=into.circle)
        record(by=by, verb="circle.merged", about=into.circle, other=circle.number, agenda=agenda)


def _open(cohort: Cohort, opening: Opening, by: User | None) -> Circle:
    circle = Circle.objects.create(
        cohort=cohort,
        number=opening.number,
        capacity=cohort.format.capacity,
        slot=opening.slot,
        week_of_month=opening.week_of_month,
        place=opening.place,
    )
    record(by=by, verb="circle.opened", about=circle)
    try:
        plan_sessions(circle=circle, by=by)
    except SessionError as error:
        raise ChangeError(f"The sessions of {circle} can’t be planned: {error}") from error
    return circle


def _joins(move: Move, opened: Circle | None, effects: Effects, by: User | None) -> Membership | None:
    circle = opened if move.to_new else move.to.circle if move.to else None
    if circle is None:
        return None
    if before := effects.standing.seat_of.get(move.who.pk):
        _note(move.who, by, f"{MOVED_FROM} {before} to {circle}.")
    return add_to_circle(enrolment=move.who, circle=circle, by=by, kind=effects.kind_for(move))


def _tell_others(effects: Effects, seats: list[Membership]) -> None:
    """Tell those who stay: of who leads them now, or of all who join in one message, about the first new seat.

    That nobody leads them is told about each one's own seat, for nobody has taken one; that they are fewer about the
    seat that was left.
    """
    first = {str(seat.circle_id): seat for seat in sorted(seats, key=lambda seat: -seat.seat)}
    for notice in effects.notices():
        if notice.kind in {NEW_LEAD, GROWN} and notice.circle:
            queue(kind=notice.kind, about=first[notice.circle.key], to=notice.to.user)
        elif notice.kind == NO_LEAD:
            own = Membership.objects.current().get(enrolment=notice.to)
            queue(kind=NO_LEAD, about=own, to=notice.to.user, occurrence=str(_left(effects, own.circle_id).pk))
        elif notice.kind == MEMBER_LEFT and notice.circle:
            queue(kind=MEMBER_LEFT, about=_left(effects, notice.circle.circle.pk), to=notice.to.user)


def _left(effects: Effects, circle: object) -> Membership:
    """The seat of a circle that somebody has just left; the last of them where there are more."""
    left = Membership.objects.filter(circle=circle, enrolment__in=effects.gone, left_at__isnull=False)
    return left.order_by("-left_at", "seat")[0]
