"""What a coordinator sees and does: places, people and how far they are. Never answers, never reasons for leaving."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Joining
from organisations.models import Participation
from organisations.selectors import coordinators_of
from participants import links, selectors, services, sheets
from participants.forms.nominations import NominationForm, ReplaceForm
from participants.models import Nomination, NominationState
from participants.reminding import has_come_back
from participants.selectors import is_open
from participants.services.nominations import WITHDRAWABLE, check_new
from portal import coordinating
from portal.asking import Caution, ask, asks_first
from privacy import typed
from privacy.services import record
from ui.dates import uk_date

# What stays as it is when only an address is corrected.
SAME_PERSON = ["first_name", "last_name", "email", "reason"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


def own_participation(request: HttpRequest, pk: UUID) -> Participation:
    found = selectors.participation_of(pk, request.user)
    if found is None:
        raise Http404
    return found


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
    """What is due, the places and how they fill, and everybody put forward."""
    found = coordinating.desk(own_participation(request, pk))
    cohort, roles = found.cohort, coordinating.roles(found)
    context = page(
        found.participation,
        due=coordinating.due(found),
        next_date=coordinating.next_date(cohort),
        roles=roles,
        has_people=any(role["anybody"] for role in roles),
        free=coordinating.free_in_words(found.summaries),
        waiting=found.waiting,
        unanswered=found.unanswered,
        reminding=found.reminding,
        contact=settings.MAIL_REPLY_TO,
        by_link=found.by_link,
        application_url=links.application_url(found.participation) if found.by_link else "",
        timeline=coordinating.timeline(cohort),
        deadline=uk_date(cohort.recruitment_until),
        days_left=coordinating.in_days(cohort.recruitment_until),
        acting=coordinators_of(found.participation),
        offers=found.offers,
        shares=bool(cohort.published_at),
    )
    return render(
        request, "portal/coordinator/organisation.html", context | {"breadcrumbs": context["breadcrumbs"][:1]}
    )


@require_safe
def people_file(request: HttpRequest, pk: object) -> HttpResponse:
    """The page's people as a table to keep. That somebody took it is written down, as any other copy is."""
    participation = own_participation(request, pk)
    rows = coordinating.list_of(coordinating.desk(participation))
    record(by=request.user, verb="nominations.copied", about=participation, people=len(rows) - 1)
    name = 'attachment; filename="mentoring-people.csv"'
    return HttpResponse(
        sheets.as_csv(rows),
        content_type=sheets.CSV_TYPE,
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@form_page
def nominate(request: HttpRequest, pk: object) -> HttpResponse:
    """Put one person forward."""
    participation = nominating(request, pk)
    form = typed.put_back(request, NominationForm(participation, request.POST if request.method == "POST" else None))
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


@form_page
def replace(request: HttpRequest, pk: object) -> HttpResponse:
    """Give the place of who has not answered to somebody else, or write to them where they read it."""
    nomination = own_nomination(request, pk)
    participation = nominating(request, nomination.participation_id)
    if nomination.state != NominationState.INVITED or not is_open(participation.cohort):
        messages.error(request, f"{nomination.full_name} can’t be replaced here. Ask the programme team.")
        return _back(nomination)
    came_back = has_come_back(nomination)
    known = model_to_dict(nomination, SAME_PERSON) if came_back else {}
    posted = request.POST if request.method == "POST" else None
    form = typed.put_back(request, ReplaceForm(participation, posted, initial=known))
    if form.is_valid() and (made := _replaced(request, nomination, form, came_back=came_back)):
        withdrawn = "" if made.pk == nomination.pk else f"{nomination.full_name} has been withdrawn. "
        messages.success(request, f"{withdrawn}{_what_happened(made)}")
        return _back(nomination)
    waiting = selectors.reserve_list(participation, nomination.role).first()
    context = page(participation, form=form, nomination=nomination, next_in_line=waiting, came_back=came_back)
    return render(request, "portal/coordinator/replace.html", context)


def _replaced(request: HttpRequest, nomination: Nomination, form: ReplaceForm, *, came_back: bool) -> Nomination | None:
    values = form.values()
    try:
        if _only_address(nomination, values):
            return _corrected(request, nomination, values["email"], values["reason"] or ("" if came_back else None))
        return services.replace_nomination(nomination=nomination, by=request.user, **values)
    except services.RefusedError as error:
        form.add_error("email", str(error))
        return None


def _only_address(nomination: Nomination, values: dict[str, str]) -> bool:
    """Whether somebody is to be written to elsewhere, and nobody takes their place."""
    name = f"{values['first_name']} {values['last_name']}".split()
    same = [word.casefold() for word in name] == nomination.full_name.casefold().split()
    return same and values["email"].strip().lower() != nomination.email.lower()


def _corrected(request: HttpRequest, nomination: Nomination, email: str, reason: str | None) -> Nomination:
    check_new(nomination.participation, nomination.role, email)  # in words for a coordinator
    services.correct_address(nomination=nomination, email=email, reason=reason, by=request.user)
    nomination.refresh_from_db()
    return nomination


@asks_first
def send_again(request: HttpRequest, pk: object) -> HttpResponse:
    """Write to somebody once more, after saying that the link which they have ends."""
    nomination = own_nomination(request, pk)
    if request.method != "POST":
        return ask(request, _sending_again(nomination))
    try:
        services.send_again(nomination=nomination, by=request.user)
    except services.RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"We are writing to {nomination.full_name} again. Only the new link works.")
    return _back(nomination)


def _sending_again(nomination: Nomination) -> Caution:
    return Caution(
        title="Send the invitation again",
        asks=f"Write to {nomination.full_name} again?",
        follows=f"They get a new link at {nomination.email}. The link in what we sent before stops working at once, "
        "also while they are about to answer by it.",
        confirm="Send it again",
        back=reverse("portal:organisation", args=[nomination.participation_id]),
        eyebrow=str(nomination.cohort),
    )


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
