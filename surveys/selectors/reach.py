"""Whom the programme has reached: the record from before this software, and the cohorts closed since."""

import datetime as dt
from dataclasses import dataclass

from circles.selectors.people import who_took_part
from cohorts.models import Cohort
from content.models import Baseline
from organisations.models import Organisation
from participants.models import Enrolment
from surveys.models import Snapshot

IN_BASELINE = "Organisations that are in the record from before this software are not counted again."


@dataclass(frozen=True)
class LiveImpact:
    """The public figures. Each organisation counts once, whatever the number of its cohorts."""

    organisations: int
    mentees: int
    mentors: int
    as_of: dt.date | None


def live_impact() -> LiveImpact:
    """The baseline plus what closed cohorts added, as it was released at their close."""
    baseline = Baseline.objects.first()
    released = latest_reach()
    organisations = {key for figures in released for key in figures["organisations"]}
    return LiveImpact(
        organisations=(baseline.organisations if baseline else 0) + len(organisations),
        mentees=(baseline.mentees if baseline else 0) + sum(figures["mentees"] for figures in released),
        mentors=(baseline.mentors if baseline else 0) + sum(figures["mentors"] for figures in released),
        as_of=baseline.as_of if baseline else None,
    )


def latest_reach() -> list[dict]:
    """The newest reach snapshot of each cohort."""
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.REACH).order_by("cohort_id", "-created_at").distinct("cohort_id")
    return [row.figures for row in rows]


def took_part(cohort: Cohort) -> list[Enrolment]:
    """The people who sit in one of the cohort's circles at this moment, or came to a session of one that has ended."""
    return list(who_took_part(cohort).select_related("user", "organisation"))


def reach_figures(cohort: Cohort) -> dict[str, object]:
    """What the cohort adds: organisations not in the baseline (by key), and people by side, each person once.

    Whoever leads counts as a mentor and everybody else as a mentee, partners of a reciprocal pair included.
    """
    people = took_part(cohort)
    new = Organisation.objects.filter(pk__in={person.organisation_id for person in people}, in_baseline=False)
    leads = sum(person.side == "lead" for person in people)
    return {
        "organisations": sorted(str(key) for key in new.values_list("pk", flat=True)),
        "mentees": len(people) - leads,
        "mentors": leads,
    }
