"""How a coordinator finds people and gets their answers: ready-made words, posters, reminders."""

import datetime as dt
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations.models import Participation
from participants import recruiting, services
from participants.forms.nominations import ClosingDayForm, RemindForm
from participants.services.posters import poster_pdf
from portal import coordinating
from portal.views.coordinator import own_participation, page
from privacy import typed


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, pk: object) -> HttpResponse:
    """Who gets a reminder, who not and why, when the next is possible; pressing the button sends it."""
    participation = own_participation(request, pk)
    found = coordinating.desk(participation)
    form = RemindForm(found.reminding.due, request.POST if request.method == "POST" else None)
    typed.put_back(request, form)
    if form.is_valid() and _reminded(request, participation, form):
        return redirect("portal:organisation", participation.pk)
    context = page(participation, form=form, reminding=found.reminding, unanswered=found.unanswered)
    return render(request, "portal/coordinator/remind.html", context)


def _reminded(request: HttpRequest, participation: Participation, form: RemindForm) -> bool:
    try:
        told = services.remind_nominees(participation=participation, chosen=form.chosen, by=request.user)
    except services.RefusedError as error:
        form.add_error(None, str(error))
        return False
    people = "1 person" if len(told) == 1 else f"{len(told)} people"
    messages.success(request, f"We are writing to {people}. They go on having the same link.")
    return True


@require_safe
def words(request: HttpRequest, pk: object) -> HttpResponse:
    """Texts to copy and posters to print, with the cohort's facts in them."""
    participation = own_participation(request, pk)
    form, day = _closing_day(request, participation)
    texts = recruiting.ready_words(participation, request.user, day)
    posters = [
        recruiting.poster(participation, role, request.user, day) for role in recruiting.wanted_roles(participation)
    ]
    context = page(
        participation,
        form=form,
        closing_day=day,
        texts=[(one, f"mailto:?subject={quote(one.title)}&body={quote(one.body)}") for one in texts],
        posters=posters,
    )
    return render(request, "portal/coordinator/words.html", context)


def _closing_day(request: HttpRequest, participation: Participation) -> tuple[ClosingDayForm, dt.date]:
    """The day that the coordinator chose; the usual one until they choose, and where they chose none that can be."""
    usual = recruiting.usual_closing_day(participation.cohort)
    form = ClosingDayForm(participation, request.GET if "by" in request.GET else None, initial={"by": usual})
    return form, form.cleaned_data["by"] if form.is_valid() else usual


@require_safe
def poster(request: HttpRequest, pk: object, role: str) -> HttpResponse:
    participation = own_participation(request, pk)
    if role not in participation.cohort.format.roles:
        raise Http404
    _, day = _closing_day(request, participation)
    response = HttpResponse(poster_pdf(participation, role, request.user, day), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="mentoring-poster-{role}.pdf"'
    return response
