"""Reminding who leads a circle that it has no session in a month in which it should meet."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from accounts.clock import local
from accounts.models import User
from circles.models import Circle, Membership, Session
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import GRACE, Occasion
from outbox.models import Message
from ui.dates import uk_datetime

KIND = "circles.no_session"


def queue_nudges() -> int:
    """Queue what is due to those whose circle has no session this month; returns how many."""
    return reminders.queue_due(ReminderRule.Kind.NO_SESSION)


def _occasions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Each month of every circle that still meets, where it is one of its cohort’s months of meeting."""
    for rule in rules:
        cohort = rule.cohort
        for first, last in reminders.months(now, until) if cohort.published_at else ():
            if cohort.sessions_from <= last and cohort.sessions_until >= first:
                yield from _of_month(rule, first, last)


def _of_month(rule: ReminderRule, first: dt.date, last: dt.date) -> Iterator[Occasion]:
    due = reminders.in_month(first, last, rule)
    for circle in Circle.objects.open().filter(cohort=rule.cohort_id).order_by("number").iterator(chunk_size=500):
        circle.cohort = rule.cohort
        words, which = f"{circle}, {first:%B %Y}", f"{first:%Y-%m} day {rule.days}"
        yield Occasion(rule, circle, due, due + GRACE, KIND, which, words, circle.pk)


def _leads(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Who leads each circle, and why they need not be reminded."""
    circles = {one.about.pk for one in occasions}
    seats = Membership.objects.current().filter(seat=Membership.LEAD_SEAT, circle__in=circles)
    leads = {seat.circle_id: seat.enrolment.user for seat in seats.select_related("enrolment__user")}
    planned: dict[UUID, list[str]] = defaultdict(list)
    for circle, starts_at in Session.objects.planned().filter(circle__in=circles).values_list("circle", "starts_at"):
        planned[circle].append(f"{local(starts_at):%Y-%m}")
    written = Message.objects.filter(kind=KIND, object_id__in=circles)
    told = {
        (circle, person, which): at
        for circle, person, which, at in written.values_list("object_id", "recipient", "occurrence", "created_at")
    }
    for one in occasions:
        if lead := leads.get(one.about.pk):
            yield one, lead, _why_not(one, planned[one.about.pk], told.get((one.about.pk, lead.pk, one.occurrence)))


def _why_not(one: Occasion, planned: list[str], told: dt.datetime | None) -> str:
    if one.occurrence[:7] in planned:
        return "There is a session in this month."
    if len(planned) >= one.rule.cohort.session_count:
        return "All its sessions are planned."
    return f"They have had it: it was written on {uk_datetime(told)}." if told else ""


reminders.register(reminders.Reminder(ReminderRule.Kind.NO_SESSION, _occasions, _leads))
