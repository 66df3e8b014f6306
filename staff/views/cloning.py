"""Planning the next cohort from one that there is: looked at first, then made."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from cohorts.permissions import works_everywhere
from privacy import typed
from staff import cloning, pages
from staff.cohort_forms import CloneForm
from staff.views.interests import succeeds

PERMISSION = "cohorts.add_cohort"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/clone/", clone, "clone_cohort")]


@require_http_methods(["GET", "HEAD", "POST"])
def clone(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PERMISSION)
    if not works_everywhere(request.user):
        raise PermissionDenied
    form = typed.put_back(request, CloneForm(request.POST if request.method == "POST" else None, cohort=cohort))
    made: list[Cohort] = []
    if "make" in request.POST and succeeds(
        form, lambda: made.append(cloning.clone_cohort(cohort=cohort, by=request.user, **form.cleaned_data))
    ):
        messages.success(request, f"{made[0]} is planned. Nobody has been told: look through its dates first.")
        return redirect("admin:cohort_page", pk=made[0].pk)
    return pages.render(
        request,
        "staff/cohort/clone.html",
        "Plan the next cohort from this one",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        form=form,
        plan=_plan(cohort, form),
    )


def _plan(cohort: Cohort, form: CloneForm) -> cloning.Plan | None:
    """Of what is typed; of what is proposed while nothing is; None while it cannot be read."""
    if not form.is_bound:
        return cloning.plan(cohort, cloning.usual_launch(cohort))
    return cloning.plan(cohort, form.cleaned_data["launch"]) if form.is_valid() else None
