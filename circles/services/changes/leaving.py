"""Somebody leaves: a member, whose seat may help another; or a lead, whose circle must go on or close."""

from dataclasses import replace

from circles.formation.answer import Answer
from circles.formation.budget import Budget
from circles.formation.problem import Problem
from circles.formation.solve import solve
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.plans import Against, Change, Move, Option, Plan, amount, unrecorded
from cohorts.models import Side
from participants.models import Enrolment

# Enough for the fewest moves in a cohort of three hundred within two seconds, and the same answer every time.
ROUNDS, SEED = 40, 1
SEAT, KEEP, LEAD, SPLIT, CLOSE = "seat", "keep", "lead", "split", "close"


def plan_withdrawal(standing: Standing, enrolment: Enrolment) -> Plan:
    """Somebody leaves the cohort: the least that must change for those who stay."""
    now = standing.seat_of.get(enrolment.pk)
    if now is None:
        says = f"{enrolment.user} has no seat, so nothing changes for anybody else."
        return Plan(standing, says, (Option(KEEP, "Withdraw them", Change(withdraws=(enrolment,))),))
    if enrolment.side == Side.LEAD:
        return _lead_leaves(standing, now, enrolment)
    return _member_leaves(standing, now, enrolment)


def plan_new_lead(standing: Standing, now: CircleNow) -> Plan:
    """Somebody else leads a circle: who leads it today is in reserve then, and may leave the cohort as well.

    For one whose mentor has gone already there are the same choices as when they left.
    """
    if now.lead:
        return _replaced(standing, now, now.lead)
    options, against = _takeovers(standing, now, ())
    says = f"{now} has no mentor. Its {amount(len(now.members), 'member')} and its sessions are as they were."
    options += [_split(standing, now, ())] if now.members else [_closing_empty(now, ())]
    return Plan(standing, says, tuple(options), tuple(against), tuple(unrecorded(now)))


def _replaced(standing: Standing, now: CircleNow, lead: Enrolment) -> Plan:
    without = CircleNow(now.circle, None, now.members, now.coming)
    options, against = _takeovers(standing, without, ())
    found = [_steps_down(option, lead, f"{lead.user} leads no more.") for option in [*options, _go_on(without)]]
    says = f"{lead.user} of {lead.organisation} leads {now}, and can stay in the cohort as a mentor in reserve."
    return Plan(standing, says, tuple(found), tuple(against))


def _steps_down(option: Option, lead: Enrolment, words: str) -> Option:
    """The same, with who leads today taken out of the circle before."""
    change = replace(option.change, moves=(Move(lead), *option.change.moves))
    return replace(option, change=change, drawbacks=(*option.drawbacks, words), spare_lead=lead)


# --- a member -------------------------------------------------------------------------------------
def _member_leaves(standing: Standing, now: CircleNow, enrolment: Enrolment) -> Plan:
    left = CircleNow(now.circle, now.lead, tuple(one for one in now.members if one.pk != enrolment.pk), now.coming)
    fitting = [one for one in standing.waiting if not standing.against_member(one, left)]
    fitting.sort(key=lambda one: (standing.price(one, left), one.created_at))
    options = [_give_seat(standing, left, enrolment, one) for one in fitting]
    options.append(_leave_free(standing, left, enrolment))
    if not left.members and left.lead:
        options.append(_closing_empty(left, (enrolment,)))
    against = [
        Against(f"The seat for {one.user}", tuple(rules))
        for one in standing.waiting
        if (rules := standing.against_member(one, left))
    ]
    says = f"{enrolment.user} sits in {now}. Nobody has to move when they leave."
    return Plan(standing, says, tuple(options), tuple(against), tuple(_if_thin(standing, left)))


def _give_seat(standing: Standing, left: CircleNow, leaves: Enrolment, one: Enrolment) -> Option:
    because = tuple(standing.because(one, left))
    return Option(
        key=f"{SEAT}:{one.pk}",
        title=f"Give the seat to {one.user}",
        change=Change(withdraws=(leaves,), moves=(Move(one, left, because=because),)),
        because=(f"{one.user} of {one.organisation} is waiting and can make {left.meeting}.", *because),
    )


