"""Two thin circles become one: which of them goes on, and who leads it, is the member of staff's choice."""

from dataclasses import dataclass

from circles.formation import cost
from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.plans import Against, Change, Move, Option, Plan, amount, names, unrecorded
from participants.models import Enrolment

MERGE = "merge"
# How many people move and the mix that results, by which ways are put in order; and the way itself.
Way = tuple[tuple[int, float], Option]


@dataclass(frozen=True)
class Partner:
    """A circle that another could be merged with: the best way to do it, or what stands against the nearest."""

    now: CircleNow
    option: Option | None
    rules: tuple[str, ...]
    price: float


def plan_merge(standing: Standing, now: CircleNow, other: CircleNow) -> Plan:
    """Every way to make one circle of two, the best first: fewest moves, then the better mix."""
    ways = _ways(standing, now, other)
    found = sorted((way for way in ways if isinstance(way, tuple)), key=lambda way: way[0])
    against = [way for way in ways if isinstance(way, Against)]
    says = (
        f"{now} has {amount(len(now.members), 'member')} and {other} {amount(len(other.members), 'member')}. One of "
        "them goes on, at its own time and place; the people of the other join it."
    )
    notes = [*unrecorded(now), *unrecorded(other)]
    return Plan(standing, says, tuple(option for _, option in found), tuple(against), tuple(notes))


def partners(standing: Standing, now: CircleNow) -> list[Partner]:
    """All other circles, those that it could be merged with first, the best of them in front."""
    found = [_partner(standing, now, other) for other in standing.circles.values() if other.key != now.key]
    return sorted(found, key=lambda one: (one.option is None, one.price, one.now.circle.number))


def _partner(standing: Standing, now: CircleNow, other: CircleNow) -> Partner:
    ways = _ways(standing, now, other)
    possible = sorted((way for way in ways if isinstance(way, tuple)), key=lambda way: way[0])
    if possible:
        (moved, price), option = possible[0]
        return Partner(other, option, (), 1000 * (not standing.is_thin(other)) + 100 * moved + price)
    nearest = min((way.rules for way in ways if isinstance(way, Against)), key=len)
    return Partner(other, None, nearest, 0)


def _ways(standing: Standing, now: CircleNow, other: CircleNow) -> list[Way | Against]:
    """Either of the two goes on, led by either mentor."""
    return [
        _way(standing, stays, goes, lead)
        for stays, goes in ((now, other), (other, now))
        for lead in dict.fromkeys([stays.lead, goes.lead])
    ]


def _way(standing: Standing, stays: CircleNow, goes: CircleNow, lead: Enrolment | None) -> Way | Against:
    """`goes` joins `stays`, which `lead` leads; priced by how many people move, then by the mix."""
    title = f"{goes} joins {stays}" + (f", led by {lead.user}" if lead else "")
    if rules := _rules(standing, stays, goes, lead):
        return Against(title, tuple(rules))
    change = _change(stays, goes, lead)
    price = _price(standing, stays, goes, lead)
    spare = next((one for one in (stays.lead, goes.lead) if one and (lead is None or one.pk != lead.pk)), None)
    option = Option(
        key=f"{MERGE}:{stays.circle.number}:{lead.pk if lead else ''}",
        title=title,
        change=change,
        because=tuple(_because(standing, stays, goes)),
        drawbacks=tuple(_drawbacks(goes, spare)),
        spare_lead=spare,
    )
    moved = sum(move.is_seated for move in change.moves)
    return (moved, price), option


def _rules(standing: Standing, stays: CircleNow, goes: CircleNow, lead: Enrolment | None) -> list[str]:
    """What stands against it: seats, the meeting that goes on, organisations, and who is to be kept apart."""
    together = CircleNow(stays.circle, lead, stays.members + goes.members, stays.coming)
    if lead is None and (stays.lead or goes.lead):
        return ["one of the two has a mentor, who should lead"]
    found = []
    if len(together.members) > stays.circle.capacity:
        found.append(f"there are {len(together.members)} people for {stays.circle.capacity} seats")
    for rule in dict.fromkeys(rule for one in goes.members for rule in standing.missed(one, stays)):
        people = [one for one in goes.members if rule in standing.missed(one, stays)]
        found.append(f"{amount(len(people), 'member')} of {goes}: {rule} ({names(people)})")
    if lead is not None:
        rules = standing.against_lead(lead, together)
        return found + [f"{lead.user}: {rule}" for rule in rules if not rule.startswith("there is no")]
    return found + (["two people are to be kept apart"] if standing.are_kept_apart(together) else [])


def _change(stays: CircleNow, goes: CircleNow, lead: Enrolment | None) -> Change:
    moves = [Move(one, stays) for one in goes.members]
    for one in (stays.lead, goes.lead):
        if one is None:
            continue
        leads_on = lead is not None and one.pk == lead.pk
        if not leads_on:
            moves.append(Move(one))
        elif one is goes.lead:
            moves.append(Move(one, stays))
    return Change(moves=tuple(moves), closes=goes, into=stays)


def _price(standing: Standing, stays: CircleNow, goes: CircleNow, lead: Enrolment | None) -> float:
    mentor = standing.mentors[str(lead.pk) if lead else stays.mentor_id]
    members = [*standing.members_of(stays), *standing.members_of(goes)]
    return sum(cost.circle_parts(standing.problem, mentor, members).values()) if members else 0


def _because(standing: Standing, stays: CircleNow, goes: CircleNow) -> list[str]:
    people = stays.members + goes.members
    organisations = len({one.organisation_id for one in people})
    alike = len(people) - organisations
    lines = [
        f"Members who move: {len(goes.members)}. The {len(stays.members)} of {stays} stay where they are.",
        f"Together they are {len(people)} from {amount(organisations, 'organisation')}.",
    ]
    lines += [f"{amount(alike, 'person', 'people')} would have a colleague in it."] if alike else []
    return lines


def _drawbacks(goes: CircleNow, spare: Enrolment | None) -> list[str]:
    lines = [f"{goes} ends, and its {amount(len(goes.coming), 'session')} to come are cancelled."]
    return lines + ([f"{spare.user} leads no more."] if spare else [])
