"""Who stays away or says nothing: absences in a row, a mentor who does not answer, attendance that nobody recorded."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Membership, Session
from cohorts.models import Cohort
from participants.services import employers
from privacy.models import BESIDE_THE_NAME, ConsentEvent
from staff import one_person
from staff.attention.base import Item, Rule, short_date

ABSENCES = 2
SILENT_DAYS = 7  # before a session
RECORD_WITHIN = dt.timedelta(days=7)
NEWS_FOR = dt.timedelta(days=14)  # that somebody took back a consent
BY_THE_TEAM = [employers.HOW, one_person.HOW]  # what followed from an act of the team is no news to it


def absent_mentor(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Circles whose lead missed the last two meetings whose attendance is recorded."""
    away = _away(_seats(cohorts).filter(seat=Membership.LEAD_SEAT))
    return [Item(m.circle.cohort_id, f"{m.enrolment.user}, {m.circle}", m.circle.get_absolute_url()) for m in away]


def absent_members(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Members who missed the last two of their circle's meetings of which it is recorded who came."""
    away = away_members(cohorts)
    return [Item(m.circle.cohort_id, _who(m), _person(m), m.enrolment.organisation.adviser_id) for m in away]


def away_members(cohorts: Iterable[Cohort]) -> list[Membership]:
    """The seats of members who missed the last two meetings of which it is recorded who came."""
    return _away(_seats(cohorts).exclude(seat=Membership.LEAD_SEAT).select_related("enrolment__organisation"))


def away(cohorts: Iterable[Cohort]) -> list[Membership]:
    """The same with those who lead."""
    return _away(_seats(cohorts))


def _who(seat: Membership) -> str:
    return f"{seat.enrolment.user} of {seat.enrolment.organisation}, {seat.circle}"


def _person(seat: Membership) -> str:
    return seat.enrolment.get_absolute_url()


def _seats(cohorts: Iterable[Cohort]) -> QuerySet[Membership]:
    """Who sits in a circle that still meets."""
    circles = Circle.objects.open().filter(cohort__in=cohorts)
    rows = Membership.objects.current().filter(circle__in=circles).order_by("circle__number", "seat")
    return rows.select_related("circle__cohort__format", "enrolment__user")


def _away(seats: QuerySet[Membership]) -> list[Membership]:
    """Who missed the last two; only rows of those who missed two at all are read, of a whole programme's."""
    missed = Attendance.objects.filter(attended=False).order_by().values("enrolment").annotate(times=Count("pk"))
    seats = seats.filter(enrolment__in=missed.filter(times__gte=ABSENCES).values("enrolment"))
    came = _attendance_of(seats)
    return list(seats.filter(pk__in=[seat for seat, latest in came.items() if latest == [False] * ABSENCES]))


def _attendance_of(seats: QuerySet[Membership]) -> dict[Any, list[bool]]:
    """For each seat whether its person came to the latest meetings of the circle that they sit in."""
    rows = Attendance.objects.filter(
        session__circle__memberships__in=seats.order_by().values("pk"),
        session__circle__memberships__enrolment=F("enrolment"),
        session__state=Session.State.PLANNED,
        session__starts_at__lte=clock.now(),
        attended__isnull=False,
    ).order_by("-session__starts_at")
    found: dict[Any, list[bool]] = defaultdict(list)
    for seat, attended in rows.values_list("session__circle__memberships", "attended"):
        if len(found[seat]) < ABSENCES:
            found[seat].append(attended)
    return found


def silent_mentors(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Mentors who have not said whether they come to a session that is days away."""
    soon = clock.now() + dt.timedelta(days=SILENT_DAYS)
    said = Attendance.objects.filter(session=OuterRef("pk"), enrolment=OuterRef("lead")).exclude(reply="")
    lead = Q(circle__memberships__seat=Membership.LEAD_SEAT, circle__memberships__left_at=None)
    rows = Session.objects.upcoming().filter(lead, circle__cohort__in=cohorts, starts_at__lte=soon)
    rows = rows.annotate(lead=F("circle__memberships__enrolment"), who=F("circle__memberships__enrolment__user"))
    rows = rows.filter(~Exists(said)).select_related("circle__cohort__format")
    names = User.objects.in_bulk({row.who for row in rows})
    return [Item(s.circle.cohort_id, f"{names[s.who]}, {_when(s)}", s.get_absolute_url()) for s in rows]


def _when(session: Session) -> str:
    return f"{session.circle}, {short_date(session.starts_at)}"


def not_recorded(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Sessions of more than a week ago of which nobody has said who came."""
    recorded = Attendance.objects.filter(session=OuterRef("pk"), attended__isnull=False)
    rows = Session.objects.planned().filter(circle__cohort__in=cohorts, starts_at__lte=clock.now() - RECORD_WITHIN)
    rows = rows.filter(~Exists(recorded), circle__closed_at=None).select_related("circle__cohort__format")
    return [Item(s.circle.cohort_id, _when(s), s.get_absolute_url()) for s in rows]


def consent_withdrawn(user: User, cohorts: list[Cohort]) -> list[Item]:
    """People of these cohorts who lately took back a consent and have not given it again."""
    same = {"user": OuterRef("user"), "wording__purpose": OuterRef("wording__purpose")}
    before = ConsentEvent.objects.filter(**same, given=True, at__lt=OuterRef("at"))
    since = ConsentEvent.objects.filter(**same, at__gt=OuterRef("at"))
    rows = ConsentEvent.objects.filter(Exists(before), ~Exists(since), given=False, at__gt=clock.now() - NEWS_FOR)
    rows = rows.exclude(how__in=BY_THE_TEAM).exclude(wording__purpose__in=BESIDE_THE_NAME)  # which asks nobody to act
    rows = rows.filter(user__enrolments__cohort__in=cohorts).annotate(in_cohort=F("user__enrolments__cohort"))
    return [Item(e.in_cohort, _taken_back(e), _event(e)) for e in rows.select_related("user", "wording")]


def _taken_back(event: ConsentEvent) -> str:
    return f"{event.user}, {short_date(event.at)}: {event.wording.get_purpose_display().lower()}"


def _event(event: ConsentEvent) -> str:
    return reverse("admin:privacy_consentevent_change", args=[event.pk])


RULES = [
    Rule(
        key="mentor_absent",
        says="Mentor missed the last two sessions",
        action="See the circle",
        permission="circles.view_circle",
        find=absent_mentor,
        stage="sessions",
    ),
    Rule(
        key="mentor_silent",
        says=f"Mentor has not said whether they come, {SILENT_DAYS} days or less before the session",
        action="See the session",
        permission="circles.view_session",
        find=silent_mentors,
        stage="sessions",
    ),
    Rule(
        key="two_absences",
        says="Somebody missed the last two sessions",
        action="See the person",
        permission="participants.view_enrolment",
        find=absent_members,
        stage="sessions",
    ),
    Rule(
        key="not_recorded",
        says="Nobody has said who came, a week after the session",
        action="See the session",
        permission="circles.view_session",
        find=not_recorded,
        stage="sessions",
    ),
    Rule(
        key="consent_withdrawn",
        says=f"Somebody took back a consent in the last {NEWS_FOR.days} days",
        action="See what it was",
        permission="privacy.view_consentevent",
        find=consent_withdrawn,
    ),
]
