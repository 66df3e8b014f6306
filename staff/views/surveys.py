"""A survey as a participant meets it on a phone. Nothing is saved."""

import uuid

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern

from cohorts.models import Cohort
from staff import pages
from surveys import selectors
from surveys.forms import CheckInForm, PageForm, QuestionsForm
from surveys.models import Question, Survey, SurveyPart


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "survey/<uuid:pk>/preview/<int:number>/", preview, "survey_preview")]


def preview(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One page of the survey; its button leads on and keeps nothing."""
    mine = Survey.objects.filter(cohort__in=Cohort.objects.for_staff(request.user)).select_related("cohort")
    survey = get_object_or_404(mine, pk=pk)
    pages.allow(request, "surveys.view_survey", survey.cohort)
    asked = selectors.steps(survey)
    count = len(asked)
    if not 1 <= number <= count:
        raise Http404
    if request.method == "POST":
        return redirect("admin:survey_preview", pk, number % count + 1)
    step = asked[number - 1]
    shown = _part(survey, step.part) if step.part else _own(step.questions)
    context = {"survey": survey, "number": number, "pages": count, "previous": number - 1, "kept": 0}
    return render(request, "staff/surveys/preview.html", context | shown)


def _part(survey: Survey, part: SurveyPart) -> dict[str, object]:
    return {
        "form": CheckInForm(part) if survey.wave == Survey.Wave.CHECK_IN else PageForm(part, {}),
        "question": selectors.heading_of(survey),
        "citation": selectors.citation_of(part),
    }


def _own(own: list[Question]) -> dict[str, object]:
    return {"form": QuestionsForm(own, {}), "question": selectors.OWN_QUESTIONS, "citation": ""}
