"""What closing a cohort would do, said before it is done."""

from dataclasses import dataclass

from circles.models import Attendance, Session
from circles.selectors.people import earned
from cohorts.models import Cohort
from participants.models import Enrolment
from surveys.selectors.flow import enrolled
from surveys.selectors.reach import reach_figures, took_part


@dataclass(frozen=True)
class ClosingPreview:
    """`blockers` stop the close, `warnings` don't; the rest is what will happen."""

    blockers: list[str]
    warnings: list[str]
    certificates: list[Enrolment]
    completed: int
    never_placed: int
    organisations: int
    mentees: int
    mentors: int


def closing_blockers(cohort: Cohort) -> list[str]:
    """Why the cohort can't be closed yet, in words; empty when it can."""
    to_come = Session.objects.upcoming().filter(circle__cohort=cohort).count()
    if to_come == 0:
        return []
    return [f"{to_come} session{' is' if to_come == 1 else 's are'} still to come. Hold or cancel them first."]


def closing_preview(cohort: Cohort) -> ClosingPreview:
    """Everything the person who closes the cohort should know first."""
    reach, people = reach_figures(cohort), took_part(cohort)
    return ClosingPreview(
        blockers=closing_blockers(cohort),
        warnings=_warnings(cohort),
        certificates=list(earned(cohort).select_related("user", "organisation")),
        completed=len(people),
        never_placed=enrolled(cohort).exclude(pk__in=[person.pk for person in people]).count(),
        organisations=len(reach["organisations"]),
        mentees=reach["mentees"],
        mentors=reach["mentors"],
    )


def _warnings(cohort: Cohort) -> list[str]:
    past = Session.objects.past().filter(circle__cohort=cohort)
    known = Attendance.objects.filter(session__in=past, attended__isnull=False).values("session")
    silent = past.exclude(pk__in=known).count()
    if silent == 0:
        return []
    return [f"Nobody has recorded who came to {silent} of {past.count()} sessions: people may miss their certificate."]
