"""Somebody who sits in a circle moves to another of the same cohort. Nobody else moves."""

from circles.models import Action
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes import weighing
from circles.services.changes.leaving import LEAD, SEAT, takeover_reasons
from circles.services.changes.plans import Against, Change, Move, Option, Plan, amount, described, fitting
from cohorts.models import Side
from participants.models import Enrolment

WAIT = "wait"
_FULL = "every seat is taken"
_NO_GOAL = "The mentor covers none of their goals."


def plan_move(standing: Standing, enrolment: Enrolment) -> Plan:
    """Every other circle that keeps all the rules with somebody in it, the best first; and the others, with the rules.

    Who leads can only take a circle over that has no mentor.
    """
    now = standing.seat_of.get(enrolment.pk)
    if now is None:
        return Plan(standing, f"{enrolment.user} has no seat, so there is nothing to move them from.")
    one = standing.people.get(str(enrolment.pk), enrolment)
    return _lead_moves(standing, one, now) if one.side == Side.LEAD else _member_moves(standing, one, now)


# --- a member -------------------------------------------------------------------------------------
def _member_moves(standing: Standing, one: Enrolment, now: CircleNow) -> Plan:
    others = [other for other in standing.circles.values() if other.key != now.key]
    found, against = fitting(standing, one, others)
    left = CircleNow(now.circle, now.lead, tuple(mate for mate in now.members if mate.pk != one.pk), now.coming)
    options = [_seat(standing, one, left, other) for _, other in found]
    notes = _stays_behind(one, now)
    if not options:
        notes.insert(0, _what_helps(against, now))
    options.append(_waits(standing, one, left))
    says = f"{one.user} of {one.organisation} sits in {described(now)}. Nobody else moves."
    return Plan(standing, says, tuple(options), tuple(against), tuple(notes))


def _seat(standing: Standing, one: Enrolment, left: CircleNow, other: CircleNow) -> Option:
    because = tuple(standing.because(one, other))
    worse = [line for line in because if line == _NO_GOAL]
    lines = ["It meets at the time and place of today."] if other.meeting == left.meeting else []
    if standing.is_thin(other):
        least = f"{standing.least} is the least that this cohort aims at"
        lines.append(f"It has {amount(len(other.members), 'member')}, and {least}: they would be one more.")
    change = standing.price_parts(one, other)
    change.subtract(standing.price_parts(one, left))
    weighed = weighing.of_move(change, standing.cohort.format.group_word)
    (worse if weighing.is_worse(change) else lines).append(weighed)
    return Option(
        key=f"{SEAT}:{other.key}",
        title=f"Move them to {described(other)}",
        change=Change(moves=(Move(one, other, because=because),)),
        because=(*(line for line in because if line != _NO_GOAL), *lines),
        drawbacks=(
            *worse,
            *_fewer_goals(standing, one, left, other),
            *_fewer_sessions(left, other),
            *_left_behind(standing, left),
        ),
    )


def _waits(standing: Standing, one: Enrolment, left: CircleNow) -> Option:
    """For who can't stay where they are until something fits."""
    return Option(
        key=WAIT,
        title=f"Take them out of {left} for now: they wait for a seat",
        change=Change(moves=(Move(one, because=(f"Taken out of {left}.",)),)),
        because=("They stay enrolled, and stand with those who wait.",),
        drawbacks=("They have no circle until one fits.", *_left_behind(standing, left)),
    )


def _fewer_goals(standing: Standing, one: Enrolment, left: CircleNow, other: CircleNow) -> list[str]:
    wanted = set(standing.mentees[str(one.pk)].goals)
    today, then = (len(wanted.intersection(standing.mentors[now.mentor_id].expertise)) for now in (left, other))
    return [f"The mentor of {left} covers {today} of their {amount(len(wanted), 'goal')}."] if then < today else []


def _fewer_sessions(now: CircleNow, other: CircleNow) -> list[str]:
    if len(other.coming) >= len(now.coming):
        return []
    return [f"{other} has {amount(len(other.coming), 'session')} to come, and {now} has {len(now.coming)}."]


def _left_behind(standing: Standing, left: CircleNow) -> list[str]:
    """What gets worse where they sat."""
    if not left.members:
        return [f"Nobody but its mentor would be left in {left}." if left.lead else f"Nobody would be left in {left}."]
    if not standing.is_thin(left):
        return []
    least = f"{standing.least} is the least that this cohort aims at"
    return [f"{left} would have {amount(len(left.members), 'member')}; {least}."]


def _stays_behind(one: Enrolment, now: CircleNow) -> list[str]:
    """What they have promised and would not see any more."""
    actions = Action.objects.filter(circle=now.circle, owner=one, done_at=None).count()
    if not actions:
        return []
    words = "action is" if actions == 1 else "actions are"
    return [f"{actions} open {words} theirs in {now}. What they wrote there stays there, where they can’t see it."]


def _what_helps(against: list[Against], now: CircleNow) -> str:
    """Why no circle fits, and what would change that."""
    full = sum(one.rules == (_FULL,) for one in against)
    if full:
        word = now.circle.cohort.format.group_word
        return f"No seat fits. Only the number of seats stands against {amount(full, word)}: see which, below."
    return "No seat fits. What stands against each is below; other times or places of theirs may help."


# --- who leads ------------------------------------------------------------------------------------
def _lead_moves(standing: Standing, one: Enrolment, now: CircleNow) -> Plan:
    found, against = [], []
    for other in standing.without_lead:
        if rules := standing.against_lead(one, other):
            against.append(Against(described(other), tuple(rules)))
        else:
            found.append((standing.lead_price(one, other), _leads(standing, one, now, other)))
    found.sort(key=lambda pair: pair[0])
    word = standing.cohort.format.group_word
    says = f"{one.user} of {one.organisation} leads {described(now)}. They can take over a {word} without a mentor."
    helps = f"Every other {word} has a mentor." if not against else "No rule lets them lead one that has no mentor."
    return Plan(standing, says, tuple(option for _, option in found), tuple(against), helps="" if found else helps)


def _leads(standing: Standing, one: Enrolment, now: CircleNow, other: CircleNow) -> Option:
    because = takeover_reasons(standing, other, one)
    return Option(
        key=f"{LEAD}:{other.key}",
        title=f"They lead {described(other)}",
        change=Change(moves=(Move(one, other, because=because),)),
        because=because,
        drawbacks=(f"{now} goes on without a mentor for now.",),
    )
