"""One session of a circle, where the programme team acts in its mentor's place."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods, require_POST

from circles.forms import StandInForm
from circles.models import Session
from circles.selectors.stand_ins import candidates, stand_in_of, stood_in
from circles.services import stand_ins
from circles.services.sessions import SessionError
from cohorts.models import Cohort
from privacy import typed
from staff import pages

MAY_CHANGE = "circles.change_session"

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "session/<uuid:pk>/stand-in/", stand_in, "session_stand_in"),
        pages.page(site, "session/<uuid:pk>/stand-in/end/", end_stand_in, "end_session_stand_in"),
    ]


def session_of(request: HttpRequest, pk: uuid.UUID) -> Session:
    """A session of a cohort that this member of staff works on; 404 for any other."""
    rows = Session.objects.filter(circle__cohort__in=Cohort.objects.for_staff(request.user))
    session = get_object_or_404(rows.select_related("circle__cohort__format"), pk=pk)
    pages.allow(request, MAY_CHANGE, session.circle.cohort)
    return session


def crumbs(session: Session) -> list[tuple[str, str]]:
    circle = session.circle
    here = [(str(circle), circle.get_absolute_url()), (str(session), session.get_absolute_url())]
    return [*pages.cohort_crumbs(circle.cohort), *here]


def why_not(session: Session) -> str:
    """Why nothing about the session can be changed any more; blank while it is to come."""
    if session.state == Session.State.CANCELLED:
        return "This session has been cancelled."
    return "This session has started already." if session.is_past else ""


# --- a stand-in -----------------------------------------------------------------------------------
@shows_and_takes
def stand_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who leads the session in the mentor's place: to be asked, or asked already."""
    session = session_of(request, pk)
    found = candidates(session)
    form = typed.put_back(
        request, StandInForm(request.POST if request.method == "POST" else None, found=found, for_team=True)
    )
    if form.is_bound and form.is_valid():
        try:
            asked = stand_ins.ask_stand_in(session=session, enrolment=form.chosen, by=request.user)
        except SessionError as error:
            form.add_error("mentor", str(error))
        else:
            said = f"{asked.enrolment.user} is asked by e-mail. You and the mentor of {session.circle} hear the answer."
            messages.success(request, said)
            return redirect("admin:session_stand_in", session.pk)
    return _stand_in_page(request, session, form, [one for one in found if one.why_not])


def _stand_in_page(request: HttpRequest, session: Session, form: StandInForm, ruled_out: list) -> HttpResponse:
    lead = session.circle.memberships.current().filter(seat=0).select_related("enrolment__user").first()
    return pages.render(
        request,
        "staff/sessions/stand_in.html",
        "A stand-in for one session",
        crumbs=crumbs(session),
        session=session,
        circle=session.circle,
        mentor=lead.enrolment.user if lead else None,
        why="Partners meet as equals: nobody stands in." if session.circle.cohort.format.mutual else why_not(session),
        asked=stand_in_of(session),
        form=form,
        ruled_out=ruled_out,
        stood_in=stood_in(session.circle.cohort),
    )


@require_POST
def end_stand_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back that somebody is asked, or has said yes."""
    session = session_of(request, pk)
    asked = stand_in_of(session)
    try:
        if asked is None:
            raise SessionError("Nobody is asked to lead this session.")
        stand_ins.end_stand_in(stand_in=asked, by=request.user)
    except SessionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is taken back. Whoever needs to know is told by e-mail.")
    return redirect("admin:session_stand_in", session.pk)
