"""Moving and cancelling sessions in a mentor's place: one, or it and the following, with the days to be seen first."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circles.forms import FOLLOWING, SessionForm
from circles.models import Session
from circles.selectors.away import spans
from circles.selectors.closed import on_closed_days
from circles.selectors.stand_ins import clashes
from circles.services import series, sessions
from circles.services.sessions import SessionError
from cohorts.selectors import closed_days
from privacy import typed
from staff import pages
from staff.views.sessions import crumbs, session_of, why_not

MAY_SEE = "circles.view_session"

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "session/<uuid:pk>/move/", move, "move_circle_session"),
        pages.page(site, "session/<uuid:pk>/cancel/", cancel, "cancel_circle_session"),
        pages.page(site, "session/<uuid:pk>/keep/", keep, "keep_circle_session"),
        pages.page(site, "cohort/<uuid:pk>/closed-days/", closed, "cohort_closed_days"),
    ]


# --- moving ---------------------------------------------------------------------------------------
@shows_and_takes
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = session_of(request, pk)
    why = why_not(session)
    data = request.POST if request.method == "POST" and not why else None
    later = 0 if why else len(series.following(session))
    form = typed.put_back(request, SessionForm.of(session, data, closed_days(session.circle.cohort), later))
    if form.is_bound and form.is_valid():
        try:
            return _move_following(request, session, form) if form.moves_following else _move(request, session, form)
        except SessionError as error:
            form.add_error("day", str(error))
    return pages.render(
        request, "staff/sessions/move.html", "Move or change a session", crumbs=crumbs(session), session=session,
        circle=session.circle, form=form, why=why, spans=spans(session.circle),
    )  # fmt: skip


def _move(request: HttpRequest, session: Session, form: SessionForm) -> HttpResponse:
    moved = sessions.move_session(session=session, by=request.user, **form.changes)
    told = "everybody has been sent the change" if moved.sequence > session.sequence else "nobody needed telling"
    return _done(request, f"The session is saved; {told}.", [moved])


def _move_following(request: HttpRequest, session: Session, form: SessionForm) -> HttpResponse:
    """Show the days first; carry out what was shown, and show it anew where it has changed since."""
    shifts = series.shifts(session=session, starts_at=form.cleaned_data["starts_at"])
    shown = " ".join(shift.starts_at.isoformat() for shift in shifts)
    if request.POST.get("shown") != shown:
        return pages.render(
            request, "staff/sessions/series.html", "Move this and the following sessions?", crumbs=crumbs(session),
            session=session, circle=session.circle, shown=shown,
            shifts=series.with_clashes(shifts, form.changes["minutes"]),
            typed=[(name, value) for name in [*form.fields, typed.WHOSE] for value in request.POST.getlist(name)],
        )  # fmt: skip
    moved = series.move_following(session=session, by=request.user, **form.changes)
    return _done(request, f"{len(moved)} sessions are saved; everybody has been sent the changes.", moved)


def _done(request: HttpRequest, words: str, moved: list[Session]) -> HttpResponse:
    messages.success(request, words)
    for collision in (collision for one in moved for collision in clashes(one)):
        messages.warning(request, collision)
    return redirect(moved[0].circle.get_absolute_url())


# --- cancelling -----------------------------------------------------------------------------------
@shows_and_takes
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    session = session_of(request, pk)
    why = why_not(session)
    if request.method == "POST":
        try:
            messages.success(request, f"{_cancel(request, session)} being taken out of everybody’s calendar.")
        except SessionError as error:
            messages.error(request, str(error))
        return redirect(session.circle.get_absolute_url())
    return pages.render(
        request, "staff/sessions/cancel.html", "Cancel a session", crumbs=crumbs(session), session=session,
        circle=session.circle, why=why, after=None if why else series.after_cancelling(session),
    )  # fmt: skip


def _cancel(request: HttpRequest, session: Session) -> str:
    if request.POST.get("scope") == FOLLOWING:
        called_off = series.cancel_following(session=session, by=request.user)
        return f"{len(called_off)} sessions are cancelled, and they are"
    sessions.cancel_session(session=session, by=request.user)
    return "The session is cancelled, and it is"


# --- on closed days -------------------------------------------------------------------------------
@require_safe
def closed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sessions of a cohort on blocked days or bank holidays, each with the page that moves it."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_SEE, cohort)
    return pages.render(
        request, "staff/sessions/closed.html", "Sessions on closed days", eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort), cohort=cohort, found=on_closed_days([cohort]),
        may_move=request.user.has_perm("circles.change_session", cohort),
    )  # fmt: skip


@require_POST
def keep(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A session stays on a closed day, because somebody says so."""
    session = session_of(request, pk)
    try:
        sessions.keep_on_closed_day(session=session, by=request.user)
        messages.success(request, f"{session.circle}, {str(session).lower()}, stays where it is.")
    except SessionError as error:
        messages.error(request, str(error))
    return redirect("admin:cohort_closed_days", session.circle.cohort_id)
