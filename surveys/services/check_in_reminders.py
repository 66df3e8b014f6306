"""Asking once: the day after a session of who was there, and half-way through a pair.

Who was sent “were you there?” found the same two questions in that mail, and is not written to again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from accounts.models import User
from circles.models import Attendance, Session
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import GRACE, REMEMBERED, Occasion
from outbox.models import Message
from participants.models import Enrolment, EnrolmentState
from surveys.models import Response, Survey, TeamNote
from surveys.selectors.check_ins import half_time
from surveys.selectors.due import TOOK_PART
from surveys.selectors.link import links_of
from surveys.selectors.windows import session_span
from ui.dates import uk_date

CHECK_IN, MID_POINT = "surveys.check_in", "surveys.mid_point"
# Working hours may put a mail off over a long weekend.
MARGIN = dt.timedelta(days=5)
IN_ONE_MAIL = "They found the questions in the mail that asked whether they were there."


def _first(rules: list[ReminderRule]) -> dict[UUID, ReminderRule]:
    """By cohort the rule with the fewest days: what is asked once is asked under one rule."""
    first: dict[UUID, ReminderRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.days, reverse=True):
        first[rule.cohort_id] = rule
    return first


def _after_sessions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """The sessions not long past, and those to come."""
    first = _first(rules)
    days = max((rule.days for rule in first.values()), default=0)
    since = now - dt.timedelta(days=days) - MARGIN - GRACE - REMEMBERED
    sessions = Session.objects.planned().filter(starts_at__gt=since, starts_at__lte=until)
    asked = sessions.filter(circle__cohort__in=first, circle__cohort__surveys__wave=Survey.Wave.CHECK_IN)
    for session in asked.select_related("circle").order_by("starts_at"):
        rule = first[session.circle.cohort_id]
        session.circle.cohort = rule.cohort
        due = reminders.after(session.ends_at, rule)
        words = f"{session.circle}, session {session.number} on {uk_date(session.starts_at)}"
        yield Occasion(rule, session, due, due + GRACE, CHECK_IN, "", words, group=session.circle_id)


def mid_points(rules: list[ReminderRule], now: dt.datetime) -> Iterator[Occasion]:
    """The half-time of each cohort’s pairs, under its first rule that asks for answers."""
    for rule in _first(rules).values():
        if rule.cohort.format.is_pair:
            yield from _half_way(rule, now)


def _half_way(rule: ReminderRule, now: dt.datetime) -> Iterator[Occasion]:
    half = half_time(session_span(rule.cohort))
    due = reminders.after(half - dt.timedelta(days=rule.days), rule)  # whatever the rule's days
    if due <= now < due + REMEMBERED:
        people = rule.cohort.enrolments.enrolled().filter(TOOK_PART).select_related("user").distinct()
        for enrolment in people:
            yield Occasion(rule, enrolment, due, due + GRACE, MID_POINT, "", "Half-way through a pair")


def _who_was_there(found: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    if not found:
        return
    sessions = {one.about.pk for one in found}
    came: dict[UUID, list[Enrolment]] = defaultdict(list)
    enrolled = Attendance.objects.filter(enrolment__state=EnrolmentState.ENROLLED, attended=True, session__in=sessions)
    for fact in enrolled.select_related("enrolment__user").order_by("enrolment__user__sort_name"):
        came[fact.session_id].append(fact.enrolment)
    answered = _answered([person for there in came.values() for person in there])
    written = set(
        Message.objects.filter(kind__in=[CHECK_IN, "circles.session_attendance"], object_id__in=sessions).values_list(
            "kind", "object_id", "recipient"
        )
    )
    for one in found:
        for person in came[one.about.pk]:
            yield one, person.user, _why_not(one.about, person, answered, written)


def _answered(there: list[Enrolment]) -> set[tuple[UUID, int]]:
    """Who has answered about which number of session."""
    whose = links_of(one.pk for one in there)
    responses = Response.objects.filter(participant_key__in=list(whose), survey__wave=Survey.Wave.CHECK_IN)
    return {(whose[key], number) for key, number in responses.values_list("participant_key", "occasion")}


def _why_not(session: Session, person: Enrolment, answered: set, written: set) -> str:
    if (person.pk, session.number) in answered:
        return "They have answered."
    if ("circles.session_attendance", session.pk, person.user_id) in written:
        return IN_ONE_MAIL
    return "They have had it." if (CHECK_IN, session.pk, person.user_id) in written else ""


def who_is_half_way(found: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    pairs = [one.about.pk for one in found]
    answered = set(
        TeamNote.objects.filter(enrolment__in=pairs, origin=TeamNote.Origin.MID_POINT).values_list(
            "enrolment", flat=True
        )
    )
    written = set(Message.objects.filter(kind=MID_POINT, object_id__in=pairs).values_list("object_id", flat=True))
    for one in found:
        had = "They have had it." if one.about.pk in written else ""
        yield one, one.about.user, "They have answered." if one.about.pk in answered else had


reminders.register(reminders.Reminder(ReminderRule.Kind.CHECK_IN, _after_sessions, _who_was_there))