def _leave_free(standing: Standing, left: CircleNow, leaves: Enrolment) -> Option:
    words = "Nobody who is waiting could take it." if standing.waiting else "Nobody is waiting for a seat."
    fits = any(not standing.against_member(one, left) for one in standing.waiting)
    return Option(
        key=KEEP,
        title="Leave the seat free",
        change=Change(withdraws=(leaves,)),
        because=("Nothing changes for the others.",) if fits else ("Nothing changes for the others.", words),
        drawbacks=("Those who are waiting keep waiting.",) if fits else (),
    )


def _if_thin(standing: Standing, left: CircleNow) -> list[str]:
    if not left.members or not standing.is_thin(left) or standing.cohort.format.is_pair:
        return []
    return [
        f"{left} would have {amount(len(left.members), 'member')}; {standing.least} is the least that this cohort aims "
        "at. Another thin circle could join it."
    ]


# --- a lead ---------------------------------------------------------------------------------------
def _lead_leaves(standing: Standing, now: CircleNow, enrolment: Enrolment) -> Plan:
    without = CircleNow(now.circle, None, now.members, now.coming)
    options, against = _takeovers(standing, without, (enrolment,))
    if now.members:
        ways = [_split(standing, without, (enrolment,)), _go_on(without, (enrolment,))]
        # Splitting is the better end only where nobody loses their seat by it.
        options += sorted(ways, key=lambda way: any(not move.is_seated for move in way.change.moves))
    else:
        options.append(_closing_empty(without, (enrolment,)))
    says = f"{enrolment.user} leads {now}, which has {amount(len(now.members), 'member')}."
    return Plan(standing, says, tuple(options), tuple(against), tuple(unrecorded(now)))


def _takeovers(
    standing: Standing, now: CircleNow, leaving: tuple[Enrolment, ...]
) -> tuple[list[Option], list[Against]]:
    """Each reserve mentor who can take a circle over as it is, the best first; and who can't, with the rules."""
    fitting, against = [], []
    for one in standing.reserve:
        if rules := standing.against_lead(one, now):
            against.append(Against(f"{one.user} of {one.organisation} takes it over", tuple(rules)))
        else:
            fitting.append(one)
    fitting.sort(key=lambda one: (standing.lead_price(one, now), one.created_at))
    if not standing.reserve:
        against.append(Against("A reserve mentor takes it over", ("nobody who could lead is without a circle",)))
    return [_takeover(standing, now, one, leaving) for one in fitting], against


def _takeover(standing: Standing, now: CircleNow, one: Enrolment, leaving: tuple[Enrolment, ...]) -> Option:
    because = takeover_reasons(standing, now, one)
    return Option(
        key=f"{LEAD}:{one.pk}",
        title=f"{one.user} of {one.organisation} takes {now} over",
        change=Change(withdraws=leaving, moves=(Move(one, now, because=because),)),
        because=("The whole circle stays together, with the sessions that it has.", *because),
    )


def takeover_reasons(standing: Standing, now: CircleNow, one: Enrolment) -> tuple[str, ...]:
    covered, wanted = standing.goals_covered(one, now)
    met = standing.has_met(one, now)
    lines = [f"They can make {now.meeting}."]
    lines += [f"They cover {covered} of the members’ {amount(wanted, 'goal')}."] if wanted else []
    lines += [f"They have met {amount(met, 'member')} before."] if met else []
    return tuple(lines)


def _go_on(now: CircleNow, leaving: tuple[Enrolment, ...] = ()) -> Option:
    return Option(
        key=KEEP,
        title="Go on without a mentor for now",
        change=Change(withdraws=leaving),
        because=("The sessions stay in the members’ calendars. They are told that you are looking for somebody.",),
        drawbacks=(f"{now} shows on the dashboard until somebody leads it.",),
    )


