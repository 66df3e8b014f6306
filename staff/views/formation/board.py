"""The board itself: how ready the cohort is, a run and its progress, the proposal."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from circles.models import FormationRun
from circles.selectors.apart import kept_apart
from circles.selectors.board import board
from circles.selectors.formation import latest_proposal, latest_run, readiness
from circles.selectors.moves import PART_WORDS
from circles.selectors.quality import live_words, quality
from circles.selectors.versions import proposals
from circles.services import formation
from circles.services.board import FormationError
from cohorts.models import Cohort
from staff.views.formation.common import cohort_for, show, to_board
from staff.views.formation.person import undo_words
from ui.forms import Form

# How long staff may let the engine work, in seconds.
SECONDS = [(10, "10 seconds"), (20, "20 seconds (usual)"), (60, "One minute"), (180, "Three minutes")]
USUAL_SECONDS = 20

State = FormationRun.State


class StartForm(Form):
    seconds = forms.TypedChoiceField(
        label="How long may it take?",
        choices=SECONDS,
        coerce=int,
        initial=USUAL_SECONDS,
        help_text="Longer finds better circles. You can stop it at any time and keep what it has found.",
    )


@require_safe
def formation_board(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk)
    run = latest_run(cohort)
    if cohort.published_at:
        return show(request, cohort, "published", run=run)
    if run and run.state in (State.QUEUED, State.RUNNING):
        return show(request, cohort, "progress", run=run, status=_status(run))
    proposal = latest_proposal(cohort)
    if proposal is None:
        return show(request, cohort, "ready", ready=readiness(cohort), form=StartForm(), run=run)
    proposal.cohort = cohort
    context = _proposal(request, cohort, proposal)
    return show(request, cohort, "proposal", "The proposal", form=StartForm(), run=run, **context)


@require_safe
def ready(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How ready the cohort is, beside a proposal that there is already."""
    cohort = cohort_for(request, pk)
    if cohort.published_at:
        return to_board(cohort)
    found = readiness(cohort)
    return show(request, cohort, "ready", below=True, ready=found, form=StartForm(), run=latest_run(cohort))


def _proposal(request: HttpRequest, cohort: Cohort, proposal: FormationRun) -> dict[str, Any]:
    parts = [(PART_WORDS.get(name, name).capitalize(), value) for name, value in proposal.parts.items()]
    shown = board(proposal, request.GET.get("q", "")[:100])
    return {
        "proposal": proposal,
        "board": shown,
        "parts": parts,
        "quality": quality(proposal, is_stale=shown.is_stale),
        "kept": kept_apart(cohort),
        "amount": proposals(cohort).count(),
        "undo": undo_words(request, proposal),
    }


@require_POST
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk)
    form = StartForm(request.POST)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else USUAL_SECONDS
    try:
        formation.start_run(cohort=cohort, by=request.user, seconds=seconds)
    except FormationError as refusal:
        messages.error(request, str(refusal))
    return to_board(cohort)


@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = cohort_for(request, pk)
    run = latest_run(cohort)
    if run:
        formation.stop_run(run=run, by=request.user)
        messages.info(request, "It stops within a second or two and keeps the best that it has found.")
    return to_board(cohort)


def _status(run: FormationRun) -> dict[str, Any]:
    """What the progress bar shows."""
    step = run.progress.get("step", "Waiting for a worker to begin")
    return {
        "running": run.state in (State.QUEUED, State.RUNNING),
        "percent": round(100 * run.progress.get("share", 0)),
        "step": "Stopping" if run.stop_requested else step,
        "cost": run.progress.get("cost"),
        "bound": run.progress.get("bound"),
        "words": live_words(run.progress.get("cost"), run.progress.get("bound")),
        "seconds": run.progress.get("seconds", 0),
        "limit": run.seconds_limit,
    }


@require_safe
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = latest_run(cohort_for(request, pk))
    return JsonResponse(_status(run) if run else {"running": False})
