"""An organisation's interest: taken in, routed, assigned, answered; and demand from people elsewhere."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from organisations import matching
from organisations.models import Demand, Interest, Organisation, name_key
from organisations.routing import route
from organisations.selectors import team_for
from outbox.services import queue
from privacy.services import record

# Registrations pass one at a time, so that two first ones of the same organisation can't both be the first.
LOCK = 4_815_162
# Within this time the same submission again is the button pressed twice.
PRESSED_TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def register_interest(*, data: dict[str, Any]) -> Interest:
    """Store one submission of the public form, give it to the right adviser and acknowledge it.

    `data` has the fields of an `Interest` except that `organisation` is a name, and the organisation's `sector`,
    `size` and `places_of_work`. A later submission of the same organisation joins the first.
    """
    _one_at_a_time()
    organisation = matching.find(name=data["organisation"], email=data["contact_email"])
    joined = organisation is not None
    organisation = _with_facts(organisation or Organisation(name=data["organisation"]), data, new=not joined)
    if joined and (again := _pressed_twice(organisation, data)):
        return again
    interest = _store(organisation, data)
    record(by=None, verb="interest.registered", about=interest, routing=interest.routing, joined=joined)
    _tell(interest)
    return interest


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _with_facts(organisation: Organisation, data: dict[str, Any], *, new: bool) -> Organisation:
    """Fill in what is not known yet. A stranger's form never overwrites what is."""
    told = {
        "domain": matching.own_domain(data["contact_email"]),
        "sector": data.get("sector", ""),
        "size": data.get("size", ""),
        "places_of_work": data.get("places_of_work", ""),
    }
    for name, value in told.items():
        setattr(organisation, name, getattr(organisation, name) or value)
    if new:
        organisation.is_member, organisation.has_package = bool(data["is_member"]), bool(data["has_package"])
    organisation.save()
    return organisation


@transaction.atomic
def register_again(
    *, organisation: Organisation, cohort: Cohort, mentees: int | None, mentors: int | None, message: str, by: User
) -> Interest:
    """Register an organisation that took part before, by its coordinator's word: what we know of it stays as it is."""
    interest = _store(
        organisation,
        {
            "organisation": organisation.name, "kind": Interest.Kind.REGISTRATION, "cohort": cohort,
            "contact_name": by.get_full_name(), "contact_email": by.email, "contact_role": "Coordinator",
            "is_member": organisation.is_member, "has_package": organisation.has_package,
            "expected_mentees": mentees, "expected_mentors": mentors, "message": message,
        },
    )  # fmt: skip
    record(by=by, verb="interest.registered", about=interest, routing=interest.routing, joined=True)
    _tell(interest)
    return interest


OWN_WORDS = ["kind", "contact_name", "contact_email", "is_member", "has_package"]
MAY_BE_MISSING = {"contact_role": "", "cohort": None, "expected_mentees": None, "expected_mentors": None, "message": ""}


def _own_words(data: dict[str, Any]) -> dict[str, Any]:
    """The submission's own fields, for a question and a registration alike."""
    words = {name: data[name] for name in OWN_WORDS} | {name: data.get(name, d) for name, d in MAY_BE_MISSING.items()}
    return words | {"organisation_as_written": data["organisation"], "contact_email": data["contact_email"].lower()}


def _pressed_twice(organisation: Organisation, data: dict[str, Any]) -> Interest | None:
    recent = organisation.interests.filter(created_at__gte=clock.now() - PRESSED_TWICE)
    return recent.filter(**_own_words(data)).first()


def _store(organisation: Organisation, data: dict[str, Any]) -> Interest:
    """Routed by what we know and what we are told: a contact who is not sure does not undo what staff know."""
    routing = route(
        is_member=organisation.is_member or data["is_member"],
        has_package=organisation.has_package or data["has_package"],
    )
    return Interest.objects.create(
        organisation=organisation, routing=routing, assigned_to=_own_adviser(organisation), **_own_words(data)
    )


