"""Who is to be reminded of a session: before it whether they come, after it whether they were there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q

from accounts import clock
from accounts.models import User
from circles.emails.shared import occurrence
from circles.models import Attendance, Membership, Session, StandIn
from circles.selectors.sessions import SEATED_WITH_IT
from circles.services import stand_in_reminders
from circles.services.sessions import INVITED
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import AHEAD, GRACE, REMEMBERED, Occasion
from outbox.models import Message
from participants.models import Reply
from ui.dates import uk_date, uk_datetime

KIND = ReminderRule.Kind
BEFORE = [KIND.SESSION_REPLY, KIND.SESSION_COMING]
KINDS: dict[str, str] = {
    KIND.SESSION_REPLY: "circles.session_reply",
    KIND.SESSION_COMING: "circles.session_coming",
    KIND.ATTENDANCE: "circles.session_attendance",
}
# A reminder may leave earlier than its days say, over a long weekend.
MARGIN = dt.timedelta(days=5)
SAID = {Reply.YES: "They have said that they come.", Reply.MAYBE: "They have said that they may come."}
CANT_COME = "They have said that they can’t come."


def queue_due_reminders() -> int:
    """Queue every session reminder that is due; returns how many."""
    return reminders.queue_due(*KINDS)


def next_reminder_at() -> dt.datetime | None:
    """When the next reminder before a session as planned today leaves; None when there is none to come."""
    now = clock.now()
    rules = ReminderRule.objects.filter(enabled=True, kind__in=BEFORE, cohort__closed_at__isnull=True)
    leaving = (one.due for one in _before(list(rules.select_related("cohort__format")), now, now + AHEAD))
    return min((moment for moment in leaving if moment > now), default=None)


# --- what there is to remind of ---------------------------------------------------------------
def _before(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Sessions to come, the nearest first; those whose reminder is only just late are among them."""
    for rule, session in _sessions(rules, Q(starts_at__gt=now, starts_at__lte=until + _longest(rules) + MARGIN)):
        due = reminders.before(session.starts_at, rule)
        yield _occasion(rule, session, due, min(due + GRACE, session.starts_at))


