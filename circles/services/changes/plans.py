"""What a change after publication would do. A plan is made on a `Standing` and changes nothing."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from circles.selectors.standing import CircleNow, Standing
from cohorts.models import Side, Slot
from organisations.models import Organisation
from participants.models import Enrolment
from participants.services import place_goes_to


class ChangeError(ValueError):
    """Why a change can't be made, in words for the member of staff."""


class StalePlanError(ChangeError):
    """Something has changed since the plan was made, so nothing was done."""


@dataclass(frozen=True)
class Opening:
    """A new circle: its meeting, and the number that it gets."""

    number: int
    slot: Slot | None
    place: str
    week_of_month: int


@dataclass(frozen=True)
class Move:
    """Somebody takes a seat: in an open circle, in the new one (`to_new`), or nowhere, with the reason."""

    who: Enrolment
    to: CircleNow | None = None
    to_new: bool = False
    because: tuple[str, ...] = ()

    @property
    def is_seated(self) -> bool:
        return self.to is not None or self.to_new


@dataclass(frozen=True)
class Employment:
    """Somebody works for another organisation from now on."""

    who: Enrolment
    organisation: Organisation


@dataclass(frozen=True)
class Change:
    """What an option does, as data: the page that describes it and the act that does it read the same.

    `withdraws` leave the cohort; `closes` meets no more, `into` another; `employs` changes somebody's employer once
    those who leave a seat have left it; everybody else stays where they are.
    """

    withdraws: tuple[Enrolment, ...] = ()
    moves: tuple[Move, ...] = ()
    closes: CircleNow | None = None
    into: CircleNow | None = None
    opens: Opening | None = None
    employs: Employment | None = None

    @property
    def essence(self) -> list[object]:
        """What it comes to, for the fingerprint of a plan."""
        moves = [(str(move.who.pk), move.to.key if move.to else "", move.to_new) for move in self.moves]
        ends = [circle.key if circle else "" for circle in (self.closes, self.into)]
        opens = [str(self.opens.slot), self.opens.place, self.opens.number] if self.opens else []
        employer = [str(self.employs.who.pk), str(self.employs.organisation.pk)] if self.employs else []
        return [[str(one.pk) for one in self.withdraws], moves, ends, opens, employer]


@dataclass(frozen=True)
class Option:
    """One way to make the change: what it is called, why it is good, and what it costs.

    `spare_lead` is a mentor who leads no more after it and may stay in reserve, or leave as well.
    """

    key: str
    title: str
    change: Change
    because: tuple[str, ...] = ()
    drawbacks: tuple[str, ...] = ()
    spare_lead: Enrolment | None = None

    def with_spare_lead_leaving(self) -> "Option":
        if self.spare_lead is None:
            return self
        moves = tuple(move for move in self.change.moves if move.who.pk != self.spare_lead.pk)
        return replace(self, change=replace(self.change, withdraws=(self.spare_lead,), moves=moves))


@dataclass(frozen=True)
class Against:
    """Something that can't be done, and the rules that stand against it."""

    title: str
    rules: tuple[str, ...]

    @property
    def words(self) -> str:
        listed = "; ".join(self.rules)
        return f"{listed[:1].upper()}{listed[1:]}."


@dataclass(frozen=True)
class Plan:
    """All that can be done, the best first; what can't, and why; and what the member of staff should know."""

    standing: Standing
    says: str
    options: tuple[Option, ...] = ()
    against: tuple[Against, ...] = ()
    notes: tuple[str, ...] = ()
    helps: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """Another one as soon as anything that the plan rests on, or any of its options, is different."""
        options = [(option.key, option.change.essence) for option in self.options]
        text = json.dumps([self.standing.fingerprint, options, self._offers()])
        return hashlib.sha256(text.encode()).hexdigest()

    def _offers(self) -> list[list[str]]:
        """Who is invited from the reserve list when somebody leaves: the page has named them."""
        may_leave = {one for option in self.options for one in (*option.change.withdraws, option.spare_lead) if one}
        return [
            [str(offered.pk) for offered in place_goes_to(one)]
            for one in sorted(may_leave, key=lambda one: str(one.pk))
        ]

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


def amount(number: int, one: str, many: str = "") -> str:
    """“1 person”, “3 people”."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def names(people: list[Enrolment] | tuple[Enrolment, ...]) -> str:
    return ", ".join(str(one.user) for one in people)


def described(now: CircleNow) -> str:
    """“Circle 3, led by Ada Leader, Tuesday 12:30, online: 7 of 10 seats taken”."""
    led = f"led by {now.lead.user}" if now.lead else "without a mentor"
    return f"{now}, {led}, {now.meeting}: {len(now.members)} of {now.circle.capacity} seats taken"


def fitting(
    standing: Standing, one: Enrolment, circles: Iterable[CircleNow]
) -> tuple[list[tuple[float, CircleNow]], list[Against]]:
    """In which of some circles a member could sit, each with what that costs, the best first; and which rules the
    others break.
    """
    found, against = [], []
    for now in circles:
        if rules := standing.against_member(one, now):
            against.append(Against(described(now), tuple(rules)))
        else:
            found.append((standing.price(one, now), now))
    found.sort(key=lambda pair: (pair[0], pair[1].circle.number))
    return found, against


def unrecorded(now: CircleNow) -> list[str]:
    """What should be written down before a circle closes, because nobody in it can do so afterwards."""
    past = now.circle.sessions.past().exclude(attendances__attended__isnull=False)
    numbers = [str(number) for number in past.order_by("number").values_list("number", flat=True)]
    if not numbers:
        return []
    return [
        f"Nobody has said who came to session {', '.join(numbers)} of {now}. Ask for it before you close a circle: "
        "attendance counts for certificates, and afterwards its people can’t record it."
    ]


def role(one: Enrolment) -> str:
    """“mentor” or “mentee”, in the words of the format."""
    return "mentor" if one.side == Side.LEAD else "member"
