"""A change in words, before it is made: step by step, who is told what, what calendars get, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from circles.models import Circle, Session
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.beyond import Leaver, calendar_beyond, leaver, stays_open, words_beyond
from circles.services.changes.effects import EMPLOYED, GROWN, MEMBER_LEFT, MOVED, NEW_LEAD, NO_LEAD, UNSEATED, Effects
from circles.services.changes.plans import Change, ChangeError, Employment, Move, Opening, amount, names
from circles.services.membership import LEFT
from circles.services.publishing import PLACED
from circles.services.sessions import SessionError, pattern
from circles.services.stand_ins import ANSWERED
from cohorts.models import Cohort, Side
from participants.emails import CONFIRMED, NOMINATED, NOT_TAKING_PART
from participants.models import Enrolment
from participants.services import holds_place, place_after
from ui.dates import uk_date


@dataclass(frozen=True)
class Step:
    """What happens to one person or circle, and why."""

    who: str
    what: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One message and the people who get it."""

    words: str
    people: str
    number: int


@dataclass(frozen=True)
class After:
    """A circle as it will be."""

    title: str
    meeting: str
    lead: str
    members: str
    number: int
    before: int
    organisations: int
    is_thin: bool
    is_closed: bool


@dataclass(frozen=True)
class Consequences:
    steps: tuple[Step, ...]
    told: tuple[Told, ...]
    calendar: tuple[str, ...]
    after: tuple[After, ...]
    stays_open: tuple[str, ...] = ()


WORDS = {
    LEFT: "that they have left the programme",
    PLACED: "their circle, who is in it, and its first session to come",
    MOVED: "that they have moved, who leads their new circle, and its first session to come",
    UNSEATED: "that they have no circle at the moment, and stay enrolled",
    NEW_LEAD: "that somebody else leads their circle from now on, and who",
    NO_LEAD: "that nobody leads their circle for now, and that the team looks for somebody",
    GROWN: "that others join their circle",
    MEMBER_LEFT: "that their circle has become smaller, but not who has left it or why",
    EMPLOYED: "which employer we have noted, and what it sees",
    NOT_TAKING_PART: "that a place of their organisation is free, and whose it was, but not why",
    NOMINATED: "that a place is theirs if they accept: they are next on the reserve list",
    CONFIRMED: "that a place is theirs if they accept: they are next on the reserve list",
    ANSWERED: "that somebody does not stand in at a session after all",
}


def consequences(standing: Standing, change: Change, by: User | None = None) -> Consequences:
    """All of it, in words, done `by` somebody. Nothing is changed.

    Raises ChangeError where a new circle's sessions can't be planned.
    """
    effects = Effects(standing, change)
    return Consequences(
        _steps(effects), _told(effects, by), _calendar(effects), _after(effects), tuple(stays_open(effects))
    )


# --- step by step ---------------------------------------------------------------------------------
def _steps(effects: Effects) -> tuple[Step, ...]:
    change, seat_of = effects.change, effects.standing.seat_of
    steps = [_leaves(one, seat_of.get(one.pk), leaver(effects.standing, one)) for one in change.withdraws]
    if change.employs:
        steps += _works_for(change.employs)
    if change.opens:
        steps.append(_opens(change.opens, effects.standing.cohort))
    for move in change.moves:
        steps.append(Step(str(move.who.user), _goes(move, seat_of.get(move.who.pk)), move.because))
    if change.closes:
        into = f" and is merged into {change.into}, which takes its open agenda over" if change.into else ""
        steps.append(Step(str(change.closes), f"closes{into}. Its past sessions and attendance stay as they are."))
    return tuple(steps)


def _leaves(one: Enrolment, now: CircleNow | None, found: Leaver) -> Step:
    seat = f" Their seat in {now} is free." if now else ""
    return Step(str(one.user), f"is withdrawn.{_place(one, found)}{seat}")


def _place(one: Enrolment, found: Leaver) -> str:
    """What becomes of the agreed place that somebody uses."""
    if one.nomination is None or not holds_place(one):
        return ""
    place = f"{one.nomination.get_role_display().lower()} place of {one.nomination.participation.organisation}"
    if not found.invited:
        return f" The {place} is free again."
    who = ", ".join(waits.full_name for waits in found.invited)
    return f" The {place} is offered to {who}, from the reserve list."


def _works_for(employs: Employment) -> list[Step]:
    """What follows from another employer: who sees them, whose place they use, and what is kept."""
    who, after = employs.who, place_after(employs.who, employs.organisation)
    before = who.nomination.participation.organisation if who.nomination else who.organisation
    sees = f"The coordinators of {before} see nothing of them any more."
    if after.part and (after.place or (who.nomination and who.nomination.participation_id == after.part.pk)):
        sees = f"{sees} Those of {employs.organisation} see that they take part."
    history = "Their sessions, answers and history stay theirs; the change is kept with them."
    return [
        Step(str(who.user), f"works for {employs.organisation} from now on. {history}"),
        Step("Their place:", after.words),
        Step("Who sees them:", sees),
        Step("Telling an employer of attendance:", "taken back if they had agreed to it: it was about the former."),
    ]


