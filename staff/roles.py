"""Everything that one person is in the programme, in words."""

from collections.abc import Iterator

from accounts.models import User
from organisations.models import Organisation
from participants.models import Enrolment

# What `held` reads, so that a list of people costs the same few queries however long it is.
PREFETCH = ["staff_assignments__cohort", "coordinations__organisation", "enrolments__cohort"]


def held(user: User) -> list[str]:
    """The person's roles: in the team, for organisations, in cohorts."""
    return [*_in_the_team(user), *_for_organisations(user), *_in_cohorts(user)]


def pages(user: User, viewer: User) -> list[tuple[str, str]]:
    """The same with the page of each; blank where there is none, or the viewer may not see it."""
    employers = [one for one in user.coordinations.all() if one.ended_at is None]
    parts = user.enrolments.select_related("cohort", "organisation")
    return [
        *((role, "") for role in _in_the_team(user)),
        *((f"Coordinator ({one.organisation})", _page(one.organisation, viewer)) for one in employers),
        *((f"{one.get_role_display()} ({one.cohort}), for {one.organisation}", _page(one, viewer)) for one in parts),
    ]


def _page(row: Organisation | Enrolment, viewer: User) -> str:
    if isinstance(row, Enrolment):
        return row.get_absolute_url() if viewer.has_perm("participants.view_enrolment", row.cohort) else ""
    return row.get_absolute_url() if viewer.has_perm("organisations.view_organisation") else ""


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
