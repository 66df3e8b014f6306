"""What a cohort is set up with: its ceremonies, its reminder rules and the plans of its sessions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import clock
from accounts.models import User
from cohorts.calendar import still_expected, wall
from cohorts.models import Cohort, Event, ReminderRule, SessionPlan
from cohorts.session_plans import CIRCLES, PAIRS
from privacy.services import record

CEREMONY_STARTS = dt.time(12)
# Changes that a calendar must be told of.
MATERIAL = {"starts_at", "minutes", "place", "title"}
DEFAULT_RULES = [
    *((ReminderRule.Kind.ENROLMENT, days) for days in (3, 7, 14)),
    (ReminderRule.Kind.SESSION_REPLY, 14),
    (ReminderRule.Kind.SESSION_REPLY, 7),
    (ReminderRule.Kind.SESSION_COMING, 1),
    (ReminderRule.Kind.ATTENDANCE, 1),
    (ReminderRule.Kind.CHECK_IN, 1),
    (ReminderRule.Kind.NO_SESSION, 5),
    *((ReminderRule.Kind.SURVEY, days) for days in (0, 7, 14, 21)),
    (ReminderRule.Kind.COORDINATOR_DIGEST, 1),
    (ReminderRule.Kind.STAFF_DIGEST, 0),
]


@transaction.atomic
def plan_ceremonies(*, cohort: Cohort, by: User | None) -> list[Event]:
    """The cohort's opening and closing ceremony, made at midday of its launch and close where they are missing."""
    days = {Event.Kind.OPENING: cohort.launch_from, Event.Kind.CLOSING: cohort.close_from}
    return [_ceremony(cohort, kind, day, by) for kind, day in days.items()]


def _ceremony(cohort: Cohort, kind: Event.Kind, day: dt.date, by: User | None) -> Event:
    event, created = Event.objects.standing().get_or_create(
        cohort=cohort, kind=kind, defaults={"title": kind.label, "starts_at": wall(day, CEREMONY_STARTS)}
    )
    if created:
        record(by=by, verb="event.planned", about=event, kind=kind.value)
    return event


@transaction.atomic
def event_changed(*, event: Event, changed: Iterable[str], by: User | None, before: dt.datetime | None = None) -> bool:
    """Say which fields of a saved event were edited; what matters to calendars is sent to them afresh.

    `before` is when it began until now.
    """
    material = sorted(MATERIAL.intersection(changed))
    if not material:
        return False
    values: dict[str, Any] = {"sequence": F("sequence") + 1}
    if before and "starts_at" in material:
        values["moved_from"] = still_expected(before, event.moved_from, clock.now())
    Event.objects.filter(pk=event.pk).update(**values)
    event.refresh_from_db(fields=list(values))
    record(by=by, verb="event.changed", about=event, fields=material)
    return True


@transaction.atomic
def default_reminder_rules(cohort: Cohort) -> list[ReminderRule]:
    """The usual reminders of a cohort; one that is there already is left as staff have set it."""
    if cohort.reminder_rules.exists():
        return list(cohort.reminder_rules.all())
    rules = [ReminderRule(cohort=cohort, kind=kind, days=days, enabled=True) for kind, days in DEFAULT_RULES]
    return ReminderRule.objects.bulk_create(rules)


@transaction.atomic
def switch_rule(*, rule: ReminderRule, on: bool, by: User) -> bool:
    """Switch a reminder on or off; returns whether that changed anything."""
    changed = bool(ReminderRule.objects.filter(pk=rule.pk).exclude(enabled=on).update(enabled=on))
    if changed:
        record(by=by, verb="reminder.switched_on" if on else "reminder.switched_off", about=rule, kind=rule.kind)
    return changed


@transaction.atomic
def default_session_plans(cohort: Cohort) -> list[SessionPlan]:
    """The usual plans of a cohort's sessions; one that has any is left as staff have set it."""
    if cohort.session_plans.exists():
        return list(cohort.session_plans.all())
    plans = usual_plans(cohort).items()
    return SessionPlan.objects.bulk_create(SessionPlan(cohort=cohort, number=number, **plan) for number, plan in plans)


def usual_plans(cohort: Cohort) -> dict[int, dict[str, str]]:
    """The plans that a cohort of this format starts with, by the session's number."""
    usual = PAIRS if cohort.format.is_pair else CIRCLES
    return {
        number: {"aim": plan.aim, "prompts": "\n".join(plan.prompts), "preparation": plan.preparation}
        for number, plan in enumerate(usual[: cohort.session_count], start=1)
    }
