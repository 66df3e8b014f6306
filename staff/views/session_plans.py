"""The plans of a cohort's sessions taken from a template: what would change first, then the act."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from circles.services.session_plans import Source, StalePreviewError, Taking, sources, take_plans
from cohorts.models import Cohort
from staff import pages

MAY_CHANGE = "cohorts.change_cohort"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/session-plans/", session_plans, "cohort_session_plans")]


@require_http_methods(["GET", "HEAD", "POST"])
def session_plans(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose where the plans come from, see what would change, and take them."""
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, MAY_CHANGE, cohort)
    others = Cohort.objects.for_staff(request.user).filter(format=cohort.format_id).prefetch_related("session_plans")
    found = sources(cohort, list(others))
    sought = request.POST.get("source") or request.GET.get("source", "")
    source = next((one for one in found if one.key == sought), None)
    if request.method == "POST" and source and not cohort.closed_at and _took(request, cohort, source):
        return redirect("admin:cohort_session_plans", cohort.pk)
    return pages.render(
        request,
        "staff/sessions/plans.html",
        "Plans of the sessions",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        found=found,
        taking=Taking(cohort, source) if source else None,
    )


def _took(request: HttpRequest, cohort: Cohort, source: Source) -> bool:
    try:
        count = take_plans(
            cohort=cohort, source=source, fingerprint=request.POST.get("fingerprint", ""), by=request.user
        )
    except StalePreviewError as stale:
        messages.warning(request, str(stale))
        return False
    sessions = "1 session has" if count == 1 else f"{count} sessions have"
    messages.success(request, f"The plans are taken over. {sessions} another plan now; nobody is written to.")
    return True