def _own_adviser(organisation: Organisation) -> User | None:
    adviser = organisation.adviser
    return adviser if adviser and adviser.is_active and adviser.is_staff else None


def _tell(interest: Interest) -> None:
    queue(
        kind="organisations.interest_received",
        about=interest,
        address=interest.contact_email,
        name=interest.contact_name,
    )
    for person in [interest.assigned_to] if interest.assigned_to else team_for(interest):
        queue(kind="organisations.interest_assigned", about=interest, to=person)


def _locked(interest: Interest) -> Interest:
    return Interest.objects.select_for_update().get(pk=interest.pk)


@transaction.atomic
def assign_interest(*, interest: Interest, to: User | None, by: User) -> Interest:
    """Give an interest to somebody, or back to the team's queue with None. They are told unless they took it."""
    locked = _locked(interest)
    if locked.assigned_to == to:
        return locked
    locked.assigned_to = to
    locked.save(update_fields=["assigned_to"])
    record(by=by, verb="interest.assigned", about=locked, to=str(to.pk) if to else "")
    if to is not None and to != by:
        queue(kind="organisations.interest_assigned", about=locked, to=to)
    return locked


@transaction.atomic
def assign_adviser(*, organisation: Organisation, to: User | None, by: User) -> Organisation:
    """Give an organisation its own adviser, or none. What it has sent before stays with whoever has it."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if locked.adviser_id == (to.pk if to else None):
        return locked
    locked.adviser = to
    locked.save(update_fields=["adviser"])
    record(by=by, verb="organisation.adviser_changed", about=locked, to=str(to.pk) if to else "")
    return locked


@transaction.atomic
def answer_interest(*, interest: Interest, by: User) -> Interest:
    """Note that somebody has answered. It keeps the first time, and is theirs if it was nobody's."""
    locked = _locked(interest)
    if locked.state != Interest.State.NEW:
        return locked
    locked.state, locked.answered_at = Interest.State.ANSWERED, clock.now()
    locked.assigned_to = locked.assigned_to or by
    locked.save(update_fields=["state", "answered_at", "assigned_to"])
    record(by=by, verb="interest.answered", about=locked)
    return locked


@transaction.atomic
def close_interest(*, interest: Interest, by: User) -> Interest:
    """End an interest that leads to no participation. One that was confirmed stays confirmed."""
    locked = _locked(interest)
    if locked.state in {Interest.State.CLOSED, Interest.State.CONFIRMED}:
        return locked
    locked.state = Interest.State.CLOSED
    locked.save(update_fields=["state"])
    record(by=by, verb="interest.closed", about=locked)
    return locked


@transaction.atomic
def separate_interest(*, interest: Interest, by: User) -> Organisation:
    """Undo a wrong joining: give the submission an organisation of its own, under the name as it was written.

    Raises ValidationError when it is the only one of its organisation.
    """
    locked = _locked(interest)
    if not locked.organisation.interests.exclude(pk=locked.pk).exists():
        raise ValidationError(f"This is the only submission of {locked.organisation}: there is nothing to separate.")
    own = Organisation.objects.create(name=locked.organisation_as_written)
    locked.organisation = own
    locked.save(update_fields=["organisation"])
    record(by=by, verb="interest.separated", about=locked)
    return own


@transaction.atomic
def record_demand(*, employer: str, email: str, may_tell_employer: bool) -> Demand:
    """Count somebody whose employer is not taking part. `email` only from those who want to be told when it joins."""
    organisation = matching.find(name=employer, email="")
    demand = Demand.objects.create(
        employer=employer,
        employer_key=name_key(employer)[:200],
        organisation=organisation,
        email=email.strip().lower(),
        may_tell_employer=may_tell_employer,
    )
    record(by=None, verb="demand.recorded", about=demand, may_tell_employer=may_tell_employer, wants_news=bool(email))
    return demand
