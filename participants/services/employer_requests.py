"""Somebody tells us that they work for another organisation; the team notes it, or says why nothing changes."""

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from participants.life_emails import tell_employer_not_changed
from participants.models import EmployerRequest, Enrolment
from participants.selectors import running
from privacy.services import record

Outcome = EmployerRequest.Outcome


@transaction.atomic
def ask_employer_change(*, user: User, organisation: str, since: dt.date | None = None) -> list[EmployerRequest]:
    """Note in each cohort of theirs what somebody says; said again before it is answered, the last words count.

    Nothing else changes, and nobody but the team is told. None are made for who takes part nowhere.
    """
    return [_ask(one, organisation.strip(), since, user) for one in running(user).select_for_update(of=("self",))]


def _ask(enrolment: Enrolment, organisation: str, since: dt.date | None, user: User) -> EmployerRequest:
    made, is_new = EmployerRequest.objects.update_or_create(
        enrolment=enrolment, outcome="", defaults={"organisation": organisation, "since": since}
    )
    if is_new:
        record(by=user, verb="enrolment.employer_asked", about=enrolment)
    return made


@transaction.atomic
def take_back_employer_change(*, user: User) -> int:
    """They think better of it; returns how many were still to be answered."""
    rows = EmployerRequest.objects.select_for_update(of=("self",)).filter(enrolment__user=user, outcome="")
    for one in rows.select_related("enrolment"):
        record(by=user, verb="enrolment.employer_taken_back", about=one.enrolment)
    return rows.delete()[0]


@transaction.atomic
def refuse_employer_change(*, enrolment: Enrolment, why: str, by: User | None) -> bool:
    """Say no, and why, to the person; whether there was anything to answer."""
    asked = EmployerRequest.objects.select_for_update(of=("self",)).filter(enrolment=enrolment, outcome="").first()
    if asked is None:
        return False
    _answer(asked, Outcome.REFUSED, by, why)
    record(by=by, verb="enrolment.employer_refused", about=enrolment)
    tell_employer_not_changed(asked)
    return True


def settle(*, enrolment: Enrolment, by: User | None) -> None:
    """The employer is another one now: what was asked for is done. The caller is in a transaction."""
    for asked in EmployerRequest.objects.filter(enrolment=enrolment, outcome=""):
        _answer(asked, Outcome.ACCEPTED, by)


def _answer(asked: EmployerRequest, outcome: Outcome, by: User | None, why: str = "") -> None:
    asked.outcome, asked.why_refused, asked.answered_at, asked.answered_by = outcome, why, clock.now(), by
    asked.save(update_fields=["outcome", "why_refused", "answered_at", "answered_by"])
