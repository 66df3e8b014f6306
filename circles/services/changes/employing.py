"""Somebody works for another organisation: whether they may stay in their circle, and where they would move to."""

from circles.selectors.standing import CircleNow, Standing
from circles.services.changes.leaving import LEAD, SEAT, takeover_reasons
from circles.services.changes.plans import Against, Change, Employment, Move, Option, Plan, described, fitting, names
from cohorts.models import OwnOrganisation, Side
from organisations.models import Organisation
from participants.models import Enrolment

STAY, OTHERS, WAIT = "stay", "others", "wait"


def plan_employer(standing: Standing, enrolment: Enrolment, organisation: Organisation) -> Plan:
    """The change alone where nothing stands against it; otherwise each way in which nobody's rule is broken."""
    moved = Standing(standing.cohort, {enrolment.pk: organisation})
    one = moved.people.get(str(enrolment.pk), enrolment)
    employs = Employment(enrolment, organisation)
    now = moved.seat_of.get(enrolment.pk)
    against = in_conflict(enrolment, now, organisation)
    if not against:
        return Plan(moved, _says(enrolment, now, organisation), (_stays(now, employs),))
    lead = enrolment.side == Side.LEAD
    options, refused = (_lead_moves if lead else _member_moves)(moved, one, now, employs)
    if lead and (others := _others_move(moved, now, against, employs)):
        options.insert(0, others)
    options.append(_waits(one, now, employs))
    says = f"{enrolment.user} can’t stay in {now}: {names(against)} {_of_rule(standing)}."
    return Plan(moved, says, tuple(options), tuple(refused))


def in_conflict(enrolment: Enrolment, now: CircleNow | None, organisation: Organisation) -> list[Enrolment]:
    """Those of a circle with whom somebody may not sit once they work for this organisation."""
    if now is None:
        return []
    opposite = [one for one in now.people if one.side != enrolment.side]
    rule = enrolment.cohort.format.own_organisation
    if rule == OwnOrganisation.FORBIDDEN:
        return [one for one in opposite if one.organisation_id == organisation.pk]
    if rule == OwnOrganisation.REQUIRED:
        return [one for one in opposite if one.organisation_id != organisation.pk]
    return []


def _of_rule(standing: Standing) -> str:
    if standing.cohort.format.own_organisation == OwnOrganisation.REQUIRED:
        return "would be of another organisation, and this format keeps both in one"
    return "would be of the same organisation, and nobody is mentored by their own"


def _says(enrolment: Enrolment, now: CircleNow | None, organisation: Organisation) -> str:
    sits = f"stays in {now}: no rule stands against it" if now else "has no seat, so no rule stands against it"
    return f"{enrolment.user}, from {enrolment.organisation} to {organisation}, {sits}."


def _stays(now: CircleNow | None, employs: Employment) -> Option:
    because = (f"They keep their seat in {now} and the sessions in their calendar.",) if now else ()
    return Option(STAY, "Change the employer", Change(employs=employs), because)


def _waits(one: Enrolment, now: CircleNow, employs: Employment) -> Option:
    lead = one.side == Side.LEAD
    return Option(
        key=WAIT,
        title=f"Take them out of {now}: they {'are in reserve to lead' if lead else 'wait for a seat'}",
        change=Change(moves=(Move(one, because=("Their new employer is that of somebody in it.",)),), employs=employs),
        drawbacks=(f"{now} goes on without a mentor for now.",) if lead else ("They have no circle until one fits.",),
    )


def _member_moves(
    moved: Standing, one: Enrolment, now: CircleNow, employs: Employment
) -> tuple[list[Option], list[Against]]:
    found, against = fitting(moved, one, [other for other in moved.circles.values() if other.key != now.key])
    options = []
    for _, other in found:
        because = tuple(moved.because(one, other))
        change = Change(moves=(Move(one, other, because=because),), employs=employs)
        options.append(Option(f"{SEAT}:{other.key}", f"Move them to {described(other)}", change, because))
    return options, against


def _lead_moves(
    moved: Standing, one: Enrolment, now: CircleNow, employs: Employment
) -> tuple[list[Option], list[Against]]:
    options, against = [], []
    for other in moved.without_lead:
        if rules := moved.against_lead(one, other):
            against.append(Against(described(other), tuple(rules)))
            continue
        because = takeover_reasons(moved, other, one)
        change = Change(moves=(Move(one, other, because=because),), employs=employs)
        drawbacks = (f"{now} goes on without a mentor for now.",)
        options.append(Option(f"{LEAD}:{other.key}", f"They lead {described(other)}", change, because, drawbacks))
    return options, against


def _others_move(moved: Standing, now: CircleNow, who: list[Enrolment], employs: Employment) -> Option | None:
    """Who leads stays, and each member of the new employer moves; None unless a circle fits every one of them."""
    room, moves = {key: other.room for key, other in moved.circles.items()}, []
    for one in (moved.people[str(member.pk)] for member in who):
        fits = [
            other
            for key, other in moved.circles.items()
            if key != now.key and room[key] and not moved.against_member(one, other)
        ]
        if not fits:
            return None
        best = min(fits, key=lambda other: (moved.price(one, other), other.circle.number))
        room[best.key] -= 1
        moves.append(Move(one, best, because=tuple(moved.because(one, best))))
    where = ", ".join(f"{move.who.user} to {move.to}" for move in moves)
    because = (f"{employs.who.user} goes on leading {now}.",)
    return Option(OTHERS, f"Move {where}", Change(moves=tuple(moves), employs=employs), because)
