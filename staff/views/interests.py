"""From an interest to a confirmed organisation: answering, confirming, places, people, the fee mark, merging."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.models import User
from cohorts.models import Cohort
from organisations import services
from organisations.models import Interest, Organisation, Participation
from organisations.selectors import agreed_places, taken_places
from organisations.staff_forms import ChooseCohortForm, ConfirmForm, CoordinatorForm, FeeForm, PlacesForm, said_by
from privacy import typed
from staff import pages
from ui.forms import Form

CONFIRM = "organisations.confirm_participation"
MERGE = "organisations.merge_organisations"

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "interest/<uuid:pk>/handle/", handle, "handle_interest"),
        pages.page(site, "interest/<uuid:pk>/confirm/", confirm_interest, "confirm_interest"),
        pages.page(site, "organisation/<uuid:pk>/confirm/", confirm_organisation, "confirm_organisation"),
        pages.page(site, "organisation/<uuid:pk>/merge/<uuid:other>/", merge, "merge_organisations"),
        pages.page(site, "participation/<uuid:pk>/places/", places, "participation_places"),
        pages.page(site, "participation/<uuid:pk>/coordinator/", coordinator, "participation_coordinator"),
        pages.page(site, "participation/<uuid:pk>/fee/", fee, "participation_fee"),
    ]


def succeeds(form: Form, act: Callable[[], Any]) -> bool:
    """Do it if the form is valid; what the service refuses is said on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# --- answering ----------------------------------------------------------------------------------

VERBS: dict[str, tuple[Callable[[Interest, User], Any], str]] = {
    "take": (lambda interest, by: services.assign_interest(interest=interest, to=by, by=by), "It is yours to answer."),
    "answer": (lambda interest, by: services.answer_interest(interest=interest, by=by), "Marked as answered."),
    "close": (lambda interest, by: services.close_interest(interest=interest, by=by), "Closed."),
}


@require_POST
def handle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The buttons of an interest's page."""
    interest = get_object_or_404(Interest.objects.for_staff(request.user), pk=pk)
    pages.allow(request, "organisations.change_interest")
    act, said = VERBS.get(request.POST.get("verb", ""), (None, ""))
    if act is None:
        raise Http404
    act(interest, request.user)
    messages.success(request, said)
    return redirect("admin:organisations_interest_changelist")


# --- confirming ---------------------------------------------------------------------------------


@shows_and_takes
def confirm_interest(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    interests = Interest.objects.for_staff(request.user).select_related("organisation", "cohort")
    interest = get_object_or_404(interests, pk=pk)
    return _confirm(request, interest.organisation, interest)


@shows_and_takes
def confirm_organisation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.for_staff(request.user), pk=pk)
    return _confirm(request, organisation, None)


def _confirm(request: HttpRequest, organisation: Organisation, interest: Interest | None) -> HttpResponse:
    pages.allow(request, CONFIRM)
    cohorts = _open_cohorts(request.user)
    choice = ChooseCohortForm(_chosen(request, interest), cohorts=cohorts)
    if not choice.is_bound or not choice.is_valid():
        return _page(request, "choose_cohort", f"Confirm {organisation}", organisation, form=choice)
    cohort = choice.cleaned_data["cohort"]
    pages.allow(request, CONFIRM, cohort)
    return _confirm_in(request, organisation, cohort, interest)


def _open_cohorts(user: User) -> QuerySet[Cohort]:
    return Cohort.objects.for_staff(user).open().select_related("format")


def _chosen(request: HttpRequest, interest: Interest | None) -> dict[str, Any] | None:
    """The cohort of the address, else the one of the interest; None while nobody has chosen."""
    if "cohort" in request.GET:
        return {"cohort": request.GET["cohort"]}
    return {"cohort": interest.cohort_id} if interest and interest.cohort_id else None


