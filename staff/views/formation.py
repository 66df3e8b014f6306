"""The formation board: is the cohort ready, form circles, watch, review, move by hand, publish."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors.board import board
from circles.selectors.formation import latest_proposal, latest_run, readiness
from circles.services import board as hands
from circles.services import formation
from circles.services.board import PART_WORDS, Effect, FormationError
from circles.services.publishing import preview, publish
from cohorts.models import Cohort
from staff import pages
from ui.forms import Form

MAY_FORM, MAY_PUBLISH = "circles.form_circles", "circles.publish"
WAITING = "waiting"
# How long staff may let the engine work, in seconds.
SECONDS = [(10, "10 seconds"), (20, "20 seconds (usual)"), (60, "One minute"), (180, "Three minutes")]
USUAL_SECONDS = 20

# What the title of a page says is done to circles, where it is not forming them.
VERBS = {"publish": "Publish", "published": "Published"}

State = FormationRun.State


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "cohort/<uuid:pk>/formation/", formation_board, "formation_board"),
        pages.page(site, "cohort/<uuid:pk>/formation/start/", start, "formation_start"),
        pages.page(site, "cohort/<uuid:pk>/formation/stop/", stop, "formation_stop"),
        pages.page(site, "cohort/<uuid:pk>/formation/progress/", progress, "formation_progress"),
        pages.page(site, "cohort/<uuid:pk>/formation/publish/", publication, "formation_publish"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/", move, "formation_move"),
        pages.page(site, "formation/<uuid:run>/person/<uuid:pk>/pin/", pin, "formation_pin"),
    ]


class StartForm(Form):
    seconds = forms.TypedChoiceField(
        label="How long may it take?",
        choices=SECONDS,
        coerce=int,
        initial=USUAL_SECONDS,
        help_text="Longer finds better circles. You can stop it at any time and keep what it has found.",
    )


class MoveForm(Form):
    """Where one person should sit."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label="Move to")

    def __init__(self, *args: Any, run: FormationRun, seat: ProposedSeat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        self.circles = {str(c.pk): c for c in run.circles.select_related("lead__user", "slot")}
        words = [(pk, _words(run, c)) for pk, c in self.circles.items() if c.pk != seat.circle_id]
        self.fields["to"].choices = [*words, *([(WAITING, "The waiting list")] if seat.circle_id else [])]

    @property
    def circle(self) -> ProposedCircle | None:
        return self.circles.get(self.cleaned_data["to"])


class PinForm(Form):
    version = forms.IntegerField()
    pinned = forms.BooleanField(required=False)


def _words(run: FormationRun, circle: ProposedCircle) -> str:
    """“Circle 3: Ada Mentor, Tuesday 12:30”."""
    word = run.cohort.format.group_word.capitalize()
    return f"{word} {circle.number}: {circle.lead.user}, {circle.slot or 'time to be agreed'}"


def _cohort(request: HttpRequest, pk: uuid.UUID, permission: str = MAY_FORM) -> Cohort:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, permission, cohort)
    return cohort


def _to_board(cohort: Cohort) -> HttpResponse:
    return redirect("admin:formation_board", pk=cohort.pk)


