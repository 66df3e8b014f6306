"""Where one person could sit instead: every circle and the waiting list, what each move breaks, changes and costs."""

from collections import Counter
from dataclasses import dataclass, field

from circles.formation import cost
from circles.formation.explain import number
from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors.proposal import Proposal
from participants.models import Enrolment

WAITING = "waiting"

PART_WORDS = {
    "waiting": "people waiting",
    "closed": "mentors without a circle",
    "organisation": "colleagues in one circle",
    "previous": "people who have met before",
    "goals": "goals that the mentor does not cover",
    "function": "people with the same kind of work",
    "level": "people at the same level",
    "size": "distance from the size aimed at",
    "fit": "pairs from one team",
    "moved": "people moved",
    "together": "wishes about who sits together",
}
# What is counted in each part: one of them, several, and what follows.
COUNTED = {
    "waiting": ("person waits", "people wait", ""),
    "closed": ("person who can lead has", "people who can lead have", " nobody to lead"),
    "organisation": ("pair of colleagues shares", "pairs of colleagues share", " a circle"),
    "previous": ("pair who have met before shares", "pairs who have met before share", " a circle"),
    "function": ("pair shares", "pairs share", " a circle and the same kind of work"),
    "level": ("pair shares", "pairs share", " a circle and the same level"),
}
# Parts that count no people: what less of them means, and what more.
GRADUAL = {
    "goals": ("The mentor covers their goals better.", "The mentor covers their goals less well."),
    "size": ("Sizes come nearer to what is aimed at.", "Sizes go further from what is aimed at."),
    "fit": ("The two are further from being one team.", "The two are nearer to being one team."),
    "together": ("Wishes about who sits together are met better.", "Wishes about who sits together are met less well."),
}


@dataclass(frozen=True)
class Effect:
    """What a move would do: rules that it breaks (then it is refused), what it changes, and its cost."""

    broken: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    cost: float = 0

    @property
    def allowed(self) -> bool:
        return not self.broken

    @property
    def gain(self) -> float:
        """By how much the proposal gets better; negative where it gets worse."""
        return -self.cost

    @property
    def verdict(self) -> str:
        """“Better by 12”, “Worse by 40”, “As good as now” or “Not possible”."""
        if self.broken:
            return "Not possible"
        if round(self.cost) == 0:
            return "As good as now"
        return f"{'Worse' if self.cost > 0 else 'Better'} by {abs(round(self.cost)):,}"


@dataclass(frozen=True)
class Option:
    """One place where a person could sit. `key` is the circle's or, for one that is yet to open, its lead's."""

    key: str
    label: str
    detail: str
    effect: Effect
    is_now: bool = False


def circle_label(run: FormationRun, circle: ProposedCircle) -> str:
    """“Circle 3”."""
    return f"{run.cohort.format.group_word.capitalize()} {circle.number}"


def circle_words(run: FormationRun, circle: ProposedCircle) -> str:
    """“Circle 3: Ada Mentor, Tuesday 12:30”."""
    return f"{circle_label(run, circle)}: {_detail(circle)}"


def _detail(circle: ProposedCircle) -> str:
    return f"{circle.lead.user.get_full_name()}, {circle.slot or 'time to be agreed'}"


# --- one move ---------------------------------------------------------------------------------
def effect(*, run: FormationRun, enrolment: Enrolment, circle: ProposedCircle | None) -> Effect:
    """What moving somebody to a circle, or to the waiting list, would do. Nothing is changed."""
    return effect_in(Proposal(run), str(enrolment.pk), circle)


def effect_in(proposal: Proposal, ident: str, circle: ProposedCircle | None) -> Effect:
    """The same of a proposal that is loaded already."""
    seat = next((seat for seat in proposal.seats if str(seat.enrolment_id) == ident), None)
    if seat is None:
        return Effect(["they are not part of this proposal: form the circles again"])
    if ident not in proposal.mentees:
        return Effect(["they are not enrolled any more"])
    if seat.circle_id == (circle.pk if circle else None):
        return Effect(["they are there already"])
    return _Move(proposal, seat).to(circle)


