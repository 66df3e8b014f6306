"""What cohorts' surveys say, as released; before the close only how many people took each step."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from cohorts.permissions import cohorts_where
from staff import impact_comparison, impact_files, impact_table, impact_told, pages
from staff.impact_report import report_pdf
from surveys.models import Snapshot
from surveys.selectors import NotCheckedError, cohort_impact, may_pass_on, outside_figures, released_figures
from surveys.selectors.comments import comments
from surveys.selectors.impact import CAVEAT

PERMISSION = "surveys.view_impact"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# By the last part of the address: the file's ending, its type, and what writes it.
FILES = {
    "figures.csv": ("text/csv; charset=utf-8", impact_files.as_csv),
    "figures.xlsx": (XLSX, impact_files.as_xlsx),
    "figures.json": ("application/json", impact_files.as_json),
    "steps.csv": ("text/csv; charset=utf-8", impact_files.steps_csv),
    "sessions.csv": ("text/csv; charset=utf-8", impact_files.sessions_csv),
    "questions.csv": ("text/csv; charset=utf-8", impact_files.questions_csv),
    "dictionary.csv": ("text/csv; charset=utf-8", impact_files.dictionary_csv),
}
NOT_CHECKED = (
    "Nothing is passed on yet: record first that somebody tried to find a person in the figures and found nobody."
)


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "impact/", comparison, "impact_comparison"),
        pages.page(site, "cohort/<uuid:pk>/impact/", impact, "cohort_impact"),
        pages.page(site, "cohort/<uuid:pk>/impact/report.pdf", report, "impact_report"),
        pages.page(site, "cohort/<uuid:pk>/impact/<slug:audience>/<str:name>", file, "impact_file"),
    ]


@require_safe
def impact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PERMISSION, cohort)
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
        tables=[*impact_table.tables(outcomes), *impact_told.tables(found.figures)],
        comments=comments(cohort),
        may_decide_comments=request.user.has_perm("surveys.decide_comments", cohort),
        may_pass_on=may_pass_on(),
        may_record_test=request.user.has_perm("surveys.add_intrudertest"),
        may_publish=request.user.has_perm("surveys.publish_figures", cohort),
        may_close=request.user.has_perm("surveys.close_cohort", cohort),
    )


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """The released figures of all cohorts that this member of staff may see, scale by scale."""
    pages.allow(request, PERMISSION)
    scales = impact_comparison.scales(list(cohorts_where(request.user, PERMISSION).select_related("format")))
    return pages.render(request, "staff/impact/comparison.html", "Cohorts compared", scales=scales, caveat=CAVEAT)


@require_safe
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    try:
        figures = _released(cohort, "outside")
    except NotCheckedError:
        return _not_checked(request, cohort)
    return _download(report_pdf(cohort, figures), "application/pdf", f"report-cohort-{cohort.number}.pdf")


@require_safe
def file(request: HttpRequest, pk: uuid.UUID, audience: str, name: str) -> HttpResponse:
    cohort = _cohort(request, pk)
    if name not in FILES:
        raise Http404
    try:
        figures = _released(cohort, audience)
    except NotCheckedError:
        return _not_checked(request, cohort)
    kind, write = FILES[name]
    return _download(write(figures), kind, f"{audience}-cohort-{cohort.number}-{name}")


def _cohort(request: HttpRequest, pk: uuid.UUID) -> Cohort:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PERMISSION, cohort)
    return cohort


def _released(cohort: Cohort, audience: str) -> dict:
    """404 for an audience that there is not and before the close; NotCheckedError for what may not be passed on."""
    figures = None
    if audience == "team":
        figures = released_figures(cohort, Snapshot.Kind.IMPACT)
    elif audience == "outside":
        figures = outside_figures(cohort)
    if figures is None:
        raise Http404
    return figures


def _not_checked(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Back to the page, which says what is missing."""
    messages.error(request, NOT_CHECKED)
    return redirect("admin:cohort_impact", pk=cohort.pk)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