def _confirm_in(
    request: HttpRequest, organisation: Organisation, cohort: Cohort, interest: Interest | None
) -> HttpResponse:
    form = typed.put_back(
        request, ConfirmForm(posted(request), format=cohort.format, **said_by(interest, cohort.format))
    )

    def act() -> None:
        services.confirm_participation(
            organisation=organisation, cohort=cohort, places=form.places, coordinator=form.coordinator,
            by=request.user, interest=interest,
        )  # fmt: skip

    if succeeds(form, act):
        messages.success(request, f"{organisation} is confirmed in {cohort}. Its coordinator is being invited.")
        return redirect(organisation.participations.get(cohort=cohort))
    title = f"Confirm {organisation} in {cohort}"
    return _page(request, "confirm", title, organisation, form=form, cohort=cohort, interest=interest)


def _page(request: HttpRequest, name: str, title: str, organisation: Organisation, **context: Any) -> HttpResponse:
    crumbs = [(str(organisation), organisation.get_absolute_url())]
    return pages.render(
        request, f"staff/interests/{name}.html", title, crumbs=crumbs, organisation=organisation, **context
    )


# --- afterwards ---------------------------------------------------------------------------------


def participation_of(request: HttpRequest, pk: uuid.UUID) -> Participation:
    """One that this member of staff sees, and may settle what is agreed with its organisation."""
    rows = Participation.objects.for_staff(request.user).select_related("organisation", "cohort__format")
    participation = get_object_or_404(rows, pk=pk)
    pages.allow(request, CONFIRM, participation.cohort)
    return participation


@shows_and_takes
def places(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participation = participation_of(request, pk)
    form = typed.put_back(
        request,
        PlacesForm(
            posted(request),
            format=participation.cohort.format,
            places=agreed_places(participation),
            taken=taken_places(participation),
        ),
    )
    if succeeds(form, lambda: services.set_places(participation=participation, places=form.places, by=request.user)):
        messages.success(request, "The agreed places are changed.")
        return redirect(participation)
    title = f"Places of {participation.organisation} in {participation.cohort}"
    return _page(request, "places", title, participation.organisation, form=form, back=participation)


@shows_and_takes
def coordinator(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participation = participation_of(request, pk)
    form = typed.put_back(request, CoordinatorForm(posted(request)))

    def act() -> None:
        services.add_coordinator(participation=participation, by=request.user, **form.coordinator)

    if succeeds(form, act):
        messages.success(request, "The coordinator is being invited.")
        return redirect(participation)
    title = f"Add a coordinator of {participation.organisation}"
    return _page(request, "coordinator", title, participation.organisation, form=form, back=participation)


@shows_and_takes
def fee(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participation = participation_of(request, pk)
    said = {"fee": participation.fee, "on": participation.fee_on or clock.today(), "note": participation.fee_note}
    form = typed.put_back(request, FeeForm(posted(request), initial=said))

    def act() -> None:
        services.mark_fee(participation=participation, by=request.user, **form.cleaned_data)

    if succeeds(form, act):
        messages.success(request, "The fee is marked.")
        return redirect(participation)
    title = f"Fee of {participation.organisation} in {participation.cohort}"
    return _page(request, "fee", title, participation.organisation, form=form, back=participation)


@shows_and_takes
def merge(request: HttpRequest, pk: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    pages.allow(request, MERGE)
    mine = Organisation.objects.for_staff(request.user)
    keep, duplicate = get_object_or_404(mine, pk=pk), get_object_or_404(mine, pk=other)
    form = Form(posted(request))
    if succeeds(form, lambda: services.merge_organisations(keep=keep, duplicate=duplicate, by=request.user)):
        messages.success(request, f"{duplicate} is now part of {keep}.")
        return redirect(keep)
    swapped = reverse("admin:merge_organisations", args=[duplicate.pk, keep.pk])
    title = f"Merge {duplicate} into {keep}?"
    return _page(request, "merge", title, keep, form=form, keep=keep, duplicate=duplicate, swapped=swapped)