def _closing_empty(now: CircleNow, leaving: tuple[Enrolment, ...]) -> Option:
    """For a circle in which nobody but its lead is left, or nobody at all."""
    stays = [Move(one) for one in now.people if one.pk not in {gone.pk for gone in leaving}]
    return Option(
        key=CLOSE,
        title=f"Close {now}",
        change=Change(withdraws=leaving, moves=tuple(stays), closes=now),
        because=("It has no members.",),
        drawbacks=tuple(f"{move.who.user} is without a {now.circle.cohort.format.group_word} then." for move in stays),
    )


# --- split ----------------------------------------------------------------------------------------
def _split(standing: Standing, now: CircleNow, leaving: tuple[Enrolment, ...]) -> Option:
    """Its members over the circles with room, as many as possible with the fewest moves among the others."""
    answer = _solved(standing, now)
    by_mentor = {other.mentor_id: other for other in standing.circles.values()}
    where = {ident: by_mentor[circle.mentor] for circle in answer.circles for ident in circle.mentees}
    moves = [*_moves(standing, now.members, where, answer), *_others(standing, now, where, answer)]
    waiting = [move for move in moves if not move.is_seated]
    others = [move for move in moves if move.is_seated and move.who not in now.members]
    seated = len(now.members) - sum(move.who in now.members for move in waiting)
    because = [f"{seated} of {len(now.members)} members find a seat in another circle."]
    because += ["Nobody else has to move."] if not others else []
    drawbacks = [f"{amount(len(others), 'person', 'people')} of other circles would move to make room."] * bool(others)
    drawbacks += [f"{amount(len(waiting), 'person', 'people')} would wait for a seat."] if waiting else []
    return Option(
        key=SPLIT,
        title=f"Split the members over circles with room, and close {now}",
        change=Change(withdraws=leaving, moves=tuple(moves), closes=now),
        because=tuple(because),
        drawbacks=(*drawbacks, f"{now} ends, and its sessions to come are cancelled."),
    )


def _solved(standing: Standing, now: CircleNow) -> Answer:
    """The engine over everybody who has a seat, without this circle; those who wait already stay out of it."""
    problem = standing.problem
    seated = {str(one.pk) for other in standing.circles.values() for one in other.members}
    mentors = tuple(mentor for mentor in problem.mentors if mentor.id not in _mentor_ids(standing, now))
    mentees = tuple(mentee for mentee in problem.mentees if mentee.id in seated)
    known = seated | {mentor.id for mentor in mentors}
    part = Problem(
        mentors=mentors,
        mentees=mentees,
        apart=frozenset(pair for pair in problem.apart if pair <= known),
        met=frozenset(pair for pair in problem.met if pair <= known),
        current=problem.current,
        fit={pair: price for pair, price in problem.fit.items() if set(pair) <= known},
        together={pair: price for pair, price in problem.together.items() if pair <= known},
        own_organisation=problem.own_organisation,
        minimum=problem.minimum,
        target=problem.target,
        weights=problem.weights,
    )
    return solve(part, budget=Budget(rounds=ROUNDS), seed=SEED)


def _mentor_ids(standing: Standing, now: CircleNow) -> set[str]:
    return {standing.circles[now.key].mentor_id, now.key}


def _moves(
    standing: Standing, people: tuple[Enrolment, ...], where: dict[str, CircleNow], answer: Answer
) -> list[Move]:
    found = []
    for one in people:
        ident = str(one.pk)
        lines = answer.because.get(ident, []) if ident in where else [answer.waiting.get(ident, "")]
        kept = tuple(line for line in lines if line and "suit them too" not in line)
        found.append(Move(one, where.get(ident), because=kept))
    return found


def _others(standing: Standing, now: CircleNow, where: dict[str, CircleNow], answer: Answer) -> list[Move]:
    """Those of other circles who make room."""
    movers = [
        one
        for other in standing.circles.values()
        for one in other.members
        if other.key != now.key and str(one.pk) in standing.mentees and where.get(str(one.pk)) is not other
    ]
    return _moves(standing, tuple(movers), where, answer)
