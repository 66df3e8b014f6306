"""A participant's own before and after: theirs alone. To everybody else, staff included, it does not exist."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from participants.models import Enrolment
from participants.selectors import own_enrolment
from portal.views.circle import posted
from privacy import typed
from surveys import selectors, services
from surveys.forms import GoalsForm


def _own(request: HttpRequest, pk: UUID) -> Enrolment:
    enrolment = own_enrolment(pk, request.user)
    if enrolment is None:
        raise Http404
    return enrolment


def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    enrolment = _own(request, pk)
    answered = selectors.own_surveys(enrolment)
    context = {
        "enrolment": enrolment,
        "progress": selectors.progress_in(answered),
        "goals": [] if selectors.is_unlinked(enrolment.cohort) else selectors.goals_of(enrolment),
        "quotes": selectors.quotes_in(enrolment.pk),
        "due": selectors.due_of(answered),
    }
    return render(request, "portal/survey/progress.html", context)


def goals(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the person was with each of their goals, and how far they are now; as often as they like."""
    enrolment = _own(request, pk)
    mine = selectors.goals_of(enrolment)
    if selectors.is_unlinked(enrolment.cohort) or not (mine or enrolment.takes_part):
        raise Http404
    if not mine:
        return redirect("portal:change_goals", pk)
    form = typed.put_back(request, GoalsForm(mine, posted(request)))
    if request.method == "POST" and form.is_valid():
        services.rate_goals(enrolment=enrolment, ratings=form.ratings)
        messages.success(request, "Your ratings are kept. Nobody but you can see them.")
        return redirect("portal:progress", pk)
    return render(request, "portal/survey/goals.html", {"enrolment": enrolment, "form": form})


def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    response = HttpResponse(services.progress_pdf(_own(request, pk)), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="my-progress.pdf"'
    return response