def _opens(opening: Opening, cohort: Cohort) -> Step:
    first = _planned(opening, cohort)
    when = f", the first on {uk_date(first[0].starts_at)}" if first else ""
    words = f"opens: {opening.slot or 'a time to be agreed'}, {opening.place}, {amount(len(first), 'session')}{when}."
    return Step(_name(opening, cohort), words)


def _goes(move: Move, came_from: CircleNow | None) -> str:
    """“moves from Circle 3 to Circle 1.”, “leads Circle 1 from now on.”"""
    leads = move.who.side == Side.LEAD
    if not move.is_seated:
        return f"leaves {came_from} and is {'in reserve to lead again' if leads else 'on the waiting list'}."
    where = str(move.to) if move.to else "the new circle"
    if leads:
        return f"leads {where} from now on."
    return f"moves from {came_from} to {where}." if came_from else f"gets a seat in {where}."


def _name(opening: Opening, cohort: Cohort) -> str:
    return f"{cohort.format.group_word.capitalize()} {opening.number}"


def _planned(opening: Opening, cohort: Cohort) -> list[Session]:
    if opening.slot is None:
        return []
    circle = Circle(cohort=cohort, slot=opening.slot, week_of_month=opening.week_of_month, place=opening.place)
    try:
        return pattern(circle)
    except SessionError as error:
        raise ChangeError(f"The sessions of {_name(opening, cohort)} can’t be planned: {error}") from error


# --- who is told ----------------------------------------------------------------------------------
def _told(effects: Effects, by: User | None) -> tuple[Told, ...]:
    by_kind: dict[str, list[str]] = {}
    for notice in effects.notices():
        by_kind.setdefault(notice.kind, []).append(str(notice.to.user))
    for word in words_beyond(effects, by):
        by_kind.setdefault(word.kind, []).append(word.name)
    return tuple(Told(WORDS[kind], ", ".join(people), len(people)) for kind, people in by_kind.items())


# --- calendars ------------------------------------------------------------------------------------
def _calendar(effects: Effects) -> tuple[str, ...]:
    change, lines = effects.change, []
    for now in effects.touched:
        closes = change.closes is not None and change.closes.key == now.key
        leaving = [one for one in now.people if one.pk in effects.gone]
        if closes and now.coming:
            people = amount(len(now.people), "person", "people")
            lines.append(f"{_sessions(now.coming)} of {now} cancelled, and taken out of the calendars of {people}.")
        elif leaving and now.coming:
            lines.append(f"{_sessions(now.coming)} of {now} taken out of the calendar of {names(leaving)}.")
        joining = [move.who for move in effects.joins(now)]
        if joining and now.coming:
            lines.append(f"{_sessions(now.coming)} of {now} sent to {names(joining)}.")
        elif joining:
            lines.append(f"{now} has no session to come: {names(joining)} get no calendar entry yet.")
    if change.opens:
        sent = amount(len(_planned(change.opens, effects.standing.cohort)), "invitation")
        lines.append(f"{sent} for each of the {len(effects.joins(None))} people of the new circle.")
    return (*lines, *calendar_beyond(effects))


def _sessions(coming: Sequence[Session]) -> str:
    """“Session 3 (12 January 2027)”, “Sessions 3 to 6 (12 January to 13 April 2027)”."""
    first, last = coming[0], coming[-1]
    if first.pk == last.pk:
        return f"Session {first.number} ({uk_date(first.starts_at)})"
    numbers = ", ".join(str(session.number) for session in coming)
    return f"Sessions {numbers} ({uk_date(first.starts_at)} to {uk_date(last.starts_at)})"


# --- what comes of it -----------------------------------------------------------------------------
def _after(effects: Effects) -> tuple[After, ...]:
    change, standing = effects.change, effects.standing
    found = []
    for now in effects.touched:
        closed = change.closes is not None and change.closes.key == now.key
        people = [] if closed else effects.after(now)
        found.append(_circle(standing, str(now), now.meeting, people, before=len(now.members), closed=closed))
    if change.opens:
        opening = change.opens
        meeting = f"{opening.slot or 'a time to be agreed'}, {opening.place}"
        people = [move.who for move in effects.joins(None)]
        found.append(_circle(standing, _name(opening, standing.cohort), meeting, people))
    return tuple(found)


def _circle(
    standing: Standing, title: str, meeting: str, people: list[Enrolment], *, before: int = 0, closed: bool = False
) -> After:
    lead = next((one for one in people if one.side == Side.LEAD), None)
    members = [one for one in people if one.side == Side.MEMBER]
    return After(
        title=title,
        meeting=meeting,
        lead=f"{lead.user} of {lead.organisation}" if lead else "Nobody",
        members=", ".join(f"{one.user} ({one.organisation})" for one in members) or "Nobody",
        number=len(members),
        before=before,
        organisations=len({one.organisation_id for one in members}),
        is_thin=not closed and len(members) < standing.least,
        is_closed=closed,
    )
