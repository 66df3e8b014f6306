"""Publishing: exactly who will be told what, then doing it."""

import uuid

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from circles.models import Circle, FormationRun
from circles.selectors.formation import latest_proposal
from circles.services.board import FormationError
from circles.services.publishing import publish
from circles.services.rehearsal import rehearse
from cohorts.models import Cohort
from privacy.purposes import note_step
from staff.views.formation.common import MAY_PUBLISH, cohort_for, show, to_board
from ui.forms import Form


class PublishForm(Form):
    """Which proposal was looked at, as it was."""

    run = forms.ModelChoiceField(FormationRun.objects.none(), widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, cohort: Cohort, *args: object) -> None:
        super().__init__(*args)
        self.fields["run"].queryset = cohort.formation_runs.all()


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk, MAY_PUBLISH)
    run = latest_proposal(cohort)
    if run is None or cohort.published_at:
        return to_board(cohort)
    if request.method == "POST":
        return _publish(request, cohort)
    run.cohort = cohort
    rehearsal = rehearse(run=run, by=request.user)
    return show(request, cohort, "publish", below=True, run=run, rehearsal=rehearsal)


@transaction.atomic
def _do(request: HttpRequest, run: FormationRun, version: int) -> list[Circle]:
    circles = publish(run=run, by=request.user, version=version)
    told = run.cohort.enrolments.enrolled().count()
    note_step(request, what="participants.enrolment", rows=told, act=f"Publish the {run.cohort.format.group_word}s")
    return circles


def _publish(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = PublishForm(cohort, request.POST)
    try:
        if not form.is_valid():
            raise FormationError("That did not work. Check again who will be told what.")
        run, version = form.cleaned_data["run"], form.cleaned_data["version"]
        circles = _do(request, run, version)
    except FormationError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:formation_publish", pk=cohort.pk)
    word = cohort.format.group_word
    messages.success(request, f"{len(circles)} {word}{'' if len(circles) == 1 else 's'} published. Everybody is told.")
    return to_board(cohort)
