"""What will be tested of a cohort, laid down before there is anything to test; and its figures worked out again."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from privacy import typed
from staff import pages
from staff.plan_forms import PlanForm
from surveys.selectors import evaluation_plan, is_unlinked
from surveys.services import PlanLockedError, release_again, set_plan

STANDS = "The figures stand: too few people have changed for new ones to give nobody away."
FINAL = "The figures are final: half a year after the close it is forgotten which answers were whose."
shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/evaluation/", plan, "evaluation_plan"),
        pages.page(site, "cohort/<uuid:pk>/impact/again/", again, "release_again"),
    ]


@shows_and_takes
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "surveys.view_impact", cohort)
    may_change = request.user.has_perm("cohorts.change_cohort", cohort)
    found = evaluation_plan(cohort)
    form = typed.put_back(
        request, PlanForm(request.POST if request.method == "POST" else None, outcomes=found.outcomes)
    )
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    if form.is_bound and form.is_valid() and _is_set(request, cohort, form):
        return redirect("admin:evaluation_plan", cohort.pk)
    return pages.render(
        request, "staff/impact/plan.html", "What will be tested", eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort), cohort=cohort, plan=found, form=form, may_change=may_change,
    )  # fmt: skip


def _is_set(request: HttpRequest, cohort: Cohort, form: PlanForm) -> bool:
    try:
        set_plan(cohort=cohort, outcomes=form.order, by=request.user)
    except PlanLockedError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, "The plan is kept. The first second survey that is handed in locks it.")
    return True


@shows_and_takes
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First what working a closed cohort's figures out again means, then doing it."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "surveys.close_cohort", cohort)
    if cohort.closed_at is None:
        raise Http404
    if request.method == "POST":
        if release_again(cohort=cohort, by=request.user):
            messages.success(request, "New figures have taken the place of the older ones.")
        else:
            messages.info(request, FINAL if is_unlinked(cohort) else STANDS)
        return redirect("admin:cohort_impact", cohort.pk)
    return pages.render(
        request, "staff/impact/again.html", "Work the figures out again", eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort), cohort=cohort,
    )  # fmt: skip
