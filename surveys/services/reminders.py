"""Asking for answers: when a survey opens and 7, 14 and 21 days later, until it is handed in; check-ins once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from accounts.models import User
from cohorts import reminders
from cohorts.models import ReminderRule
from cohorts.reminders import GRACE, REMEMBERED, Occasion
from outbox.models import Message
from participants.models import Enrolment
from surveys.models import Response, Survey
from surveys.selectors.due import concerned
from surveys.selectors.link import links_of
from surveys.selectors.windows import Window, opened_at, session_span, window
from surveys.services import check_in_reminders
from ui.dates import uk_datetime

# How many people are looked at together: each batch costs the same few queries.
PEOPLE = 1000


def queue_survey_reminders() -> int:
    """Queue what is due now, in working hours only; returns how many messages are new."""
    return reminders.queue_due(ReminderRule.Kind.SURVEY, ReminderRule.Kind.CHECK_IN)


def _occasions(rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterator[Occasion]:
    """Each rule for each survey that is open and not late, and the half-time of pairs.

    When a survey is due is each person's own: see `_people`.
    """
    yield from check_in_reminders.mid_points(rules, now)
    of_cohort: dict[UUID, list[ReminderRule]] = defaultdict(list)
    for rule in rules:
        of_cohort[rule.cohort_id].append(rule)
    for survey in Survey.objects.before_and_after().filter(cohort__in=of_cohort).order_by("cohort", "-wave"):
        survey.cohort = of_cohort[survey.cohort_id][0].cohort
        if window(survey, session_span(survey.cohort)) == Window.OPEN:
            for rule in of_cohort[survey.cohort_id]:
                kind = "surveys.survey_reminder" if rule.days else "surveys.survey_open"
                yield Occasion(rule, survey, now, now + REMEMBERED, kind, str(rule.days), survey.title)


def _people(occasions: list[Occasion]) -> Iterator[tuple[Occasion, User, str]]:
    """Everybody whom these surveys concern, each with an occasion of their own, and why they are not asked."""
    half_way = [one for one in occasions if one.kind == check_in_reminders.MID_POINT]
    yield from check_in_reminders.who_is_half_way(half_way)
    for one in (one for one in occasions if one.kind != check_in_reminders.MID_POINT):
        span, following = session_span(one.about.cohort), _following(one.rule)
        people = concerned(one.about).select_related("user").order_by("user__sort_name", "pk")
        for batch in reminders.batches(people.iterator(chunk_size=PEOPLE), PEOPLE):
            handed_in, told = _handed_in(one.about, batch), _told(one, batch)
            for person in batch:
                own = _own(one, opened_at(one.about, person.completed_at, span), following)
                yield own, person.user, _why_not(person.pk in handed_in, told.get(person.user_id))


def _own(one: Occasion, opened: dt.datetime, following: ReminderRule | None) -> Occasion:
    """When somebody for whom the survey opened at a moment is asked; no longer once the next rule asks them."""
    due = reminders.after(opened, one.rule)
    until = due + GRACE
    return replace(one, due=due, until=min(until, reminders.after(opened, following)) if following else until)


def _following(rule: ReminderRule) -> ReminderRule | None:
    """The next rule of the cohort that asks for answers, among those that are switched on."""
    later = rule.cohort.reminder_rules.filter(kind=rule.kind, enabled=True, days__gt=rule.days)
    return later.select_related("cohort").order_by("days").first()


def _handed_in(survey: Survey, people: list[Enrolment]) -> set[UUID]:
    whose = links_of(person.pk for person in people)
    answers = Response.objects.filter(survey=survey, submitted_at__isnull=False, participant_key__in=list(whose))
    return {whose[key] for key in answers.values_list("participant_key", flat=True)}


def _told(one: Occasion, people: list[Enrolment]) -> dict[UUID, dt.datetime]:
    written = Message.objects.about(one.about).filter(
        occurrence=one.occurrence, recipient__in=[person.user_id for person in people]
    )
    return dict(written.values_list("recipient_id", "created_at"))


def _why_not(handed_in: bool, told: dt.datetime | None) -> str:
    if handed_in:
        return "They have handed it in."
    return f"They have had it: it was written on {uk_datetime(told)}." if told else ""


reminders.register(reminders.Reminder(ReminderRule.Kind.SURVEY, _occasions, _people))
