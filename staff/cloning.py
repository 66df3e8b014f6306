"""The next cohort from one that there is: planned first, to be looked at, then made in one act.

Every date moves by the same number of whole weeks, so that each stays on its weekday. Nobody and no organisation is
moved: whoever comes along again is asked, and says so.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import clock
from accounts.models import User
from accounts.workdays import bank_holiday
from circles.models import Membership
from cohorts.calendar import wall
from cohorts.models import KEY_DATES, Cohort, Event, OnboardingItem, ReminderRule, SessionPlan, Slot
from organisations.models import Participation
from participants.models import Enrolment, EnrolmentState
from privacy.services import record
from staff.services import prepare_cohort
from surveys.models import Question
from surveys.services.setup import TITLES
from ui.dates import date_range, uk_date

WEEK = dt.timedelta(weeks=1)
YEAR = dt.timedelta(weeks=52)
KEPT = [
    "session_count", "certificate_sessions", "circle_minimum", "circle_target", "places", "bank_holidays",
    "reply_address",
]  # fmt: skip
ONBOARDING = [
    "kind", "guide", "title", "text", "format", "role", "required", "days_before", "position", "in_use",
]  # fmt: skip
QUESTIONS = ["position", "after", "kind", "text", "hint", "options"]
CEREMONIES = [Event.Kind.OPENING, Event.Kind.CLOSING]
DATE_FIELDS = [f"{key}_{end}" for key, _ in KEY_DATES for end in ("from", "until")]


@dataclass(frozen=True)
class NewDate:
    """One range: as it was, as it will be, and the bank holidays that its first and last day fall on."""

    label: str
    was: str
    becomes: str
    holidays: str


@dataclass(frozen=True)
class Plan:
    """What the new cohort will be, and what it will not take over."""

    weeks: int
    launch: str
    dates: list[NewDate]
    slots: int
    session_plans: int
    rules: int
    questions: int
    organisations: list[Participation]
    unplaced: int
    mentors: int


def usual_launch(cohort: Cohort) -> dt.date:
    """A year on, on the same weekday; later by as many years as it takes to be to come."""
    launch = cohort.launch_from + YEAR
    while launch <= clock.today():
        launch += YEAR
    return launch


def next_number(cohort: Cohort) -> int:
    """The first number of its format that is free after all the others."""
    return max(Cohort.objects.filter(format=cohort.format_id).values_list("number", flat=True)) + 1


def shift(cohort: Cohort, launch: dt.date) -> dt.timedelta:
    """By how much every date moves so that the launch is nearest to that day and stays on its weekday."""
    return round((launch - cohort.launch_from) / WEEK) * WEEK


def plan(cohort: Cohort, launch: dt.date) -> Plan:
    """Writes nothing. `launch` is the day aimed at."""
    by = shift(cohort, launch)
    part = cohort.participations.filter(withdrawn_at=None).select_related("organisation")
    return Plan(
        weeks=by // WEEK,
        launch=uk_date(cohort.launch_from + by),
        dates=[*_key_dates(cohort, by), *_ceremonies(cohort, by)],
        slots=cohort.slots.count(),
        session_plans=cohort.session_plans.count(),
        rules=cohort.reminder_rules.count(),
        questions=asked_again(cohort).count(),
        organisations=list(part),
        unplaced=unplaced(cohort).count(),
        mentors=willing(cohort).count(),
    )


def asked_again(cohort: Cohort) -> QuerySet[Question]:
    """The team's own questions in the surveys that every cohort has."""
    return Question.objects.filter(survey__cohort=cohort, survey__wave__in=TITLES).select_related("survey")


def unplaced(cohort: Cohort) -> Any:
    """People who finished enrolling and never got a seat."""
    seat = Membership.objects.filter(enrolment=OuterRef("pk"))
    return Enrolment.objects.filter(~Exists(seat), cohort=cohort, state=EnrolmentState.ENROLLED)


def willing(cohort: Cohort) -> Any:
    """Those who lead a circle, or did until the end, and so may be asked whether they would again."""
    leads = Membership.objects.current().filter(enrolment=OuterRef("pk"), seat=Membership.LEAD_SEAT)
    return Enrolment.objects.filter(Exists(leads), cohort=cohort)


def _key_dates(cohort: Cohort, by: dt.timedelta) -> Iterator[NewDate]:
    for date in cohort.key_dates:
        first, last = date.starts + by, date.ends + by
        holidays = _holidays(cohort, [first, last])
        yield NewDate(date.label, date_range(date.starts, date.ends), date_range(first, last), holidays)


def _ceremonies(cohort: Cohort, by: dt.timedelta) -> Iterator[NewDate]:
    for event in cohort.events.standing().filter(kind__in=CEREMONIES):
        day = clock.local(event.starts_at).date()
        yield NewDate(event.title, uk_date(day), uk_date(day + by), _holidays(cohort, [day + by]))


def _holidays(cohort: Cohort, days: Iterable[dt.date]) -> str:
    found = ((day, bank_holiday(day, cohort.bank_holidays)) for day in sorted(set(days)))
    return ", ".join(f"{day.day} {day:%B} is {holiday}" for day, holiday in found if holiday)


@transaction.atomic
def clone_cohort(*, cohort: Cohort, number: int, name: str, launch: dt.date, by: User) -> Cohort:
    """Make the cohort that `plan` describes. Nobody is told and nothing is sent: it begins with no one in it.

    Raises ValidationError when its format has a cohort of that number already.
    """
    moved = shift(cohort, launch)
    dates = {field: getattr(cohort, field) + moved for field in DATE_FIELDS}
    kept = {field: getattr(cohort, field) for field in KEPT}
    new = Cohort(format=cohort.format, number=number, name=name, **kept, **dates)
    new.full_clean()
    new.save()
    _copy(Slot, cohort.slots.all(), new, ["weekday", "start", "minutes"])
    _copy(SessionPlan, cohort.session_plans.all(), new, ["number", "aim", "prompts", "preparation"])
    _copy(OnboardingItem, cohort.onboarding_items.all(), new, ONBOARDING)
    _copy(ReminderRule, cohort.reminder_rules.all(), new, ["kind", "days", "at", "enabled"])
    for event in cohort.events.standing().filter(kind__in=CEREMONIES):
        _hold_again(event, new, moved)
    prepare_cohort(cohort=new, by=by)
    _ask_again(cohort, new)
    record(by=by, verb="cohort.cloned", about=new, of=str(cohort.pk), weeks=moved // WEEK)
    return new


def _copy(model: Any, rows: Iterable[Any], cohort: Cohort, fields: list[str]) -> None:
    model.objects.bulk_create(model(cohort=cohort, **{name: getattr(row, name) for name in fields}) for row in rows)


def _ask_again(cohort: Cohort, new: Cohort) -> None:
    """What the team asks of its own, in the new surveys: drafts that nobody has answered, to be changed at will."""
    surveys = {survey.wave: survey for survey in new.surveys.all()}
    Question.objects.bulk_create(
        Question(survey=surveys[one.survey.wave], **{name: getattr(one, name) for name in QUESTIONS})
        for one in asked_again(cohort)
    )


def _hold_again(event: Event, cohort: Cohort, moved: dt.timedelta) -> None:
    """On the day that its own moves to, at the time that the clock showed; its meeting link is of its own time."""
    local = clock.local(event.starts_at)
    starts_at = wall(local.date() + moved, local.time())
    kept = {name: getattr(event, name) for name in ("kind", "title", "minutes", "place", "description", "capacity")}
    Event.objects.create(cohort=cohort, starts_at=starts_at, **kept)