def _after(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Sessions not long past, the earliest first, and those to come."""
    since = now - _longest(rules) - MARGIN - GRACE - REMEMBERED
    for rule, session in _sessions(rules, Q(starts_at__gt=since, starts_at__lte=until)):
        due = reminders.after(session.ends_at, rule)
        yield _occasion(rule, session, due, due + GRACE)


def _longest(rules: list[ReminderRule]) -> dt.timedelta:
    return dt.timedelta(days=max((rule.days for rule in rules), default=0))


def _sessions(rules: list[ReminderRule], which: Q) -> Iterator[tuple[ReminderRule, Session]]:
    """Each planned session of the rules’ published cohorts with each rule of its cohort, read a piece at a time."""
    of_cohort = defaultdict(list)
    for rule in rules:
        of_cohort[rule.cohort_id].append(rule)
    sessions = Session.objects.planned().filter(
        which, circle__cohort__in=of_cohort, circle__cohort__published_at__isnull=False
    )
    for session in sessions.select_related("circle").order_by("starts_at").iterator(chunk_size=500):
        for rule in of_cohort[session.circle.cohort_id]:
            session.circle.cohort = rule.cohort
            yield rule, session


def _occasion(rule: ReminderRule, session: Session, due: dt.datetime, until: dt.datetime) -> Occasion:
    return Occasion(
        rule=rule,
        about=session,
        due=due,
        until=until,
        kind=KINDS[rule.kind],
        occurrence=occurrence(rule.days, session.starts_at),
        words=f"{session.circle}, session {session.number} on {uk_date(session.starts_at)}",
        group=session.circle_id,
    )


# --- is there news ----------------------------------------------------------------------------
def _unsettled(occasions: list[Occasion]) -> list[Occasion]:
    """Those with somebody who was not reminded, and of whom it is not known already that they need not be.

    A session with a stand-in is one of them. Four queries, whatever the number, and no objects: this is asked at every
    tick.
    """
    sessions, circles = {one.about.pk for one in occasions}, {one.about.circle_id for one in occasions}
    people = defaultdict(set)
    seats = Membership.objects.current().filter(circle__in=circles)
    for circle, person in seats.values_list("circle", "enrolment__user"):
        people[circle].add(person)
    facts = {
        (session, person): (reply, attended)
        for session, person, reply, attended in Attendance.objects.filter(session__in=sessions).values_list(
            "session", "enrolment__user", "reply", "attended"
        )
    }
    led_by_another = set(StandIn.objects.current().filter(session__in=sessions).values_list("session", flat=True))
    written = Message.objects.filter(object_id__in=sessions, kind__in={one.kind for one in occasions})
    reminded = set(written.values_list("kind", "object_id", "occurrence", "recipient"))

    def is_open(one: Occasion, person: UUID) -> bool:
        known = facts.get((one.about.pk, person), ("", None))
        needs = NEEDS[one.rule.kind](*known)
        return needs and (one.kind, one.about.pk, one.occurrence, person) not in reminded

    return [
        one
        for one in occasions
        if one.about.pk in led_by_another or any(is_open(one, person) for person in people[one.about.circle_id])
    ]


# What is known of a person, their reply and whether they came, and whether that calls for a reminder.
NEEDS: dict[str, Callable[[str, bool | None], bool]] = {
    KIND.SESSION_REPLY: lambda reply, _attended: not reply,
    KIND.SESSION_COMING: lambda reply, _attended: reply in SAID,
    KIND.ATTENDANCE: lambda _reply, attended: attended is None,
}


# --- whom -------------------------------------------------------------------------------------
def _people(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Who sits in the circles of these sessions, and who stands in at one; and why somebody is not reminded."""
    yield from _seated(occasions)
    yield from stand_in_reminders.verdicts(occasions)


def _seated(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Everybody in the circles of these sessions, and why somebody is not reminded."""
    known = _Known.of(occasions)
    for one in occasions:
        for seat in known.seats[one.about.circle_id]:
            why_not = known.reminded_already(one, seat) or WHY_NOT[one.rule.kind](known, one, seat)
            yield one, seat.enrolment.user, why_not


@dataclass(frozen=True)
class _Known:
    """What is known of the people of all circles concerned, read at once."""

    seats: dict[UUID, list[Membership]]
    facts: dict[tuple[UUID, UUID], Attendance]
    told: dict[tuple[UUID, UUID], dt.datetime]
    reminded: dict[tuple[str, UUID, UUID, str], dt.datetime]

    @classmethod
    def of(cls, occasions: list[Occasion]) -> "_Known":
        sessions = {one.about.pk for one in occasions}
        seats = defaultdict(list)
        current = Membership.objects.current().filter(circle__in={one.about.circle_id for one in occasions})
        for seat in current.select_related("enrolment__user").order_by("circle", "seat"):
            seats[seat.circle_id].append(seat)
        facts = Attendance.objects.filter(session__in=sessions)
        messages = Message.objects.filter(object_id__in=sessions)
        told = messages.filter(kind=INVITED).values("object_id", "recipient").annotate(last=Max("created_at"))
        reminded = messages.filter(kind__in={one.kind for one in occasions})
        return cls(
            seats=seats,
            facts={(fact.session_id, fact.enrolment_id): fact for fact in facts},
            told={(row["object_id"], row["recipient"]): row["last"] for row in told},
            reminded={
                (kind, session, person, which): at
                for kind, session, person, which, at in reminded.values_list(
                    "kind", "object_id", "recipient", "occurrence", "created_at"
                )
            },
        )

    def fact(self, one: Occasion, seat: Membership) -> Attendance:
        return self.facts.get((one.about.pk, seat.enrolment_id)) or Attendance()

    def reminded_already(self, one: Occasion, seat: Membership) -> str:
        at = self.reminded.get((one.kind, one.about.pk, seat.enrolment.user_id, one.occurrence))
        return f"They have had it: it was written on {uk_datetime(at)}." if at else ""

    def only_just_asked(self, one: Occasion, seat: Membership) -> str:
        at = self.told.get((one.about.pk, seat.enrolment.user_id), one.due)
        return f"They were only just asked, on {uk_datetime(at)}." if at > one.due else ""


def _has_replied(known: _Known, one: Occasion, seat: Membership) -> str:
    reply = known.fact(one, seat).reply
    return SAID.get(Reply(reply), CANT_COME) if reply else known.only_just_asked(one, seat)


def _does_not_come(known: _Known, one: Occasion, seat: Membership) -> str:
    reply = known.fact(one, seat).reply
    if reply in SAID:
        return known.only_just_asked(one, seat)
    return CANT_COME if reply else "They have not replied."


def _is_recorded(known: _Known, one: Occasion, seat: Membership) -> str:
    if known.fact(one, seat).attended is not None:
        return "Whether they were there is recorded already."
    joined = max(one.about.ends_at, one.about.circle.created_at + SEATED_WITH_IT)
    return "They joined after this session." if seat.created_at > joined else ""


WHY_NOT: dict[str, Callable[[_Known, Occasion, Membership], str]] = {
    KIND.SESSION_REPLY: _has_replied,
    KIND.SESSION_COMING: _does_not_come,
    KIND.ATTENDANCE: _is_recorded,
}

for _kind in BEFORE:
    reminders.register(reminders.Reminder(_kind, _before, _people, _unsettled))
reminders.register(reminders.Reminder(KIND.ATTENDANCE, _after, _people, _unsettled))
