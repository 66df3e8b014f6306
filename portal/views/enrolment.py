"""Enrolling: one question a page, saved as one goes, checked at the end."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from circles.services.own_leaving import way_back
from participants import services, steps, summary
from participants.forms.enrolment import DatesForm, StepForm, form_for
from participants.models import Enrolment, EnrolmentState
from participants.selectors import enrolments_of
from privacy import typed
from surveys.selectors.due import due_surveys

CHANGED_LATER = {"access": "portal:access_needs", "goals": "portal:change_goals"}
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _own(request: HttpRequest, pk: object) -> Enrolment:
    return get_object_or_404(enrolments_of(request.user), pk=pk)


def _url(enrolment: Enrolment, step: str) -> str:
    if step == "dates":
        return reverse("portal:enrolment_dates", args=[enrolment.pk])
    return reverse("portal:enrolment_step", args=[enrolment.pk, step])


def _next(enrolment: Enrolment) -> str:
    """The first question still open, else the page on which all answers are checked."""
    waiting = steps.open_steps(enrolment)
    return _url(enrolment, waiting[0].key) if waiting else reverse("portal:enrolment_check", args=[enrolment.pk])


@require_safe
def overview(request: HttpRequest, pk: object) -> HttpResponse:
    """What the person has been offered, how far they are, and the way on."""
    enrolment = _own(request, pk)
    asked, waiting = steps.steps_for(enrolment), steps.open_steps(enrolment)
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "editable": services.is_editable(enrolment),
        "way_back": way_back(enrolment) if enrolment.state == EnrolmentState.WITHDRAWN else None,
        "breadcrumbs": [("Home", reverse("portal:home"))],
        "answered": len(asked) - len(waiting),
        "asked": len(asked),
        "next_url": _next(enrolment),
        "rows": _rows(enrolment) if enrolment.state == EnrolmentState.ENROLLED else [],
    }
    return render(request, "portal/enrolment/overview.html", context)


def _rows(enrolment: Enrolment) -> list[tuple[str, str, str]]:
    """The answers as a summary list, each with the way to change it."""
    may_change = services.is_editable(enrolment)
    return [
        (line.label, line.value, _url(enrolment, line.step) if may_change else _later(enrolment, line.step))
        for line in summary.lines(enrolment)
    ]


def _later(enrolment: Enrolment, step: str) -> str:
    """Where an answer changes once circles are published; blank for those that stand by then."""
    if not enrolment.takes_part:
        return ""
    if step == "dates":
        seat = enrolment.memberships.filter(left_at=None).first()
        return reverse("portal:my_dates", args=[seat.circle_id]) if seat else ""
    page = CHANGED_LATER.get(step, "")
    return reverse(page, args=[enrolment.pk]) if page else ""


def _place_of(enrolment: Enrolment, step: str) -> dict[str, Any]:
    """Where in the row of questions this one is, and the way back. Raises Http404 for one that isn't asked."""
    keys = [asked.key for asked in steps.steps_for(enrolment)]
    if step not in keys:
        raise Http404
    at = keys.index(step)
    back = _url(enrolment, keys[at - 1]) if at else reverse("portal:enrolment", args=[enrolment.pk])
    return {"step": step, "number": at + 1, "count": len(keys), "back_url": back}


@form_page
def step(request: HttpRequest, pk: object, step: str) -> HttpResponse:
    """One question. A second answer replaces the first."""
    enrolment = _own(request, pk)
    place = _place_of(enrolment, step)
    if not services.is_editable(enrolment):
        return redirect("portal:enrolment", enrolment.pk)
    form = typed.put_back(request, form_for(step, enrolment, request.POST if request.method == "POST" else None))
    if not form.is_valid():
        return _question(request, enrolment, form, place)
    enrolment = services.save_step(enrolment=enrolment, step=step, data=form.answer())
    if step == "eligibility" and not form.cleaned_data["eligible"]:
        return redirect("portal:enrolment_not_eligible", enrolment.pk)
    return redirect(_next(enrolment))


def _question(
    request: HttpRequest, enrolment: Enrolment, form: StepForm, place: dict[str, Any], **context: Any
) -> HttpResponse:
    template = select_template([f"portal/enrolment/step_{place['step']}.html", "portal/enrolment/step.html"])
    context |= {"enrolment": enrolment, "cohort": enrolment.cohort, "form": form, **place}
    return HttpResponse(template.render(context, request))


@form_page
def dates(request: HttpRequest, pk: object) -> HttpResponse:
    """Several ranges of dates: add, remove, go on. Dates typed in are kept whichever button is pressed."""
    enrolment = _own(request, pk)
    place = _place_of(enrolment, "dates")
    if not services.is_editable(enrolment):
        return redirect("portal:enrolment", enrolment.pk)
    held = list(enrolment.unavailabilities.all())
    if remove := request.POST.get("remove"):
        return _keep_dates(enrolment, [(r.starts, r.ends) for r in held if str(r.pk) != remove], stay=True)
    form = typed.put_back(request, DatesForm(enrolment, request.POST if request.method == "POST" else None))
    if not form.is_valid():
        return _question(request, enrolment, form, place, ranges=held)
    added = [form.new_range] if form.new_range else []
    return _keep_dates(enrolment, [(r.starts, r.ends) for r in held] + added, stay="add" in request.POST)


def _keep_dates(enrolment: Enrolment, ranges: list[Any], *, stay: bool) -> HttpResponse:
    enrolment = services.save_step(enrolment=enrolment, step="dates", data={"ranges": sorted(set(ranges))})
    return redirect(_url(enrolment, "dates") if stay else _next(enrolment))


@form_page
def check(request: HttpRequest, pk: object) -> HttpResponse:
    """All answers on one page; pressing the button enrols."""
    enrolment = _own(request, pk)
    if enrolment.state != EnrolmentState.STARTED or not services.is_editable(enrolment):
        return redirect("portal:enrolment", enrolment.pk)
    if steps.open_steps(enrolment):
        return redirect(_next(enrolment))
    if request.method == "POST":
        services.complete_enrolment(enrolment=enrolment)
        return redirect("portal:enrolment_done", enrolment.pk)
    context = {"enrolment": enrolment, "cohort": enrolment.cohort, "rows": _rows(enrolment)}
    return render(request, "portal/enrolment/check.html", context)


@require_safe
def done(request: HttpRequest, pk: object) -> HttpResponse:
    """Enrolled, and what comes next: the first survey."""
    enrolment = _own(request, pk)
    if enrolment.state not in {EnrolmentState.ENROLLED, EnrolmentState.COMPLETED}:
        return redirect("portal:enrolment", enrolment.pk)
    due = next((survey for survey in due_surveys(request.user) if survey.enrolment.pk == enrolment.pk), None)
    context = {"enrolment": enrolment, "cohort": enrolment.cohort, "survey": due}
    return render(request, "portal/enrolment/done.html", context)


@require_safe
def not_eligible(request: HttpRequest, pk: object) -> HttpResponse:
    """Why this part of the programme is not for them, and what else there is."""
    enrolment = _own(request, pk)
    if not steps.asks_eligibility(enrolment) or "eligibility" in enrolment.steps_done:
        return redirect("portal:enrolment", enrolment.pk)
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "contact": settings.MAIL_REPLY_TO,
        "question_url": _url(enrolment, "eligibility"),
    }
    return render(request, "portal/enrolment/not_eligible.html", context)
