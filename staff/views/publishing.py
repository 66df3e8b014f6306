"""Putting a cohort's released figures on the public page: first exactly what everybody would read, then doing it."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from staff import pages
from surveys.models import Publication, Snapshot
from surveys.printed import changes
from surveys.selectors import may_pass_on, reach_words, released_figures
from surveys.selectors.impact import CAVEAT
from surveys.services import publish_figures, withdraw_figures

PERMISSION = "surveys.publish_figures"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/impact/public/", publish, "publish_figures")]


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PERMISSION, cohort)
    figures = released_figures(cohort, Snapshot.Kind.OUTSIDE)
    if figures is None:
        raise Http404
    if request.method == "POST":
        return _act(request, cohort)
    impact = reverse("admin:cohort_impact", args=[cohort.pk])
    return pages.render(
        request, "staff/impact/public.html", "Figures on the public page", eyebrow=str(cohort),
        crumbs=[*pages.cohort_crumbs(cohort), ("Impact", impact)],
        cohort=cohort, rows=[(str(cohort), reach_words(figures), changes(figures))], caveat=CAVEAT,
        may_pass_on=may_pass_on(),
        shown=Publication.objects.on_show().filter(cohort=cohort).select_related("published_by").first(),
    )  # fmt: skip


def _act(request: HttpRequest, cohort: object) -> HttpResponse:
    act = request.POST.get("act")
    if act == "withdraw":
        withdraw_figures(cohort=cohort, by=request.user)
        messages.success(request, "The figures are off the public page.")
    elif act == "publish":
        try:
            publish_figures(cohort=cohort, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The figures are on the public page now.")
    else:
        raise Http404
    return redirect("admin:publish_figures", pk=cohort.pk)
