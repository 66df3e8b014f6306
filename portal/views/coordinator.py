"""What a coordinator sees and does: places, people and how far they are. Never answers, never reasons for leaving."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from cohorts.models import Cohort, Joining
from organisations.models import Participation
from participants import links, selectors, services
from participants.forms.nominations import NominationForm
from participants.models import Nomination, NominationState
from participants.services.nominations import WITHDRAWABLE
from participants.services.places import is_open
from participants.status import status_of
from ui.components import TimelineItem
from ui.dates import date_range, uk_date

form_page = require_http_methods(["GET", "HEAD", "POST"])


def own_participation(request: HttpRequest, pk: object) -> Participation:
    return get_object_or_404(selectors.participations_of(request.user), pk=pk)


def own_nomination(request: HttpRequest, pk: object) -> Nomination:
    return get_object_or_404(selectors.nominations_of(request.user), pk=pk)


def nominating(request: HttpRequest, pk: object) -> Participation:
    """The participation, where people are nominated: elsewhere they apply and this page does not exist."""
    participation = own_participation(request, pk)
    if participation.cohort.format.joining != Joining.NOMINATION:
        raise Http404
    return participation


def page(participation: Participation, **context: Any) -> dict[str, Any]:
    """What every page about a participation shows."""
    title = f"{participation.organisation} in {participation.cohort}"
    url = reverse("portal:organisation", args=[participation.pk])
    return {
        "participation": participation,
        "organisation": participation.organisation,
        "cohort": participation.cohort,
        "open": is_open(participation.cohort),
        "breadcrumbs": [("Home", reverse("portal:home")), (title, url)],
        **context,
    }


@require_safe
def organisation(request: HttpRequest, pk: object) -> HttpResponse:
    """Places and how they fill, deadlines, and everybody put forward."""
    participation = own_participation(request, pk)
    by_link = participation.cohort.format.joining != Joining.NOMINATION
    summaries = selectors.role_summaries(participation)
    context = page(
        participation,
        roles=[_role_rows(summary) for summary in summaries],
        free=_free_in_words(summaries),
        waiting=[nomination for summary in summaries for nomination in summary.reserve],
        contact=settings.MAIL_REPLY_TO,
        by_link=by_link,
        application_url=links.application_url(participation) if by_link else "",
        timeline=_timeline(participation.cohort),
        deadline=uk_date(participation.cohort.recruitment_until),
    )
    return render(
        request, "portal/coordinator/organisation.html", context | {"breadcrumbs": context["breadcrumbs"][:1]}
    )


def _free_in_words(summaries: list[selectors.RoleSummary]) -> str:
    """“2 mentee places and 1 mentor place”; blank when all are taken."""
    free = [(summary.label.lower(), summary.free) for summary in summaries if summary.free]
    return " and ".join(f"{count} {role} {'place' if count == 1 else 'places'}" for role, count in free)


def _role_rows(summary: selectors.RoleSummary) -> dict[str, Any]:
    """One role's places and lists, each person with their status in words."""
    lists = {name: _with_status(getattr(summary, name)) for name in ("holding", "reserve", "applied", "ended")}
    return {"summary": summary, **lists, "anybody": any(lists.values())}


def _with_status(nominations: list[Nomination]) -> list[dict[str, Any]]:
    last = len(nominations) - 1
    return [
        {
            "nomination": nomination,
            "address": nomination.email.partition("@"),
            "status": status_of(nomination),
            "waits": nomination.state == NominationState.INVITED,
            "first": at == 0,
            "last": at == last,
        }
        for at, nomination in enumerate(nominations)
    ]


def _timeline(cohort: Cohort) -> list[TimelineItem]:
    today, current = clock.today(), cohort.phase
    return [
        TimelineItem(
            label=date.label,
            when=date_range(date.starts, date.ends),
            state="now" if date.key == current else "past" if date.ends < today else "next",
        )
        for date in cohort.key_dates
    ]


@form_page
def nominate(request: HttpRequest, pk: object) -> HttpResponse:
    """Put one person forward."""
    participation = nominating(request, pk)
    form = NominationForm(participation, request.POST if request.method == "POST" else None)
    if form.is_valid() and (nomination := _nominated(request, participation, form)):
        messages.success(request, _what_happened(nomination))
        return redirect("portal:nominate" if "another" in request.POST else "portal:organisation", participation.pk)
    full = not selectors.free_places(participation)
    return render(request, "portal/coordinator/nominate.html", page(participation, form=form, full=full))


def _nominated(request: HttpRequest, participation: Participation, form: NominationForm) -> Nomination | None:
    try:
        return services.nominate(participation=participation, by=request.user, **form.values())
    except services.RefusedError as error:
        form.add_error("email", str(error))
        return None


def _what_happened(nomination: Nomination) -> str:
    if nomination.state == NominationState.RESERVE:
        return f"{nomination.full_name} is on your reserve list, because the places are taken. We write to tell them."
    return f"{nomination.full_name} has been invited. We are writing to {nomination.email}."


def _back(nomination: Nomination) -> HttpResponse:
    return redirect("portal:organisation", nomination.participation_id)


@form_page
def withdraw(request: HttpRequest, pk: object) -> HttpResponse:
    """Take a nomination back, after saying what follows from it."""
    nomination = own_nomination(request, pk)
    if nomination.state not in WITHDRAWABLE:
        messages.error(request, f"{nomination.full_name} can’t be withdrawn here any more. Ask the programme team.")
        return _back(nomination)
    if request.method == "POST":
        return _withdrawn(request, nomination)
    waiting = selectors.reserve_list(nomination.participation, nomination.role).exclude(pk=nomination.pk).first()
    context = page(nomination.participation, nomination=nomination, next_in_line=waiting)
    return render(request, "portal/coordinator/withdraw.html", context)


def _withdrawn(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    try:
        services.withdraw_nomination(nomination=nomination, by=request.user)
    except services.RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{nomination.full_name} has been withdrawn.")
    return _back(nomination)


@require_POST
def send_again(request: HttpRequest, pk: object) -> HttpResponse:
    nomination = own_nomination(request, pk)
    try:
        services.send_again(nomination=nomination, by=request.user)
    except services.RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"We are writing to {nomination.full_name} again. Only the new link works.")
    return _back(nomination)


@require_POST
def move(request: HttpRequest, pk: object) -> HttpResponse:
    nomination = own_nomination(request, pk)
    direction = request.POST.get("direction", "")
    if direction not in {"up", "down", "first"}:
        raise Http404
    services.move_reserve(nomination=nomination, direction=direction, by=request.user)
    messages.success(request, f"{nomination.full_name} has been moved on your reserve list.")
    return _back(nomination)


@require_POST
def confirm(request: HttpRequest, pk: object) -> HttpResponse:
    """Say yes to somebody who applied."""
    nomination = own_nomination(request, pk)
    try:
        nomination = services.confirm_application(nomination=nomination, by=request.user)
    except services.RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _what_happened(nomination))
    return _back(nomination)


@form_page
def renew_link(request: HttpRequest, pk: object) -> HttpResponse:
    """Replace the link that was passed round."""
    participation = own_participation(request, pk)
    if participation.cohort.format.joining == Joining.NOMINATION:
        raise Http404
    if request.method == "POST":
        services.renew_application_link(participation=participation, by=request.user)
        messages.success(request, "There is a new link. The old one no longer works.")
        return redirect("portal:organisation", participation.pk)
    return render(request, "portal/coordinator/renew_link.html", page(participation))
