"""Who is to be reminded now: derived from the sessions as they stand, never scheduled ahead.

A tick that comes twice changes nothing, one that is lost is made up for by the next, and after a long silence only
what is still useful is sent.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import clock
from circles.emails.sessions import occurrence
from circles.models import Attendance, Membership, Session
from circles.services.sessions import INVITED
from cohorts.calendar import is_open, last_opening, next_opening
from cohorts.models import ReminderRule
from outbox.models import Message
from outbox.services import queue
from participants.models import Reply

# A reminder that could not be sent for longer than this (the system was down) is left out.
GRACE = dt.timedelta(days=3)
# Less notice than this before a session helps nobody.
NOTICE = dt.timedelta(hours=2)
# A reminder may leave earlier than its days say, over a long weekend.
MARGIN = dt.timedelta(days=4)

KINDS: dict[str, str] = {
    ReminderRule.Kind.SESSION_REPLY: "circles.session_reply",
    ReminderRule.Kind.SESSION_COMING: "circles.session_coming",
}
CONCERNED: dict[str, set[str]] = {
    ReminderRule.Kind.SESSION_REPLY: {""},
    ReminderRule.Kind.SESSION_COMING: {Reply.YES, Reply.MAYBE},
}


@dataclass(frozen=True)
class Due:
    """One reminder of one session that may leave now."""

    rule: ReminderRule
    session: Session
    since: dt.datetime

    @property
    def kind(self) -> str:
        return KINDS[self.rule.kind]

    @property
    def occurrence(self) -> str:
        return occurrence(self.rule.days, self.session.starts_at)


def leaves_at(starts_at: dt.datetime, days: int) -> dt.datetime:
    """When a reminder leaves: `days` before at the same time of day, or in the next working hours.

    Where waiting for them would leave no notice, in the last working hours before.
    """
    local = clock.local(starts_at)
    ideal = dt.datetime.combine(local.date() - dt.timedelta(days=days), local.time(), tzinfo=clock.LONDON)
    following = next_opening(ideal)
    return following if following <= starts_at - NOTICE else last_opening(ideal)


@transaction.atomic
def queue_due_reminders() -> int:
    """Queue every session reminder that is due; returns how many. Who is asked takes the same few queries for all."""
    now = clock.now()
    due = _due(now) if is_open(now) else []
    known = _Known.of(due)
    return sum(_queue_for_circle(one, known) for one in due)


def next_reminder_at() -> dt.datetime | None:
    """When the next reminder of a session as planned today leaves; None when there is none to come."""
    now, rules = clock.now(), _rules()
    sessions = Session.objects.upcoming().filter(circle__cohort__in=rules).select_related("circle")
    leaving = (leaves_at(s.starts_at, rule.days) for s in sessions for rule in rules[s.circle.cohort_id])
    return min((moment for moment in leaving if moment > now), default=None)


def _queue_for_circle(one: Due, known: "_Known") -> int:
    concerned = [seat.enrolment.user for seat in known.seats[one.session.circle_id] if known.concerns(one, seat)]
    for user in concerned:
        queue(kind=one.kind, about=one.session, to=user, occurrence=one.occurrence)
    return len(concerned)


def _due(now: dt.datetime) -> list[Due]:
    rules = _rules()
    if not rules:
        return []
    horizon = now + dt.timedelta(days=max(rule.days for of_cohort in rules.values() for rule in of_cohort)) + MARGIN
    sessions = Session.objects.upcoming().filter(circle__cohort__in=rules, starts_at__lte=horizon)
    every = (
        Due(rule, session, leaves_at(session.starts_at, rule.days))
        for session in sessions.select_related("circle")
        for rule in rules[session.circle.cohort_id]
    )
    return [one for one in every if one.since <= now < one.since + GRACE]


def _rules() -> dict[UUID, list[ReminderRule]]:
    """The rules that are switched on in running cohorts, by cohort."""
    running = {"cohort__published_at__isnull": False, "cohort__closed_at__isnull": True}
    by_cohort = defaultdict(list)
    for rule in ReminderRule.objects.filter(enabled=True, kind__in=list(KINDS), **running):
        by_cohort[rule.cohort_id].append(rule)
    return dict(by_cohort)


@dataclass(frozen=True)
class _Known:
    """What is known of the people of all circles concerned, read at once."""

    seats: dict[UUID, list[Membership]]
    replies: dict[tuple[UUID, UUID], str]
    told: dict[tuple[UUID, UUID], dt.datetime]
    reminded: set[tuple[str, UUID, UUID, str]]

    @classmethod
    def of(cls, due: list[Due]) -> "_Known":
        sessions = {one.session.pk for one in due}
        seats = defaultdict(list)
        current = Membership.objects.current().filter(circle__in={one.session.circle_id for one in due})
        for seat in current.select_related("enrolment__user") if due else []:
            seats[seat.circle_id].append(seat)
        facts = Attendance.objects.filter(session__in=sessions).values_list("session", "enrolment", "reply")
        messages = Message.objects.filter(object_id__in=sessions)
        told = messages.filter(kind=INVITED).values("object_id", "recipient").annotate(last=Max("created_at"))
        reminded = messages.filter(kind__in=KINDS.values()).values_list("kind", "object_id", "recipient", "occurrence")
        return cls(
            seats=seats,
            replies={(session, enrolment): reply for session, enrolment, reply in facts},
            told={(row["object_id"], row["recipient"]): row["last"] for row in told},
            reminded=set(reminded),
        )

    def concerns(self, one: Due, seat: Membership) -> bool:
        """Whether a reminder is for the person in this seat, who has not had it and has not only just been asked."""
        session, user = one.session.pk, seat.enrolment.user_id
        wanted = self.replies.get((session, seat.enrolment_id), "") in CONCERNED[one.rule.kind]
        fresh = self.told.get((session, user), one.since) > one.since
        return wanted and not fresh and (one.kind, session, user, one.occurrence) not in self.reminded
