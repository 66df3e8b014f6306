"""What a past cohort's rows would become, and storing it: a closed cohort, sent to nobody and telling nobody."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import clock
from accounts.models import User
from cohorts.calendar import wall
from cohorts.models import KEY_DATES, Cohort, Format
from organisations.models import Organisation, Participation, name_key
from participants.models import Enrolment, EnrolmentChange, EnrolmentState
from privacy.services import record
from staff.models import PastLoad
from staff.past.reading import PastRow
from surveys.models import Snapshot
from surveys.services.closing import release_snapshot

# How long the names of who took part are kept after their cohort closed (`privacy/inventory.toml`).
NAMES_KEPT = dt.timedelta(days=730)
TOO_OLD = (
    "This cohort closed more than two years ago, and names are kept for two years. Load its organisations with numbers "
    "instead, unless these people have agreed that you keep their names."
)


@dataclass(frozen=True)
class Details:
    """What the spreadsheet does not say of its cohort."""

    format: Format
    number: int
    name: str
    launch: dt.date
    closed: dt.date
    sessions: int
    in_baseline: bool


@dataclass
class Outlook:
    """What loading the rows would do. Each of the `rows` stands with a note of what is known of it already."""

    organisations: int = 0
    new_organisations: int = 0
    people: int = 0
    new_people: int = 0
    mentees: int = 0
    mentors: int = 0
    errors: int = 0
    rows: list[tuple[PastRow, str]] = field(default_factory=list)
    warning: str = ""
    unmarked: list[str] = field(default_factory=list)  # organisations that would be counted again


def look(details: Details, rows: list[PastRow]) -> Outlook:
    """Says what `load` would do, and writes nothing."""
    organisations, people = _organisations(rows), _people(rows)
    keys = {name_key(row.organisation) for row in rows if row.organisation}
    persons = [row for row in rows if row.is_person]
    leads = sum(details.format.side_of(row.role) == "lead" for row in persons)
    old = persons and clock.today() - details.closed > NAMES_KEPT
    return Outlook(
        organisations=len(keys),
        new_organisations=len(keys - set(organisations)),
        people=len(persons),
        new_people=sum(row.email not in people for row in persons),
        mentees=len(persons) - leads + sum(row.mentees for row in rows),
        mentors=leads + sum(row.mentors for row in rows),
        errors=sum(bool(row.errors) for row in rows),
        rows=[(row, " ".join(_notes(row, organisations, people))) for row in rows],
        warning=TOO_OLD if old else "",
        unmarked=sorted(one.name for one in organisations.values() if details.in_baseline and not one.in_baseline),
    )


def _organisations(rows: list[PastRow]) -> dict[str, Organisation]:
    """Those that there are already, by the key of their name."""
    keys = {name_key(row.organisation) for row in rows if row.organisation}
    found = Organisation.objects.filter(name_key__in=keys).order_by("-created_at")
    return {organisation.name_key: organisation for organisation in found}  # of several the oldest


def _people(rows: list[PastRow]) -> dict[str, User]:
    """Those who have an account already, by their address in lower case; one is kept in lower case."""
    found = User.objects.filter(email__in=[row.email for row in rows if row.is_person])
    return {person.email: person for person in found}


def _notes(row: PastRow, organisations: dict[str, Organisation], people: dict[str, User]) -> list[str]:
    notes = []
    organisation, person = organisations.get(name_key(row.organisation)), people.get(row.email)
    if organisation and organisation.name != row.organisation:
        notes.append(f"The organisation is known as {organisation}.")
    if person:
        notes.append(f"Known already: {person}. Their account stays as it is.")
    return notes


@transaction.atomic
def load(*, details: Details, rows: list[PastRow], by: User) -> PastLoad:
    """Store them as a closed cohort. Nothing is sent, nobody is invited, and no certificate is given.

    Raises ValidationError when a row has an error, or the format has a cohort of that number already.
    """
    if not rows or any(row.errors for row in rows):
        raise ValidationError("Correct the rows first.")
    cohort = _cohort(details)
    stored = PastLoad.objects.create(
        cohort=cohort,
        by=by,
        in_baseline=details.in_baseline,
        unnamed_mentees=sum(row.mentees for row in rows),
        unnamed_mentors=sum(row.mentors for row in rows),
    )
    organisations = _store_organisations(stored, rows)
    _store_people(stored, rows, organisations)
    if not details.in_baseline:
        _release(stored, list(organisations.values()))
    record(by=by, verb="cohort.loaded", about=cohort, rows=len(rows), organisations=len(organisations))
    return stored


def _cohort(details: Details) -> Cohort:
    """Of the days before its launch nothing is known: they are set to the launch itself."""
    days = {f"{key}_{end}": details.launch for key, _ in KEY_DATES for end in ("from", "until")}
    days |= {"sessions_until": details.closed, "close_from": details.closed, "close_until": details.closed}
    cohort = Cohort(
        format=details.format,
        number=details.number,
        name=details.name,
        session_count=details.sessions,
        certificate_sessions=min(4, details.sessions),
        closed_at=wall(details.closed, dt.time(12)),
        **days,
    )
    cohort.full_clean()
    cohort.save()
    return cohort


def _store_organisations(stored: PastLoad, rows: list[PastRow]) -> dict[str, Organisation]:
    found = _organisations(rows)
    for row in rows:
        key = name_key(row.organisation)
        if key not in found:
            found[key] = Organisation.objects.create(name=row.organisation, in_baseline=stored.in_baseline)
            stored.new_organisations.add(found[key])
    Participation.objects.bulk_create(
        Participation(organisation=one, cohort=stored.cohort, confirmed_by=stored.by) for one in found.values()
    )
    return found


def _store_people(stored: PastLoad, rows: list[PastRow], organisations: dict[str, Organisation]) -> None:
    people, made = _people(rows), []
    for row in rows:
        if row.is_person and row.email not in people:
            person = User.objects.create_user(row.email, first_name=row.first_name, last_name=row.last_name)
            people[row.email] = person
            made.append(person)
    stored.new_people.add(*made)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(user=people[row.email], organisation=organisations[name_key(row.organisation)], **_part(stored, row))
        for row in rows
        if row.is_person
    )
    EnrolmentChange.objects.bulk_create(
        EnrolmentChange(enrolment=one, state=one.state, by=stored.by, note="Loaded from an older record")
        for one in enrolments
    )


def _part(stored: PastLoad, row: PastRow) -> dict[str, Any]:
    """Nobody agreed to anything here, and so nothing says that they did."""
    return {
        "cohort": stored.cohort,
        "role": row.role,
        "side": stored.cohort.format.side_of(row.role),
        "state": EnrolmentState.COMPLETED if row.completed else EnrolmentState.WITHDRAWN,
        "job_title": row.job_title,
        "from_before": True,
        "sessions_before": row.sessions,
    }


def _release(stored: PastLoad, organisations: list[Organisation]) -> None:
    """What the cohort adds to the public figures, as closing one here would: see `surveys.selectors.reach`."""
    completed = stored.cohort.enrolments.filter(state=EnrolmentState.COMPLETED)
    leads = completed.filter(side="lead").count()
    figures = {
        "organisations": sorted(str(one.pk) for one in organisations if not one.in_baseline),
        "mentees": completed.count() - leads + stored.unnamed_mentees,
        "mentors": leads + stored.unnamed_mentors,
    }
    release_snapshot(cohort=stored.cohort, kind=Snapshot.Kind.REACH, figures=figures)
