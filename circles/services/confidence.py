"""Telling the team of a concern and taking it up, and keeping reflections; when both are forgotten."""

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from accounts.workdays import is_working_day
from circles.emails.concerns import RECEIVED, TAKEN_UP
from circles.models import Concern, Reflection, Session
from outbox.services import queue
from participants.models import Enrolment
from privacy.services import record

# Within how many working days somebody of the team takes a concern up.
WORKING_DAYS = 3
# How long after its cohort closed each is kept.
REFLECTIONS_KEPT = dt.timedelta(days=90)
CONCERNS_KEPT = dt.timedelta(days=730)


class NoOutcomeError(Exception):
    """A concern is closed by saying what came of it."""


@transaction.atomic
def raise_concern(*, enrolment: Enrolment, text: str) -> Concern:
    """Tell the team, and it alone; who tells gets a mail that it came, without a word of it."""
    due = _in_working_days(clock.today(), enrolment.cohort.bank_holidays)
    concern = Concern.objects.create(cohort_id=enrolment.cohort_id, enrolment=enrolment, text=text, due_on=due)
    queue(kind=RECEIVED, about=concern, to=enrolment.user)
    record(by=enrolment.user, verb="concern.raised", about=concern)
    return concern


def _in_working_days(day: dt.date, nation: str) -> dt.date:
    left = WORKING_DAYS
    while left:
        day += dt.timedelta(days=1)
        left -= is_working_day(day, nation)
    return day


@transaction.atomic
def take_up(*, concern: Concern, by: User) -> None:
    """Say that one looks into it; who told is written to. Saying it again changes nothing."""
    locked = _locked(concern)
    if locked.acknowledged_at is not None:
        return
    locked.acknowledged_at, locked.acknowledged_by = clock.now(), by
    locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
    queue(kind=TAKEN_UP, about=locked, to=locked.enrolment.user)
    record(by=by, verb="concern.taken_up", about=locked)


@transaction.atomic
def write_outcome(*, concern: Concern, outcome: str, by: User) -> None:
    """Keep what came of it, for the team."""
    locked = _locked(concern)
    locked.outcome = outcome
    locked.save(update_fields=["outcome"])
    record(by=by, verb="concern.outcome_written", about=locked)


@transaction.atomic
def close(*, concern: Concern, by: User) -> None:
    """Close it, taking it up first where nobody has. Raises NoOutcomeError while nothing is said of what came of it."""
    locked = _locked(concern)
    if locked.closed_at is not None:
        return
    if not locked.outcome:
        raise NoOutcomeError
    take_up(concern=locked, by=by)
    locked = _locked(concern)
    locked.closed_at, locked.closed_by = clock.now(), by
    locked.save(update_fields=["closed_at", "closed_by"])
    record(by=by, verb="concern.closed", about=locked)


def _locked(concern: Concern) -> Concern:
    rows = Concern.objects.select_for_update(of=("self",)).select_related("enrolment__user")
    return rows.get(pk=concern.pk)


@transaction.atomic
def reflect(*, session: Session, enrolment: Enrolment, text: str) -> None:
    """Keep a reflection; an empty one is none. Nothing of it goes into the trail, not even that somebody wrote."""
    if not text.strip():
        Reflection.objects.filter(session=session, enrolment=enrolment).delete()
        return
    Reflection.objects.update_or_create(
        session=session, enrolment=enrolment, defaults={"text": text, "changed_at": clock.now()}
    )


def forget_old() -> int:
    """Delete the reflections and concerns whose time is over; returns how many rows went."""
    now = clock.now()
    reflections = Reflection.objects.filter(enrolment__cohort__closed_at__lte=now - REFLECTIONS_KEPT)
    concerns = Concern.objects.filter(cohort__closed_at__lte=now - CONCERNS_KEPT, closed_at__isnull=False)
    return reflections.delete()[0] + concerns.delete()[0]
