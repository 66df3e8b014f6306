"""Circles: one without a lead, without a next meeting, or with too few coming."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Circle, Membership, Session
from circles.selectors.closed import OnClosedDay, on_closed_days
from circles.selectors.quorum import Forecast, Verdict, forecasts, perhaps_short
from cohorts.models import Cohort
from staff.attention.base import Item, Rule, plural, short_date

DAYS_AHEAD = 14
LOOKS = "See the circle"


def not_formed(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Cohorts whose recruitment is over and whose circles nobody has been told of."""
    today = clock.today()
    waiting = [c for c in cohorts if c.recruitment_until < today < c.close_until and not c.published_at]
    return [Item(c.pk, f"Launch is on {short_date(c.launch_from)}", _board(c)) for c in waiting]


def _board(cohort: Cohort) -> str:
    return reverse("admin:formation_board", args=[cohort.pk])


def without_lead(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Circles whose mentor has left."""
    lead = Membership.objects.current().filter(circle=OuterRef("pk"), seat=Membership.LEAD_SEAT)
    rows = _circles(cohorts).filter(~Exists(lead))
    return [Item(c.cohort_id, str(c), **_change(user, c, "admin:circle_mentor")) for c in rows]


def thin(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Circles with fewer members than their cohort aims at, while the cohort's months of meeting last."""
    meeting = [c for c in cohorts if c.sessions_until >= clock.today()]
    sitting = Q(memberships__left_at__isnull=True, memberships__seat__gt=Membership.LEAD_SEAT)
    rows = _circles(meeting).annotate(members=Count("memberships", sitting))
    rows = rows.filter(members__lt=F("cohort__circle_minimum"), cohort__format__capacity__gt=1)
    return [Item(c.cohort_id, _how_thin(c), **_change(user, c, "admin:circle_merge")) for c in rows]


def _how_thin(circle: Any) -> str:
    return f"{circle}: {plural(circle.members, 'member')}, at least {circle.cohort.circle_minimum} are aimed at"


def _change(user: User, circle: Circle, page: str) -> dict[str, str]:
    """The page that makes the change; the circle itself for somebody who may only look."""
    if user.has_perm("circles.form_circles", circle):
        return {"url": reverse(page, args=[circle.pk])}
    return {"url": circle.get_absolute_url(), "looks": LOOKS}


def without_next_session(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Circles with meetings still to come and none in the calendar, while the cohort's months of meeting last."""
    meeting = [c for c in cohorts if c.sessions_until >= clock.today()]
    planned = Q(sessions__state=Session.State.PLANNED)
    coming = planned & Q(sessions__starts_at__gt=clock.now())
    rows = _circles(meeting).annotate(planned=Count("sessions", planned), coming=Count("sessions", coming))
    rows = rows.filter(coming=0, planned__lt=F("cohort__session_count"))
    return [_to_plan(user, c) for c in rows]


def _to_plan(user: User, circle: Any) -> Item:
    looks = "" if user.has_perm("circles.change_circle", circle) else LOOKS
    held = f"{circle}: {circle.planned} of {circle.cohort.session_count} held"
    return Item(circle.cohort_id, held, circle.get_absolute_url(), looks=looks)


def too_few(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Sessions of the days ahead to which too few would come even if all who have not said no did."""
    soon = clock.now() + dt.timedelta(days=DAYS_AHEAD)
    rows = Session.objects.upcoming().filter(circle__in=_circles(cohorts), starts_at__lte=soon)
    sessions = list(perhaps_short(rows).select_related("circle__cohort__format"))
    said = forecasts(sessions)
    few = [one for one in sessions if said[one.pk].verdict == Verdict.SHORT]
    return [Item(one.circle.cohort_id, _how_few(one, said[one.pk]), one.get_absolute_url()) for one in few]


def _how_few(session: Session, said: Forecast) -> str:
    return f"{session.circle}, {short_date(session.starts_at)}: {said.words}; needs {said.needed}"


def closed_day(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Sessions to come on a day that was blocked after they were planned, or that is a bank holiday."""
    found = on_closed_days(cohorts)
    return [Item(one.session.circle.cohort_id, _what_day(one), **_move(user, one.session)) for one in found]


def _what_day(one: OnClosedDay) -> str:
    return f"{one.session.circle}, {short_date(one.session.starts_at)}: {one.why}"


def _move(user: User, session: Session) -> dict[str, str]:
    """The page that moves it; the session itself for somebody who may only look."""
    if user.has_perm("circles.change_session", session.circle.cohort):
        return {"url": reverse("admin:move_circle_session", args=[session.pk])}
    return {"url": session.get_absolute_url(), "looks": "See the session"}


def _circles(cohorts: list[Cohort]) -> QuerySet[Circle]:
    """Those that still meet: a circle that is closed lacks nothing."""
    return Circle.objects.open().filter(cohort__in=cohorts).select_related("cohort__format")


RULES = [
    Rule(
        key="circles_not_published",
        says="Recruitment is over and circles are not published",
        action="Form circles",
        permission="circles.form_circles",
        find=not_formed,
        stage="launch",
    ),
    Rule(
        key="no_lead",
        says="Circle without a mentor",
        action="Find a mentor",
        permission="circles.view_circle",
        find=without_lead,
        stage="sessions",
    ),
    Rule(
        key="thin_circle",
        says="Circle with few members",
        action="Merge it with another",
        permission="circles.view_circle",
        find=thin,
        stage="sessions",
    ),
    Rule(
        key="no_next_session",
        says="Circle without a next session",
        action="Plan a session",
        permission="circles.view_circle",
        find=without_next_session,
        stage="sessions",
    ),
    Rule(
        key="too_few_coming",
        says="Too few are coming to a session",
        action="See the session",
        permission="circles.view_session",
        find=too_few,
        stage="sessions",
    ),
    Rule(
        key="closed_day",
        says="Session on a blocked day or bank holiday",
        action="Move it",
        permission="circles.view_session",
        find=closed_day,
        stage="sessions",
        cohort_page="admin:cohort_closed_days",
    ),
]
