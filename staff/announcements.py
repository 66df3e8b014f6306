"""Whom an announcement is for: who gets it, and who of the chosen does not, and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from circles.emails.announcements import ANNOUNCEMENT
from circles.models import Announcement, Attendance, Membership, Session
from cohorts.models import Cohort
from organisations.models import Coordinator
from outbox.preferences import SAID_NO, opted_out
from participants.models import Enrolment, EnrolmentState
from staff.attention import presence
from surveys.selectors import not_ready
from surveys.selectors.due import waiting_for
from surveys.selectors.windows import Window, session_span, window

COORDINATOR = "coordinator"
Group = Announcement.Group


@dataclass(frozen=True)
class Person:
    """One of the chosen; `why_not` is blank for whoever gets it."""

    user: User
    role: str
    organisation: str
    why_not: str = ""


@dataclass(frozen=True)
class Audience:
    """Everybody chosen, each person once, in the order of their names."""

    chosen: list[Person] = field(default_factory=list)

    @property
    def to(self) -> list[Person]:
        return [person for person in self.chosen if not person.why_not]

    @property
    def left_out(self) -> list[Person]:
        return [person for person in self.chosen if person.why_not]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people are left out, with how many, the most frequent first."""
        return Counter(person.why_not for person in self.left_out).most_common()


def audience(announcement: Announcement) -> Audience:
    """Whom the announcement is for as things are now. A person who is chosen twice is in it once, as who gets it."""
    chosen, found = list(_chosen(announcement)), dict[Any, Person]()
    refused = opted_out([(person.user.pk, ANNOUNCEMENT) for person in chosen])
    chosen = [replace(one, why_not=SAID_NO) if (one.user.pk, ANNOUNCEMENT) in refused else one for one in chosen]
    for person in sorted(chosen, key=lambda one: (bool(one.why_not), one.user.sort_name)):
        found.setdefault(person.user.pk, person)
    return Audience(list(found.values()))


def _chosen(announcement: Announcement) -> Iterator[Person]:
    for enrolment in _enrolments(announcement):
        yield Person(enrolment.user, enrolment.get_role_display(), str(enrolment.organisation), _why_not(enrolment))
    if COORDINATOR in announcement.roles and announcement.group == Group.EVERYBODY and not announcement.circle_id:
        for coordinator in _coordinators(announcement):
            ended = "No longer a coordinator" if coordinator.ended_at else ""
            why = ended or _account(coordinator.user)
            yield Person(coordinator.user, "Coordinator", str(coordinator.organisation), why)


def _why_not(enrolment: Enrolment) -> str:
    return "Has left the cohort" if enrolment.state == EnrolmentState.WITHDRAWN else _account(enrolment.user)


def _account(user: User) -> str:
    if not user.is_active:
        return "Their account is closed"
    return "" if user.email else "There is no address"


def _enrolments(announcement: Announcement) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(cohort=announcement.cohort_id, role__in=announcement.roles)
    if announcement.organisation_id:
        rows = rows.filter(organisation=announcement.organisation_id)
    if announcement.circle_id:
        seats = Membership.objects.current().filter(circle=announcement.circle_id)
        rows = rows.filter(pk__in=seats.values("enrolment"))
    return GROUPS[Group(announcement.group)](rows, announcement.cohort).select_related("user", "organisation")


def _coordinators(announcement: Announcement) -> QuerySet[Coordinator]:
    rows = Coordinator.objects.filter(
        organisation__participations__cohort=announcement.cohort_id, organisation__participations__withdrawn_at=None
    )
    if announcement.organisation_id:
        rows = rows.filter(organisation=announcement.organisation_id)
    return rows.select_related("user", "organisation").distinct()


# --- the groups -----------------------------------------------------------------------------------
def _everybody(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    return rows


def _no_reply(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    """Members of circles whose next session they have not replied to."""
    upcoming = Session.objects.upcoming().filter(circle__cohort=cohort).order_by("starts_at")
    following: dict[Any, Any] = {}
    for circle_id, pk in upcoming.values_list("circle_id", "pk"):
        following.setdefault(circle_id, pk)
    replied = Attendance.objects.filter(session__in=following.values()).exclude(reply="")
    seats = Membership.objects.current().filter(circle__in=following)
    return rows.filter(pk__in=seats.values("enrolment")).exclude(pk__in=replied.values("enrolment"))


def _no_answer(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    """Those whom a survey that is open still waits for, as its own reminders know them."""
    span = session_span(cohort)
    asked = cohort.surveys.before_and_after().select_related("cohort")
    surveys = [survey for survey in asked if window(survey, span) == Window.OPEN]
    return rows.filter(pk__in={enrolment.pk for survey in surveys for enrolment in waiting_for(survey)})


def _waiting(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who are enrolled and have no seat."""
    seat = Membership.objects.current().filter(enrolment=OuterRef("pk"))
    return rows.filter(~Exists(seat), state=EnrolmentState.ENROLLED)


def _not_ready(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    return rows.filter(pk__in=not_ready(cohort))


def _absent(rows: QuerySet[Enrolment], cohort: Cohort) -> QuerySet[Enrolment]:
    """Those whom the front page lists because they stay away."""
    return rows.filter(pk__in=[seat.enrolment_id for seat in presence.away([cohort])])


GROUPS: dict[Group, Callable[[QuerySet[Enrolment], Cohort], QuerySet[Enrolment]]] = {
    Group.EVERYBODY: _everybody, Group.NO_REPLY: _no_reply, Group.NO_ANSWER: _no_answer, Group.WAITING: _waiting,
    Group.NOT_READY: _not_ready, Group.ABSENT: _absent,
}  # fmt: skip


def roles_of(cohort: Cohort) -> list[tuple[str, str]]:
    """The roles that one may write to in a cohort, with their words."""
    words = {"mentor": "Mentors", "mentee": "Mentees", "partner": "Partners"}
    return [*((role, words[role]) for role in cohort.format.roles), (COORDINATOR, "Coordinators of organisations")]


def in_words(announcement: Announcement, roles: Iterable[tuple[str, str]]) -> str:
    """“Mentees and mentors · Fernhill Housing”, as the list says whom it is for."""
    chosen = [words for role, words in roles if role in announcement.roles]
    parts = [", ".join(chosen)]
    if announcement.group != Group.EVERYBODY:
        parts.append(announcement.get_group_display())
    parts += [str(one) for one in (announcement.organisation, announcement.circle) if one]
    return " · ".join(parts)
