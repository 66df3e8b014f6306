"""The proposals that a cohort has had: the list, two side by side, and taking an older one up again."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from circles.selectors.comparison import compare
from circles.selectors.formation import fingerprint_now
from circles.selectors.quality import short_quality
from circles.selectors.versions import is_stale, proposals, versions
from circles.services.board import FormationError
from circles.services.versions import take_up as take_up_again
from cohorts.models import Cohort
from staff.attention.base import short_date
from staff.views.formation.common import cohort_for, run_for, show, to_board
from ui.dates import uk_datetime, uk_time
from ui.forms import Form


class CompareForm(Form):
    """Which two, the newest and the one before it unless somebody chooses."""

    first = forms.ModelChoiceField(None, label="Compare", empty_label=None)
    second = forms.ModelChoiceField(None, label="With", empty_label=None)

    def __init__(self, *args: object, cohort: Cohort) -> None:
        super().__init__(*args)
        runs = proposals(cohort)
        words = [(run.pk, f"{short_date(run.created_at)}, {uk_time(run.created_at)}") for run in runs]
        for name in ("first", "second"):
            self.fields[name].queryset = runs
            self.fields[name].choices = words
        if len(words) > 1:
            self.initial = {"first": words[1][0], "second": words[0][0]}


@require_safe
def all_versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk)
    form = CompareForm(cohort=cohort)
    return show(request, cohort, "versions", below=True, versions=versions(cohort), form=form)


@require_safe
def comparison(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk)
    form = CompareForm(request.GET or None, cohort=cohort)
    if not form.is_valid():
        return show(request, cohort, "versions", below=True, versions=versions(cohort), form=form)
    found = compare(form.cleaned_data["first"], form.cleaned_data["second"])
    for run in (found.first, found.second):
        run.cohort = cohort
    now = fingerprint_now(cohort)
    nearness = [short_quality(run, is_stale=is_stale(run, now)) for run in (found.first, found.second)]
    return show(
        request, cohort, "compare", "Compare two proposals", below=True, found=found, form=form, nearness=nearness
    )


@require_POST
def take_up(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    found = run_for(request, run)
    try:
        take_up_again(run=found, by=request.user)
    except FormationError as refusal:
        messages.error(request, str(refusal))
    else:
        when = uk_datetime(found.created_at)
        messages.success(request, f"This is the proposal of {when} again, as a new one. Nothing was overwritten.")
    return to_board(found.cohort)