# --- the board --------------------------------------------------------------------------------
@require_safe
def formation_board(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    run = latest_run(cohort)
    if cohort.published_at:
        return _show(request, cohort, "published", run=run)
    if run and run.state in (State.QUEUED, State.RUNNING):
        return _show(request, cohort, "progress", run=run, status=_status(run))
    context: dict[str, Any] = {"ready": readiness(cohort), "form": StartForm(), "run": run}
    proposal = latest_proposal(cohort)
    if proposal is None:
        return _show(request, cohort, "ready", **context)
    proposal.cohort = cohort
    parts = [(PART_WORDS.get(name, name).capitalize(), value) for name, value in proposal.parts.items()]
    return _show(request, cohort, "proposal", **context, proposal=proposal, board=board(proposal), parts=parts)


def _show(request: HttpRequest, cohort: Cohort, name: str, **context: Any) -> HttpResponse:
    words = "pairs" if cohort.format.is_pair else "circles"
    return pages.render(
        request,
        f"staff/formation/{name}.html",
        f"{VERBS.get(name, 'Form')} {words}",
        eyebrow=str(cohort),
        crumbs=pages.cohort_crumbs(cohort),
        cohort=cohort,
        words=words,
        word=cohort.format.group_word,
        **context,
    )


@require_POST
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    form = StartForm(request.POST)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else USUAL_SECONDS
    try:
        formation.start_run(cohort=cohort, by=request.user, seconds=seconds)
    except FormationError as refusal:
        messages.error(request, str(refusal))
    return _to_board(cohort)


@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    cohort = _cohort(request, pk)
    run = latest_run(cohort)
    if run:
        formation.stop_run(run=run, by=request.user)
        messages.info(request, "It stops within a second or two and keeps the best that it has found.")
    return _to_board(cohort)


def _status(run: FormationRun) -> dict[str, Any]:
    """What the progress bar shows."""
    step = run.progress.get("step", "Waiting for a worker to begin")
    return {
        "running": run.state in (State.QUEUED, State.RUNNING),
        "percent": round(100 * run.progress.get("share", 0)),
        "step": "Stopping" if run.stop_requested else step,
        "cost": run.progress.get("cost"),
        "bound": run.progress.get("bound"),
        "seconds": run.progress.get("seconds", 0),
    }


@require_safe
def progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = latest_run(_cohort(request, pk))
    return JsonResponse(_status(run) if run else {"running": False})


# --- one person -------------------------------------------------------------------------------
def _seat(request: HttpRequest, run_pk: uuid.UUID, pk: uuid.UUID) -> ProposedSeat:
    """A person's seat in a proposal of a cohort that this member of staff works on; 404 for any other."""
    mine = Cohort.objects.for_staff(request.user)
    seats = ProposedSeat.objects.filter(run__cohort__in=mine).select_related(
        "run__cohort__format", "enrolment__user", "enrolment__organisation", "circle__lead__user", "circle__slot"
    )
    seat = get_object_or_404(seats, run=run_pk, enrolment=pk)
    pages.allow(request, MAY_FORM, seat.run.cohort)
    return seat


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Choose where somebody should sit, check what that does, and do it."""
    seat = _seat(request, run, pk)
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, run=seat.run, seat=seat, initial={"version": seat.run.version})
    effect = None
    if data is not None and form.is_valid():
        if "move" in data:
            return _move(request, seat, form)
        effect = hands.effect(run=seat.run, enrolment=seat.enrolment, circle=form.circle)
    return _move_page(request, seat, form, effect)


def _move(request: HttpRequest, seat: ProposedSeat, form: MoveForm) -> HttpResponse:
    version, circle = form.cleaned_data["version"], form.circle
    try:
        hands.move(run=seat.run, enrolment=seat.enrolment, circle=circle, by=request.user, version=version)
    except FormationError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:formation_move", run=seat.run_id, pk=seat.enrolment_id)
    where = _words(seat.run, circle) if circle else "the waiting list"
    messages.success(request, f"{seat.enrolment.user} is moved to {where}.")
    return _to_board(seat.run.cohort)


def _move_page(request: HttpRequest, seat: ProposedSeat, form: MoveForm, effect: Effect | None) -> HttpResponse:
    cohort = seat.run.cohort
    crumbs = [*pages.cohort_crumbs(cohort), ("The proposal", reverse("admin:formation_board", args=[cohort.pk]))]
    return pages.render(
        request,
        "staff/formation/move.html",
        f"Move {seat.enrolment.user}",
        eyebrow=str(cohort),
        crumbs=crumbs,
        cohort=cohort,
        word=cohort.format.group_word,
        seat=seat,
        form=form,
        effect=effect,
        rows=_about(seat),
    )


def _about(seat: ProposedSeat) -> list[tuple[str, str]]:
    """Who this is, and where they are now."""
    now = _words(seat.run, seat.circle) if seat.circle else "The waiting list"
    why = " ".join(seat.because) if seat.circle else seat.reason
    return [("Organisation", seat.enrolment.organisation.name), ("Now in", now), ("Why", why)]


@require_POST
def pin(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    seat = _seat(request, run, pk)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _to_board(seat.run.cohort)
    try:
        hands.pin(run=seat.run, enrolment=seat.enrolment, by=request.user, **form.cleaned_data)
    except FormationError as refusal:
        messages.error(request, str(refusal))
    else:
        held = "stays where they are when you form again" if form.cleaned_data["pinned"] else "may move again"
        messages.success(request, f"{seat.enrolment.user} {held}.")
    return _to_board(seat.run.cohort)


# --- publication ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Exactly who will be told what; then the one act that does it."""
    cohort = _cohort(request, pk, MAY_PUBLISH)
    run = latest_proposal(cohort)
    if run is None or cohort.published_at:
        return _to_board(cohort)
    if request.method == "POST":
        return _publish(request, cohort, run)
    run.cohort = cohort
    return _show(request, cohort, "publish", run=run, preview=preview(run), sessions=cohort.session_count)


def _publish(request: HttpRequest, cohort: Cohort, run: FormationRun) -> HttpResponse:
    if request.POST.get("version") != str(run.version):
        messages.error(request, "Somebody changed the proposal in the meantime. Check who will be told what again.")
        return redirect("admin:formation_publish", pk=cohort.pk)
    try:
        circles = publish(run=run, by=request.user)
    except FormationError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:formation_publish", pk=cohort.pk)
    word = cohort.format.group_word
    messages.success(request, f"{len(circles)} {word}{'' if len(circles) == 1 else 's'} published. Everybody is told.")
    return _to_board(cohort)
