"""Leaving the programme, at every stage, and coming back within a day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from circles.selectors.leavers import seat_to_arrange
from circles.services.changes import ChangeError
from circles.services.own_leaving import leave_programme, return_to_programme
from participants.forms.leaving import LeaveForm
from participants.models import Enrolment
from participants.selectors import enrolments_of
from participants.services import is_editable, take_back_leaving
from privacy import typed

CHANGED = "Something changed while you were looking, so nothing was done. Please look again."


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: object) -> HttpResponse:
    """What follows from leaving, and doing it: giving the place back, leaving, or telling the team who arranges it."""
    rows = enrolments_of(request.user).select_related("nomination__participation__organisation")
    enrolment = get_object_or_404(rows, pk=pk)
    if "come_back" in request.POST:
        return _come_back(request, enrolment)
    if not enrolment.takes_part:
        return redirect("portal:enrolment", enrolment.pk)
    if "take_back" in request.POST:
        take_back_leaving(enrolment=enrolment)
        messages.success(request, "Taken back. You stay in the programme.")
        return redirect("portal:enrolment", enrolment.pk)
    form = typed.put_back(request, LeaveForm(request.POST if request.method == "POST" else None))
    if form.is_valid() and (answer := _leave(request, enrolment, form.cleaned_data["reason"])):
        return answer
    page = "leave.html" if is_editable(enrolment) else "leave_programme.html"
    return render(request, f"portal/enrolment/{page}", {"form": form, **_what_follows(enrolment)})


def _leave(request: HttpRequest, enrolment: Enrolment, reason: str) -> HttpResponse | None:
    gives_back = is_editable(enrolment)
    try:
        has_left = leave_programme(enrolment=enrolment, reason=reason)
    except ChangeError:
        messages.warning(request, CHANGED)
        return None
    if not has_left:
        messages.success(request, "The programme team knows that you want to leave, and gets in touch with you.")
        return redirect("portal:enrolment_leave", enrolment.pk)
    words = "You have given your place back." if gives_back else "You have left the programme."
    messages.success(request, f"{words} Thank you for letting us know.")
    return redirect("portal:enrolment", enrolment.pk)


def _come_back(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    try:
        return_to_programme(enrolment=enrolment)
    except ChangeError:
        messages.warning(request, "You can’t come back by yourself any more. Please write to the programme team.")
    else:
        messages.success(request, "Welcome back: you take part again.")
    return redirect("portal:enrolment", enrolment.pk)


def _what_follows(enrolment: Enrolment) -> dict[str, Any]:
    """What the page says, as facts about this person."""
    seat = enrolment.memberships.current().select_related("circle__cohort__format").first()
    nomination = enrolment.nomination
    told = nomination is not None and nomination.participation.organisation_id == enrolment.organisation_id
    return {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "seat": seat,
        "coming": seat.circle.sessions.upcoming().count() if seat else 0,
        "is_arranged": seat_to_arrange(enrolment) is not None,
        "employer_told": told,
        "has_certificate": hasattr(enrolment, "certificate"),
        "asked": enrolment.leave_requests.open().first(),
    }
