"""Somebody without a seat: a late member, for whom nobody moves; or a reserve mentor, who leads or opens a circle."""

from dataclasses import replace

from accounts import clock
from circles.formation.answer import Answer
from circles.formation.answer import Circle as Meeting
from circles.formation.budget import Budget
from circles.formation.numbers import Numbers
from circles.formation.solve import solve
from circles.models import Circle
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes import weighing
from circles.services.changes.leaving import LEAD, ROUNDS, SEAT, SEED, takeover_reasons
from circles.services.changes.plans import Against, Change, Move, Opening, Option, Plan, amount, described, fitting
from circles.services.publishing import WEEKS
from cohorts.models import Side
from participants.models import Enrolment

OPEN = "open"


def plan_seat(standing: Standing, enrolment: Enrolment) -> Plan:
    """Where somebody who has no seat could take one, the best first."""
    if now := standing.seat_of.get(enrolment.pk):
        return Plan(standing, f"{enrolment.user} sits in {now} already.")
    if str(enrolment.pk) not in standing.people:
        return Plan(standing, f"{enrolment.user} has not finished enrolling, so they can’t be given a seat.")
    return _for_lead(standing, enrolment) if enrolment.side == Side.LEAD else _for_member(standing, enrolment)


# --- a late member --------------------------------------------------------------------------------
def _for_member(standing: Standing, one: Enrolment) -> Plan:
    found, against = fitting(standing, one, standing.circles.values())
    options = tuple(_seat(standing, one, now) for _, now in found)
    says = f"{one.user} of {one.organisation} has no seat. Nobody else moves."
    helps = "" if options else _what_helps(standing, one)
    return Plan(standing, says, options, tuple(against), helps=helps)


def _seat(standing: Standing, one: Enrolment, now: CircleNow) -> Option:
    because = tuple(standing.because(one, now))
    change = standing.price_parts(one, now)
    weighed = (weighing.of_seat(change, standing.cohort.format.group_word),)
    worse = weighing.is_worse(change)
    return Option(
        key=f"{SEAT}:{now.key}",
        title=described(now),
        change=Change(moves=(Move(one, now, because=because),)),
        because=because if worse else (*because, *weighed),
        drawbacks=weighed if worse else (),
    )


def _what_helps(standing: Standing, one: Enrolment) -> str:
    """Why no circle fits, and what would change that."""
    reason = standing.why_waiting(one)
    only_full = [now for now in standing.circles.values() if standing.against_member(one, now) == [_FULL]]
    if only_full:
        reason += f" Only the number of seats stands against {', '.join(str(now) for now in only_full)}."
    if standing.reserve:
        reason += f" {amount(len(standing.reserve), 'mentor')} without a circle could open one for those who wait."
    return reason.strip()


_FULL = "every seat is taken"


# --- a reserve mentor -----------------------------------------------------------------------------
def _for_lead(standing: Standing, one: Enrolment) -> Plan:
    options, against = [], []
    for now in standing.without_lead:
        if rules := standing.against_lead(one, now):
            against.append(Against(described(now), tuple(rules)))
        else:
            options.append((standing.lead_price(one, now), _lead(standing, one, now)))
    options.sort(key=lambda pair: pair[0])
    found = [option for _, option in options]
    opening = _opening(standing, one)
    found += [opening] if isinstance(opening, Option) else []
    against += [opening] if isinstance(opening, Against) else []
    says = f"{one.user} of {one.organisation} could lead, and has no {standing.cohort.format.group_word}."
    helps = "" if found else "They stay in reserve: they are suggested as soon as somebody who leads withdraws."
    return Plan(standing, says, tuple(found), tuple(against), helps=helps)


def _lead(standing: Standing, one: Enrolment, now: CircleNow) -> Option:
    because = takeover_reasons(standing, now, one)
    return Option(
        key=f"{LEAD}:{now.key}",
        title=f"Lead {now}, which has no mentor: {amount(len(now.members), 'member')}, {now.meeting}",
        change=Change(moves=(Move(one, now, because=because),)),
        because=because,
    )


def _opening(standing: Standing, one: Enrolment) -> Option | Against:
    """A new circle of those who wait, if enough of them can meet with this mentor."""
    cohort = standing.cohort
    title = f"Open a new {cohort.format.group_word} for people who wait"
    if not standing.waiting:
        return Against(title, ("nobody is waiting for a seat",))
    if clock.today() >= cohort.sessions_until:
        return Against(title, ("there is no time left for its sessions",))
    answer, could = _gathered(standing, one)
    if not answer.circles:
        words = f"{could} of the {amount(len(standing.waiting), 'person who waits', 'people who wait')} could join them"
        return Against(title, (f"{words}, and a {cohort.format.group_word} needs {standing.least} at one time",))
    meeting = answer.circles[0]
    opening = _meeting(standing, meeting)
    people = [standing.people[ident] for ident in meeting.mentees]
    moves = [Move(one, to_new=True)]
    moves += [Move(person, to_new=True, because=tuple(answer.because.get(str(person.pk), ()))) for person in people]
    left = len(standing.waiting) - len(people)
    return Option(
        key=OPEN,
        title=f"{title}: {amount(len(people), 'member')}, {opening.slot or 'a time to be agreed'}, {opening.place}",
        change=Change(moves=tuple(moves), opens=opening),
        because=(
            f"{amount(len(people), 'person', 'people')} who wait get a seat, and nobody else moves.",
            "Its sessions are planned from now on.",
        ),
        drawbacks=(f"{amount(left, 'person', 'people')} who wait can’t make it.",) if left else (),
    )


def _gathered(standing: Standing, one: Enrolment) -> tuple[Answer, int]:
    """The best circle that this mentor could lead of those who wait, and how many of them could be in one at all."""
    waiting = {str(person.pk) for person in standing.waiting}
    mentor = standing.mentors[str(one.pk)]
    problem = standing.problem
    part = replace(
        problem,
        mentors=(mentor,),
        mentees=tuple(mentee for mentee in problem.mentees if mentee.id in waiting),
        minimum=standing.least,
        current={},
        fit={pair: price for pair, price in problem.fit.items() if pair[0] in waiting and pair[1] == mentor.id},
        together={pair: price for pair, price in problem.together.items() if pair <= waiting},
    )
    return solve(part, budget=Budget(rounds=ROUNDS), seed=SEED), int(Numbers(part).allowed.sum())


def _meeting(standing: Standing, meeting: Meeting) -> Opening:
    slots = {str(slot): slot for slot in standing.cohort.slots.all()}
    slot = slots.get(meeting.slot or "")
    # Circles at one time are spread over the weeks of the month, as publishing does.
    weeks = [now.circle.week_of_month for now in standing.circles.values() if now.circle.slot_id == (slot and slot.pk)]
    week = min(range(1, WEEKS + 1), key=lambda number: (weeks.count(number), number))
    return Opening(_next_number(standing), slot, meeting.place or "online", week)


def _next_number(standing: Standing) -> int:
    last = Circle.objects.filter(cohort=standing.cohort).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1
