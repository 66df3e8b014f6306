"""What people wrote to the team's own questions: names are taken out before the team reads it. Reading is recorded."""

import uuid

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from privacy import typed
from privacy.services import record
from staff import pages
from staff.comment_forms import CommentsForm
from surveys.selectors.comments import to_read
from surveys.services import decide_comments

PERMISSION = "surveys.decide_comments"


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "cohort/<uuid:pk>/comments/", comments, "cohort_comments")]


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, PERMISSION, cohort)
    if cohort.closed_at is None:
        raise Http404
    found = to_read(cohort)
    sent = request.POST.get("question", "") if request.method == "POST" else ""
    forms = [
        (one, typed.put_back(request, CommentsForm(one, request.POST if str(one.question.pk) == sent else None)))
        for one in found
    ]
    bound = next((form for _, form in forms if form.is_bound), None)
    if bound is not None and bound.is_valid():
        decide_comments(cohort=cohort, decisions=bound.decisions, by=request.user)
        messages.success(request, "Kept. The team reads a question once every answer to it is decided.")
        return redirect("admin:cohort_comments", pk=cohort.pk)
    if found and request.method == "GET":
        record(by=request.user, verb="comments.read", about=cohort, questions=len(found))
    impact = reverse("admin:cohort_impact", args=[cohort.pk])
    return pages.render(
        request, "staff/impact/comments.html", "In their own words", eyebrow=str(cohort),
        crumbs=[*pages.cohort_crumbs(cohort), ("Impact", impact)], cohort=cohort, questions=forms, form=bound,
    )  # fmt: skip
