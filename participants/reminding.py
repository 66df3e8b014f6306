"""Whom a coordinator may remind, whom not and why, and when next. Nobody is written to more often than they would like.

Every mail about a nomination counts, the invitation itself too: the outbox's own rows are the record.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Lower

from accounts import clock
from accounts.prepared import prepared
from accounts.workdays import next_opening, working_days_after
from organisations.models import Participation
from outbox.models import Message, State, Suppression
from participants.emails import CONFIRMED, NOMINATED, REMINDED, UNFINISHED
from participants.models import Enrolment, EnrolmentState, Nomination, NominationState
from participants.selectors import is_open
from privacy.models import AuditEvent
from ui.dates import uk_date

REST = 3  # working days between two mails to one person
ROUNDS = 3  # a day and organisation
VERB = "nominations.reminded"
ASKS = [NOMINATED, CONFIRMED, REMINDED]  # what asks somebody to answer
WHY_NOT = {
    NominationState.APPLIED: "Has applied and waits for you to confirm",
    NominationState.RESERVE: "Is on your reserve list: there is nothing to answer yet",
    NominationState.ACCEPTED: "Has accepted",
}


@dataclass(frozen=True)
class Written:
    """What was sent to a nominee to ask for their answer."""

    times: int
    last: dt.date
    came_back: bool

    @property
    def words(self) -> str:
        """When, as a coordinator reads it."""
        if self.last > clock.today():
            return f"Our mail leaves on {uk_date(self.last)}"
        if self.times == 1:
            return f"Was written to on {uk_date(self.last)}"
        return f"Was written to {self.times} times, last on {uk_date(self.last)}"


@dataclass(frozen=True)
class NotNow:
    """Somebody who gets no reminder, and why; `since` when they may, where that will come."""

    nomination: Nomination
    why: str
    since: dt.date | None = None


@dataclass(frozen=True)
class Reminding:
    """Who would be written to now, who not, and how often the organisation may still do so today."""

    due: list[Nomination]
    others: list[NotNow]
    left_today: int
    next_on: dt.date | None

    @property
    def possible(self) -> bool:
        return bool(self.due and self.left_today)


def written_to(nominations: Iterable[Nomination]) -> dict[UUID, Written]:
    """By nomination, what was sent to ask for an answer; two queries however many they are."""
    people = {nomination.pk: nomination.email.lower() for nomination in nominations}
    found: dict[UUID, list[tuple[dt.datetime, str]]] = {}
    for key, queued, sent, state in _asked(list(people)):
        # What waits over a weekend has not reached anybody yet.
        found.setdefault(key, []).append((sent or next_opening(queued), state))
    refused = _refused(set(people.values())) if found else set()
    return {
        key: Written(len(sent), clock.local(sent[-1][0]).date(), sent[-1][1] == State.FAILED or people[key] in refused)
        for key, sent in found.items()
    }


def has_come_back(nomination: Nomination) -> bool:
    """Whether the last mail that asked somebody did not reach them."""
    written = written_to([nomination]).get(nomination.pk)
    return written is not None and written.came_back


@prepared
def _asked(nominations: list[UUID]) -> QuerySet[Message, tuple[Any, ...]]:
    rows = Message.objects.filter(kind__in=ASKS, object_id__in=nominations).exclude(state=State.SKIPPED)
    return rows.order_by("created_at").values_list("object_id", "created_at", "sent_at", "state")


def silent_of() -> ArraySubquery:
    """Of a query of participations: for each person who has not answered, what `in_brief` counts by."""
    asked = Message.objects.filter(kind__in=ASKS, object_id=OuterRef("pk")).exclude(state=State.SKIPPED)
    last = asked.order_by("-created_at").values(fact=JSONObject(queued="created_at", sent="sent_at", state="state"))
    refused = Suppression.objects.annotate(to=Lower("address")).filter(lifted_at=None, to=Lower(OuterRef("email")))
    people = Nomination.objects.filter(participation=OuterRef("pk"), state=NominationState.INVITED)
    return ArraySubquery(people.values(fact=JSONObject(last=Subquery(last[:1]), refused=Exists(refused))))


def in_brief(silent: list[dict[str, Any]], nation: str) -> tuple[int, int]:
    """How many of them our mail came back from, and how many others a reminder would reach today."""
    written = [_last_written(**fact) for fact in silent]
    came_back = sum(one is not None and one.came_back for one in written)
    due = sum(one is None or (not one.came_back and _has_rested(one, nation)) for one in written)
    return came_back, due


def _last_written(last: dict[str, str] | None, *, refused: bool) -> Written | None:
    if last is None:
        return None
    sent, queued = (dt.datetime.fromisoformat(at) if at else None for at in (last["sent"], last["queued"]))
    day = clock.local(sent or next_opening(queued)).date()
    return Written(1, day, last["state"] == State.FAILED or refused)


def _has_rested(written: Written, nation: str) -> bool:
    return clock.today() >= working_days_after(written.last, REST, nation)


def reminded_to_finish(enrolments: Iterable[Enrolment]) -> dict[UUID, dt.date]:
    """By enrolment, when somebody who has accepted was last reminded to finish; at most one query."""
    keys = [one.pk for one in enrolments if one.state == EnrolmentState.STARTED]
    return {key: clock.local(at).date() for key, at in _asked_to_finish(keys)} if keys else {}


@prepared
def _asked_to_finish(enrolments: list[UUID]) -> QuerySet[Message, tuple[Any, ...]]:
    sent = Message.objects.filter(kind=UNFINISHED, object_id__in=enrolments, sent_at__isnull=False)
    return sent.order_by("sent_at").values_list("object_id", "sent_at")


def _refused(addresses: set[str]) -> set[str]:
    """Those to which nothing is sent, because mail has come back."""
    rows = Suppression.objects.filter(lifted_at=None).annotate(to=Lower("address")).filter(to__in=addresses)
    return set(rows.values_list("to", flat=True))


def reminding(
    participation: Participation, nominations: Iterable[Nomination], written: dict[UUID, Written]
) -> Reminding:
    """Of these nominations of one participation: whom a reminder would reach today, and why not the others."""
    due: list[Nomination] = []
    others: list[NotNow] = []
    for nomination in nominations:
        if nomination.state not in {NominationState.INVITED, *WHY_NOT}:
            continue
        reason = _why_not(nomination, written.get(nomination.pk), participation.cohort.bank_holidays)
        if reason is None:
            due.append(nomination)
        else:
            others.append(reason)
    left = _left_today(participation) if due else ROUNDS
    left = left if is_open(participation.cohort) else 0
    return Reminding(due, others, left, _next(due, others, left, participation))


def _left_today(participation: Participation) -> int:
    return max(ROUNDS - rounds_today(participation), 0)


def _why_not(nomination: Nomination, written: Written | None, nation: str) -> NotNow | None:
    if words := WHY_NOT.get(NominationState(nomination.state)):
        return NotNow(nomination, words)
    if written is None:
        return None
    if written.came_back:
        words = "Our mail to this address came back. Check it with them: a wrong one can be corrected"
        return NotNow(nomination, words)
    if _has_rested(written, nation):
        return None
    return NotNow(nomination, written.words, working_days_after(written.last, REST, nation))


def why_not(nomination: Nomination, written: Written | None) -> str:
    """Why the programme team can't remind one nominee today, in its own words; blank when it can."""
    if nomination.state != NominationState.INVITED:
        return f"{nomination.get_state_display()}: there is no invitation to answer."
    if not is_open(nomination.cohort):
        return "The last day to answer has passed."
    reason = _why_not(nomination, written, nomination.cohort.bank_holidays)
    if reason is None:
        return ""
    return f"{reason.why}, and can be reminded from {uk_date(reason.since)}." if reason.since else f"{reason.why}."


