"""Everything that one person is in the programme, in words."""

from collections.abc import Iterator

from accounts.models import User

# What `held` reads, so that a list of people costs the same few queries however long it is.
PREFETCH = ["staff_assignments__cohort", "coordinations__organisation", "enrolments__cohort"]


def held(user: User) -> list[str]:
    """The person's roles: in the team, for organisations, in cohorts."""
    return [*_in_the_team(user), *_for_organisations(user), *_in_cohorts(user)]


def _in_the_team(user: User) -> Iterator[str]:
    for assignment in user.staff_assignments.all():
        yield f"{assignment.get_role_display()} ({assignment.cohort or 'every cohort'})"


def _for_organisations(user: User) -> Iterator[str]:
    for coordination in user.coordinations.all():
        if coordination.ended_at is None:
            yield f"Coordinator ({coordination.organisation})"


def _in_cohorts(user: User) -> Iterator[str]:
    for enrolment in user.enrolments.all():
        yield f"{enrolment.get_role_display()} ({enrolment.cohort})"
