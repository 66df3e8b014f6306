"""Who stands in at a session is reminded of it as who sits in the circle is: before it, and after it of who came."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from accounts.models import User
from circles.models import Attendance, StandIn
from cohorts.models import ReminderRule
from cohorts.reminders import Occasion
from outbox.models import Message
from ui.dates import uk_datetime

KIND = ReminderRule.Kind
KINDS: dict[str, str] = {
    KIND.SESSION_REPLY: "circles.stand_in_reply",
    KIND.SESSION_COMING: "circles.stand_in_coming",
    KIND.ATTENDANCE: "circles.stand_in_attendance",
}


def verdicts(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Those who are asked to lead these sessions or have said yes, and why somebody is not reminded."""
    known = _Known.of(occasions)
    for one in occasions:
        for asked in known.asked[one.about.pk]:
            # What is asked is the row of being asked; what is led and over is the session.
            about = asked if one.rule.kind == KIND.SESSION_REPLY else one.about
            own = replace(one, kind=KINDS[one.rule.kind], about=about)
            yield own, asked.enrolment.user, known.reminded_already(own, asked) or _why_not(known, one, asked)


@dataclass(frozen=True)
class _Known:
    """Who is asked, of which sessions it is said who came, and who was reminded: read at once."""

    asked: dict[UUID, list[StandIn]]
    recorded: set[UUID]
    reminded: dict[tuple[Any, ...], Any]

    @classmethod
    def of(cls, occasions: list[Occasion]) -> "_Known":
        sessions, asked = {one.about.pk for one in occasions}, defaultdict(list)
        current = list(StandIn.objects.current().filter(session__in=sessions).select_related("enrolment__user"))
        for one in current:
            asked[one.session_id].append(one)
        if not current:
            return cls(asked, set(), {})
        facts = Attendance.objects.filter(session__in=list(asked), attended__isnull=False)
        about = [*asked, *(one.pk for one in current)]
        rows = Message.objects.filter(kind__in=KINDS.values(), object_id__in=about)
        reminded = rows.values_list("kind", "object_id", "recipient", "occurrence", "created_at")
        return cls(asked, set(facts.values_list("session", flat=True)), {tuple(row[:4]): row[4] for row in reminded})

    def reminded_already(self, one: Occasion, asked: StandIn) -> str:
        at = self.reminded.get((one.kind, one.about.pk, asked.enrolment.user_id, one.occurrence))
        return f"They have had it: it was written on {uk_datetime(at)}." if at else ""


def _why_not(known: _Known, one: Occasion, asked: StandIn) -> str:
    if one.rule.kind == KIND.SESSION_REPLY:
        return "They have said that they lead it." if asked.accepted_at else _only_just(one, asked)
    if not asked.accepted_at:
        return "They have not said that they lead it."
    if one.rule.kind == KIND.ATTENDANCE:
        return "Who was there is recorded already." if one.about.pk in known.recorded else ""
    return _only_just(one, asked)


def _only_just(one: Occasion, asked: StandIn) -> str:
    at = asked.accepted_at or asked.created_at
    return f"They were only just asked, on {uk_datetime(at)}." if at > one.due else ""
