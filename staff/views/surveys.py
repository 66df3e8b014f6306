"""A survey as a participant meets it on a phone. Nothing is saved."""

import uuid

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern

from cohorts.models import Cohort
from staff import pages
from surveys import selectors
from surveys.forms import CheckInForm, PageForm
from surveys.models import Survey

HEADINGS = {
    Survey.Wave.CHECK_IN: "Two questions about your session",
    Survey.Wave.THEN: "Looking back: how well did each statement describe you before your sessions began?",
}


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "survey/<uuid:pk>/preview/<int:number>/", preview, "survey_preview")]


def preview(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One page of the survey; its button leads on and keeps nothing."""
    mine = Survey.objects.filter(cohort__in=Cohort.objects.for_staff(request.user)).select_related("cohort")
    survey = get_object_or_404(mine, pk=pk)
    pages.allow(request, "surveys.view_survey", survey.cohort)
    parts = selectors.pages(survey)
    if not 1 <= number <= len(parts):
        raise Http404
    if request.method == "POST":
        return redirect("admin:survey_preview", pk, number % len(parts) + 1)
    part = parts[number - 1]
    context = {
        "survey": survey, "instrument": part.instrument, "number": number, "pages": len(parts),
        "previous": number - 1, "looks_back": False, "kept": 0, "whose": "",
        "form": CheckInForm(part) if survey.wave == Survey.Wave.CHECK_IN else PageForm(part, {}),
        "question": HEADINGS.get(Survey.Wave(survey.wave), "How well does each statement describe you?"),
    }  # fmt: skip
    return render(request, "staff/surveys/preview.html", context)
