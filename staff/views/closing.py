"""Closing a cohort: first what will happen, then doing it."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from privacy.purposes import note_step
from staff import pages
from surveys.selectors import closing_preview
from surveys.services import close_cohort as close


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/close/", close_cohort, "close_cohort")]


@require_http_methods(["GET", "HEAD", "POST"])
def close_cohort(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "surveys.close_cohort", cohort)
    if request.method == "POST":
        return _close(request, cohort)
    return pages.render(
        request,
        "staff/closing/page.html",
        f"Close {cohort}",
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        preview=closing_preview(cohort),
    )


def _close(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    try:
        with transaction.atomic():
            people = cohort.enrolments.enrolled().count()
            close(cohort=cohort, by=request.user)
            note_step(request, what="participants.enrolment", rows=people, act="Close the cohort")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("admin:close_cohort", pk=cohort.pk)
    messages.success(request, f"{cohort} is closed. Its figures are released.")
    return redirect("admin:cohort_impact", pk=cohort.pk)
