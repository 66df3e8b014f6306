"""Whether enough people will come for a session to be worth holding: a forecast from the replies, in counts only.

`Forecast` is pure. Why somebody stays away is nobody's business, so nothing here knows a name or a reason.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from circles.models import Attendance, Membership, Session
from participants.models import Reply

# A circle is worth meeting with half of its members, but not for fewer than three to talk to each other.
SHARE, FEWEST = 0.5, 3
# Of those who have not said yes or no about one in two comes.
PERHAPS = 0.5


class Verdict(StrEnum):
    """What the replies say of the session, from the best to the worst."""

    ENOUGH = "enough"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    SHORT = "short"


def quorum(members: int) -> int:
    """How many of a circle's members make a session worth holding: half, and at least three; of a pair the one."""
    return min(members, max(math.ceil(members * SHARE), FEWEST))


# What the answer of the one other person means.
OF_ONE = {
    Verdict.ENOUGH: "Enough to meet.",
    Verdict.LIKELY: "That is not certain yet.",
    Verdict.UNCERTAIN: "That is not certain yet.",
    Verdict.SHORT: "Think of another day.",
}


@dataclass(frozen=True)
class Forecast:
    """How many members (the lead left out) said what, and how many it takes."""

    yes: int
    maybe: int
    no: int
    silent: int
    group_word: str = "circle"

    @property
    def members(self) -> int:
        return self.yes + self.maybe + self.no + self.silent

    @property
    def needed(self) -> int:
        return quorum(self.members)

    @property
    def verdict(self) -> Verdict:
        """Enough have said yes; or likely will have, may have, or cannot even if all the others came."""
        undecided = self.maybe + self.silent
        if self.yes >= self.needed:
            return Verdict.ENOUGH
        if self.yes + undecided < self.needed:
            return Verdict.SHORT
        return Verdict.LIKELY if self.yes + PERHAPS * undecided >= self.needed else Verdict.UNCERTAIN

    @property
    def words(self) -> str:
        parts = [(self.yes, "coming"), (self.maybe, "perhaps"), (self.no, "can’t come")]
        said = [f"{number} {words}" for number, words in parts if number]
        if self.members == 1:  # a pair: one person has said one thing
            return next((words for number, words in parts if number), "not answered yet")
        if self.silent:
            said.append(f"{self.silent} {'has' if self.silent == 1 else 'have'} not answered")
        return ", ".join(said) or "nobody to ask yet"

    @property
    def outlook(self) -> str:
        """What the counts mean, in a sentence; blank for a circle that nobody is in."""
        if not self.needed:
            return ""
        if self.members == 1:
            return OF_ONE[self.verdict]
        needs = f"The {self.group_word} needs {self.needed} to be worth meeting"
        return {
            Verdict.ENOUGH: f"{needs}: enough are coming.",
            Verdict.LIKELY: f"{needs}: that looks likely.",
            Verdict.UNCERTAIN: f"{needs}: that is not certain yet.",
            Verdict.SHORT: f"{needs}: that can’t be reached any more. Think of another day.",
        }[self.verdict]


def forecast(session: Session) -> Forecast:
    """What the members who sit in the circle today have said of a session."""
    return forecasts([session])[session.pk]


def forecasts(sessions: Iterable[Session]) -> dict[UUID, Forecast]:
    """The forecast of each session, by its key; two queries however many they are. Give them with circle and format."""
    asked = list(sessions)
    members: dict[Any, set[Any]] = defaultdict(set)
    sitting = Membership.objects.current().exclude(seat=Membership.LEAD_SEAT)
    seats = sitting.filter(circle__in={one.circle_id for one in asked})
    for circle, enrolment in seats.values_list("circle", "enrolment"):
        members[circle].add(enrolment)
    said: dict[Any, dict[Any, str]] = defaultdict(dict)
    facts = Attendance.objects.filter(session__in=asked).values_list("session", "enrolment", "reply")
    for session, enrolment, reply in facts:
        said[session][enrolment] = reply
    return {one.pk: _count(one, members[one.circle_id], said[one.pk]) for one in asked}


def perhaps_short(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those whose verdict may be `SHORT`: half of the members have said no, or all but half of one."""
    members = Membership.objects.current().exclude(seat=Membership.LEAD_SEAT).filter(circle=OuterRef("circle"))
    noes = Attendance.objects.filter(session=OuterRef("pk"), reply=Reply.NO)
    sitting = members.order_by().values("circle").annotate(number=Count("pk")).values("number")
    away = noes.order_by().values("session").annotate(number=Count("pk")).values("number")
    return sessions.annotate(sitting=Subquery(sitting), away=Subquery(away)).filter(sitting__lte=2 * F("away") + 1)


def _count(session: Session, members: set[Any], said: dict[Any, str]) -> Forecast:
    counted = Counter(reply for enrolment, reply in said.items() if enrolment in members)
    yes, maybe, no = counted[Reply.YES], counted[Reply.MAYBE], counted[Reply.NO]
    word = session.circle.cohort.format.group_word
    return Forecast(yes=yes, maybe=maybe, no=no, silent=len(members) - yes - maybe - no, group_word=word)
