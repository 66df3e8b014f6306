"""What a cohort's surveys say, as released; before the close only how many people took each step."""

import uuid

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from staff import impact_table, pages
from surveys.selectors import cohort_impact


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/impact/", impact, "cohort_impact")]


@require_safe
def impact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, "surveys.view_impact", cohort)
    found = cohort_impact(cohort)
    outcomes = impact_table.outcomes(found.figures["outcomes"])
    return pages.render(
        request,
        "staff/impact/page.html",
        "Impact",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        released=found.released,
        figures=found.figures,
        outcomes=outcomes,
        tables=impact_table.tables(outcomes),
        may_close=request.user.has_perm("surveys.close_cohort", cohort),
    )