class _Move:
    """Moves of one person. What leaving their circle does is worked out once, for all of them."""

    def __init__(self, proposal: Proposal, seat: ProposedSeat) -> None:
        self.proposal, self.ident = proposal, str(seat.enrolment_id)
        self.origin = proposal.circles.get(str(seat.circle_id))
        self.left: list[str] = []
        self.leaving: Counter[str] = Counter()
        self.broken: list[str] = []
        if self.origin:
            here = proposal.members(self.origin.pk)
            self.left = [other for other in here if other != self.ident]
            self.leaving.update(proposal.parts_of(self.origin, self.left))
            self.leaving.subtract(proposal.parts_of(self.origin, here))
            self.broken = proposal.broken(self.origin, self.left) if self.left else []

    def to(self, circle: ProposedCircle | None) -> Effect:
        if circle is None:
            return self._effect(self.broken, self.leaving, [])
        proposal = self.proposal
        here = proposal.members(circle.pk)
        members = [*here, self.ident]
        # Who is put somewhere by hand is held there, and that excuses a circle under its minimum.
        held = self.ident in proposal.pinned
        proposal.pinned.add(self.ident)
        broken = [*proposal.broken(circle, members), *self.broken]
        if not held:
            proposal.pinned.discard(self.ident)
        if broken:
            return Effect(broken)
        change = Counter(self.leaving)
        change.update(proposal.parts_of(circle, members))
        change.subtract(proposal.parts_of(circle, here))
        return self._effect([], change, _other_meeting(proposal, circle, members))

    def _effect(self, broken: list[str], change: Counter[str], more: list[str]) -> Effect:
        if broken:
            return Effect(broken)
        # Whoever begins or ceases to wait has a mentor on one side only, so there is nothing to compare.
        named = [name for name in cost.PARTS if change[name] and not (name == "goals" and change["waiting"])]
        words = [_change_words(self.proposal, name, change[name]) for name in named]
        if change["goals"] > 0 and change["waiting"]:
            words.append("The mentor does not cover all their goals.")
        if self.origin and not self.left:
            more = [*more, f"{circle_label(self.proposal.run, self.origin)} is empty then, and goes."]
        return Effect([], words + more, sum(change.values()))


def _change_words(proposal: Proposal, name: str, change: float) -> str:
    """“Two more pairs share a circle and the same level.”"""
    if name not in COUNTED:
        return GRADUAL[name][change > 0] if name in GRADUAL else f"{PART_WORDS[name].capitalize()}: {change:+g}."
    weight = getattr(proposal.problem.weights, name)
    amount = round(abs(change) / weight) if weight else 0
    one, many, rest = COUNTED[name]
    if proposal.run.cohort.format.is_pair:
        rest = rest.replace("a circle", "a pair")
    how = "more" if change > 0 else "fewer"
    return f"{number(amount).capitalize()} {how} {one if amount == 1 else many}{rest}."


def _other_meeting(proposal: Proposal, circle: ProposedCircle, members: list[str]) -> list[str]:
    try:
        made = proposal.meeting(circle, members)
    except (KeyError, ValueError):
        return []
    slot = str(circle.slot) if circle.slot else None
    if not circle._state.adding and (made.slot, made.place or "online") == (slot, circle.place or "online"):
        return []
    return [f"It would meet {made.slot or 'at a time to agree'}, {made.place or 'online'}."]


# --- every place --------------------------------------------------------------------------------
def places(run: FormationRun) -> dict[str, ProposedCircle | None]:
    """What a person may be moved to, by the keys of `options`: a circle, one that could be opened, the waiting list."""
    circles = {str(circle.pk): circle for circle in run.circles.select_related("lead__user", "slot")}
    taken = [circle.lead_id for circle in circles.values()]
    others = run.cohort.enrolments.enrolled().leads().exclude(pk__in=taken).select_related("user")
    spare = {str(lead.pk): ProposedCircle(run=run, number=0, lead=lead, place="") for lead in others}
    return {**circles, **spare, WAITING: None}


# --- every move -------------------------------------------------------------------------------
def options(*, run: FormationRun, enrolment: Enrolment) -> list[Option]:
    """Every place where somebody could sit: where they are, then what is possible from the best on, then the rest.

    Of those who can lead and have no circle, one that could be opened is among them.
    """
    return options_in(Proposal(run), str(enrolment.pk))


def options_in(proposal: Proposal, ident: str) -> list[Option]:
    seat = next((seat for seat in proposal.seats if str(seat.enrolment_id) == ident), None)
    if seat is None or ident not in proposal.mentees:
        return []
    moves = _Move(proposal, seat)
    found = [_option(proposal, seat, moves, key, circle) for key, circle in _targets(proposal)]
    # The sort keeps the order of the circles' numbers where two are as good.
    return sorted(found, key=lambda one: (not one.is_now, not one.effect.allowed, one.effect.cost))


def _targets(proposal: Proposal) -> list[tuple[str, ProposedCircle | None]]:
    circles: dict[str, ProposedCircle | None] = {**proposal.circles, **proposal.spare}
    return [*circles.items(), (WAITING, None)]


def _option(proposal: Proposal, seat: ProposedSeat, moves: _Move, key: str, circle: ProposedCircle | None) -> Option:
    label, detail = "The waiting list", "Without a seat, and told so when you publish"
    if circle:
        opened = not circle._state.adding
        label = circle_label(proposal.run, circle) if opened else f"A new {proposal.run.cohort.format.group_word}"
        detail = _detail(circle) if opened else f"Led by {circle.lead.user.get_full_name()}"
    if seat.circle_id == (circle.pk if circle else None):
        return Option(key, label, detail, Effect(["they are there already"]), is_now=True)
    return Option(key, label, detail, moves.to(circle))
