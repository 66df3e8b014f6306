"""What follows from a change beyond the circles: places, stand-ins, ceremonies, and what stays open to who leaves.

All of it is worked out without changing anything, and says what the act then does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from circles.models import CalendarFeed, Membership, Session, StandIn
from circles.selectors.stand_ins import would_rule_out
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.effects import Effects
from circles.services.changes.plans import names
from circles.services.stand_ins import ANSWERED
from cohorts.models import Side
from participants.emails import CONFIRMED, NOMINATED, NOT_TAKING_PART
from participants.models import Enrolment, Nomination
from participants.services import place_goes_to, told_of_leaving


@dataclass(frozen=True)
class Word:
    """One message to somebody who need not be of the cohort: a coordinator, a nominee, who asked for a stand-in."""

    kind: str
    name: str


@dataclass(frozen=True)
class Leaver:
    """What follows for one person who leaves the cohort; read once, however many options of a plan take them out."""

    coordinators: tuple[User, ...]
    invited: tuple[Nomination, ...]
    link: str


def leaver(standing: Standing, one: Enrolment) -> Leaver:
    if one.pk not in standing.read:
        standing.read[one.pk] = Leaver(tuple(told_of_leaving(one)), tuple(place_goes_to(one)), _link(one))
    found: Leaver = standing.read[one.pk]
    return found


def _link(one: Enrolment) -> str:
    """What becomes of a private calendar link once a seat is left; blank for who has none."""
    if not CalendarFeed.objects.filter(user=one.user_id).exists():
        return ""
    elsewhere = Membership.objects.current().filter(enrolment__user=one.user_id, circle__cohort__closed_at=None)
    if elsewhere.exclude(enrolment=one).exists():
        return "Their private calendar link stays: they sit in another cohort too."
    return "Their private calendar link ends at once."


# --- messages -------------------------------------------------------------------------------------
def words_beyond(effects: Effects, by: User | None) -> Iterator[Word]:
    """Each message of the act that goes to others than those whose seats change. Who does it is not told of it."""
    for one in effects.change.withdraws:
        found = leaver(effects.standing, one)
        yield from (Word(NOT_TAKING_PART, str(user)) for user in found.coordinators)
        for waits in found.invited:
            applied = waits.origin == Nomination.Origin.APPLIED
            yield Word(CONFIRMED if applied else NOMINATED, waits.full_name)
    for stand_in, lead in _ended(effects):
        people = [stand_in.asked_by, lead.user if lead else None]
        told = {user.pk: user for user in people if user is not None and (by is None or user.pk != by.pk)}
        yield from (Word(ANSWERED, str(user)) for user in told.values())


def _ended(effects: Effects) -> Iterator[tuple[StandIn, Enrolment | None]]:
    """Those who stand in no more, with who leads that circle then: they leave, or a rule forbids it from now on."""
    gone = {one.pk for one in effects.change.withdraws}
    joined = {now.key for now in effects.touched if effects.joins(now)}
    for stand_in in effects.standing.stand_ins:
        now = effects.standing.circles.get(str(stand_in.session.circle_id))
        if stand_in.enrolment_id in gone:
            yield stand_in, now.lead if now else None
        elif (
            now
            and now.key in joined
            and _is_planned(stand_in)
            and would_rule_out(stand_in, after := effects.after(now))
        ):
            yield stand_in, next((one for one in after if one.side == Side.LEAD), None)


def _is_planned(stand_in: StandIn) -> bool:
    return stand_in.session.state == Session.State.PLANNED


# --- calendars ------------------------------------------------------------------------------------
def calendar_beyond(effects: Effects) -> list[str]:
    """Entries of those who stand in, and the ceremonies, which follow a seat with the next run."""
    lines = [
        f"{_named(stand_in)} taken out of the calendar of {stand_in.enrolment.user}, who stood in."
        for stand_in, _ in _ended(effects)
        if stand_in.accepted_at and _is_planned(stand_in)
    ]
    closes = effects.change.closes
    lines += [
        f"{_named(stand_in)} cancelled for {stand_in.enrolment.user}, who stands in."
        for stand_in in effects.standing.stand_ins
        if closes and str(stand_in.session.circle_id) == closes.key and stand_in.accepted_at
    ]
    return lines + _ceremonies(effects)


def _ceremonies(effects: Effects) -> list[str]:
    coming = effects.standing.events
    if not coming:
        return []
    what = ", ".join(event.title for event in coming)
    without = [*effects.change.withdraws, *(move.who for move in effects.change.moves if not move.is_seated)]
    leave = [one for one in without if one.pk in effects.standing.seat_of]
    come = [m.who for m in effects.change.moves if m.is_seated and m.who.pk not in effects.standing.seat_of]
    lines = [f"{what}: taken out of the calendar of {names(leave)} shortly afterwards."] if leave else []
    return lines + ([f"{what}: sent to {names(come)} shortly afterwards."] if come else [])


def _named(stand_in: StandIn) -> str:
    return f"{stand_in.session} of {stand_in.session.circle}"


# --- what stays open ------------------------------------------------------------------------------
def stays_open(effects: Effects) -> list[str]:
    """What those who leave the cohort, or sit nowhere then, can open and are asked."""
    lines = [line for one in effects.change.withdraws for line in _to_who_leaves(effects, one)]
    unseated = [move.who for move in effects.change.moves if not move.is_seated]
    for one in unseated:
        if one.pk in effects.standing.seat_of and (link := leaver(effects.standing, one).link):
            lines.append(f"{one.user}: {link[0].lower()}{link[1:]}")
    return lines


def _to_who_leaves(effects: Effects, one: Enrolment) -> list[str]:
    now: CircleNow | None = effects.standing.seat_of.get(one.pk)
    link = leaver(effects.standing, one).link
    lines = [
        "Surveys: none of this cohort is asked of them any more, and what they have answered is left out of its "
        "figures. It stays theirs.",
        "Signing in: they still can, and see what we hold about them.",
    ]
    lines += [f"Pages: those of {now}, its sessions and its notes are closed to them at once."] if now else []
    return lines + ([f"Calendar: {link[0].lower()}{link[1:]}"] if link else [])
