"""Two questions after a session, and one page half-way through a pair."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from circles.models import Session
from circles.selectors.sessions import seat_by_link, sessions_open_to
from participants.models import Enrolment
from portal.views.circle import posted
from privacy import typed
from surveys import selectors, services
from surveys.forms import NAMED, CheckInForm, MidPointForm


def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who is signed in: a session that met while they sat in its circle."""
    for enrolment in request.user.enrolments.active().select_related("user"):
        session = sessions_open_to(enrolment).select_related("circle__cohort__format").filter(pk=pk).first()
        if session:
            return _check_in(request, session, enrolment)
    raise Http404


@login_not_required
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever holds the link of a mail. It takes an answer and never shows one."""
    seat, session = seat_by_link(token)
    if session is None or seat is None:
        return render(request, "portal/circle/link_gone.html", status=404)
    return _check_in(request, session, seat.enrolment)


def _check_in(request: HttpRequest, session: Session, enrolment: Enrolment) -> HttpResponse:
    part = selectors.check_in_page(session.circle.cohort)
    is_open = part is not None and selectors.is_check_in_open(session) and selectors.was_there(session, enrolment)
    answered = session.number in selectors.checked_in(enrolment)
    form = CheckInForm(part, posted(request)) if part and is_open and not answered else None
    if form and request.user.is_authenticated:
        typed.put_back(request, form)
    if request.method == "POST" and form and form.is_valid():
        _keep(session, enrolment, form)
        return redirect(request.path)
    context = {
        "session": session, "circle": session.circle, "form": form, "answered": answered,
        "to_come": session.is_over is False,
    }  # fmt: skip
    return render(request, "portal/survey/check_in.html", context)


def _keep(session: Session, enrolment: Enrolment, form: CheckInForm) -> None:
    note, named = form.cleaned_data["note"].strip(), form.cleaned_data["signed"] == NAMED
    # Another tab was faster, or time is up: the page says which.
    with suppress(services.AlreadySubmittedError, services.NotOpenError):
        services.answer_check_in(session=session, enrolment=enrolment, values=form.given(), note=note, named=named)


def mid_point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Is the labour shared? A note to the team, with consent; in a pair it can be nothing else."""
    mine = request.user.enrolments.active().select_related("cohort__format", "user")
    enrolment = get_object_or_404(mine, pk=pk, cohort__format__capacity=1)
    note, is_open = selectors.mid_point_note(enrolment), selectors.is_mid_point(enrolment)
    nothing = "nothing" in request.POST
    form = typed.put_back(request, MidPointForm(None if nothing else posted(request)))
    if request.method == "POST" and is_open and note is None and (nothing or form.is_valid()):
        _tell(request, enrolment, form, nothing)
        return redirect("portal:mid_point", pk)
    context = {"enrolment": enrolment, "form": form, "note": note, "is_open": is_open}
    return render(request, "portal/survey/mid_point.html", context)


def _tell(request: HttpRequest, enrolment: Enrolment, form: MidPointForm, nothing: bool) -> None:
    try:
        if nothing:
            services.decline_mid_point(enrolment=enrolment)
        else:
            services.send_mid_point(enrolment=enrolment, **form.cleaned_data)
    except (services.AlreadySubmittedError, services.NotOpenError) as refusal:
        messages.info(request, refusal.message)