def _next(due: list[Nomination], others: list[NotNow], left: int, participation: Participation) -> dt.date | None:
    """The next day on which a reminder is possible; None where it is now, or will not be any more."""
    if due and left:
        return None
    days = [one.since for one in others if one.since]
    if due:
        days.append(working_days_after(clock.today(), 1, participation.cohort.bank_holidays))
    soonest = min(days, default=None)
    return soonest if soonest and soonest <= participation.cohort.recruitment_until else None


def rounds_today(participation: Participation) -> int:
    """How often anybody of the organisation has sent reminders today, in whichever cohort."""
    return len(_rounds_since(participation.organisation_id, _midnight()))


@prepared
def _rounds_since(organisation: UUID, moment: dt.datetime) -> QuerySet[AuditEvent, tuple[Any, ...]]:
    ours = Participation.objects.filter(organisation=organisation).values("pk")
    kind = {"content_type__app_label": "organisations", "content_type__model": "participation"}
    return AuditEvent.objects.filter(verb=VERB, object_id__in=ours, at__gte=moment, **kind).values_list("pk")


def _midnight() -> dt.datetime:
    return dt.datetime.combine(clock.today(), dt.time(), tzinfo=clock.LONDON)


def times_today(nomination: Nomination) -> int:
    """How many mails that ask for an answer were queued to one nominee today."""
    return Message.objects.filter(kind__in=ASKS, object_id=nomination.pk, created_at__gte=_midnight()).count()
