"""Reminding people who have accepted and not finished enrolling, some days after they accepted, until they have."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from accounts.models import User
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import GRACE, REMEMBERED, Occasion
from outbox.models import Message
from participants.emails import UNFINISHED
from participants.models import Enrolment, EnrolmentState
from ui.dates import uk_datetime

# How many people are looked at together: each batch costs the same few queries.
PEOPLE = 1000
WHY_NOT = {
    EnrolmentState.ENROLLED: "They have finished enrolling.",
    EnrolmentState.COMPLETED: "They have finished enrolling.",
    EnrolmentState.WITHDRAWN: "They do not take part.",
}


def queue_enrolment_reminders() -> int:
    """Queue what is due now, in working hours only; returns how many messages are new."""
    return reminders.queue_due(ReminderRule.Kind.ENROLMENT)


def _occasions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Each rule of a cohort in which people can still enrol. When it is due is each person's own: see `_people`."""
    for rule in rules:
        if rule.cohort.published_at is None and rule.cohort.closed_at is None:
            yield Occasion(rule, rule.cohort, now, now + REMEMBERED, UNFINISHED, f"day-{rule.days}", "Enrolling")


def _people(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Everybody who has accepted, each with an occasion of their own, and why they are not reminded."""
    for one in occasions:
        following = _following(one.rule)
        people = Enrolment.objects.filter(cohort=one.rule.cohort_id, from_before=False).select_related("user")
        ordered = people.order_by("user__sort_name", "pk").iterator(chunk_size=PEOPLE)
        for batch in reminders.batches(ordered, PEOPLE):
            told = _told(one, batch)
            for person in batch:
                yield _own(one, person, following), person.user, _why_not(person, told.get(person.pk))


def _own(one: Occasion, person: Enrolment, following: ReminderRule | None) -> Occasion:
    """When somebody is reminded, counted from their yes; no longer once the next rule reminds them."""
    due = reminders.after(person.created_at, one.rule)
    until = due + GRACE
    if following:
        until = min(until, reminders.after(person.created_at, following))
    return replace(one, about=person, due=due, until=until)


def _following(rule: ReminderRule) -> ReminderRule | None:
    """The next rule of its kind in the cohort, among those that are switched on."""
    later = rule.cohort.reminder_rules.filter(kind=rule.kind, enabled=True, days__gt=rule.days)
    return later.select_related("cohort").order_by("days").first()


def _told(one: Occasion, people: list[Enrolment]) -> dict[UUID, dt.datetime]:
    keys = [person.pk for person in people if person.state == EnrolmentState.STARTED]
    written = Message.objects.filter(kind=UNFINISHED, occurrence=one.occurrence, object_id__in=keys)
    return dict(written.values_list("object_id", "created_at"))


def _why_not(person: Enrolment, told: dt.datetime | None) -> str:
    if words := WHY_NOT.get(EnrolmentState(person.state)):
        return words
    return f"They have had it: it was written on {uk_datetime(told)}." if told else ""


reminders.register(reminders.Reminder(ReminderRule.Kind.ENROLMENT, _occasions, _people))
