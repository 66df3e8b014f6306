"""People on the board: where somebody could sit, moving them, taking that back, holding them where they are."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from circles.models import FormationRun, ProposedCircle, ProposedSeat
from circles.selectors import moves
from circles.selectors.moves import Option, circle_label, circle_words
from circles.services import board as hands
from circles.services.board import ConflictError, FormationError, Moved
from staff.views.formation.common import CONFLICT, done, refused, run_for, seat_for, show, wants_json
from ui.forms import Form

UNDO = "formation_undo"


class MoveForm(Form):
    """Where one person should sit: a circle's key, a lead's who has no circle yet, or the waiting list."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label="Move to", widget=forms.RadioSelect, error_messages={"required": "Choose where they should sit."}
    )

    def __init__(self, *args: Any, run: FormationRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = moves.places(run)
        self.fields["to"].choices = [(key, key) for key in self.places]

    @property
    def circle(self) -> ProposedCircle | None:
        return self.places[self.cleaned_data["to"]]


class PinForm(Form):
    version = forms.IntegerField()
    pinned = forms.BooleanField(required=False)


class HoldForm(PinForm):
    """Everybody of one circle; of every circle where none is named."""

    circle = forms.ModelChoiceField(ProposedCircle.objects.none(), required=False)

    def __init__(self, run: FormationRun, *args: Any) -> None:
        super().__init__(*args)
        self.fields["circle"].queryset = run.circles.all()


# --- moving -----------------------------------------------------------------------------------
@require_safe
def options(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Every place where somebody could sit, the best first, for the board's script."""
    seat = seat_for(request, run, pk)
    return JsonResponse(
        {
            "version": seat.run.version,
            "person": seat.enrolment.user.get_full_name(),
            "targets": [_as_json(option) for option in moves.options(run=seat.run, enrolment=seat.enrolment)],
        }
    )


def _as_json(option: Option) -> dict[str, Any]:
    effect = option.effect
    return {
        "key": option.key, "label": option.label, "detail": option.detail, "now": option.is_now,
        "allowed": effect.allowed, "broken": [words[:1].upper() + words[1:] for words in effect.broken],
        "changes": effect.changes, "cost": effect.cost, "verdict": effect.verdict,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Choose where somebody should sit, seeing what each place would do, and move them."""
    seat = seat_for(request, run, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, run=seat.run)
    if not form.is_valid():
        return _move_page(request, seat, form)
    circle, version = form.circle, form.cleaned_data["version"]
    try:
        moved = hands.move(run=seat.run, enrolment=seat.enrolment, circle=circle, by=request.user, version=version)
    except FormationError as refusal:
        return _not_moved(request, seat, form, refusal)
    where = _where(seat.run, circle)
    request.session[UNDO] = moved.as_json() | {"run": str(seat.run_id), "words": f"{seat.enrolment.user}, to {where}"}
    return done(request, seat.run.cohort, f"{seat.enrolment.user} is moved to {where}.", f"move-{pk}")


def _where(run: FormationRun, circle: ProposedCircle | None) -> str:
    if circle is None:
        return "the waiting list"
    return circle_words(run, circle) if circle.number else f"a new {run.cohort.format.group_word}"


def _not_moved(request: HttpRequest, seat: ProposedSeat, form: MoveForm, refusal: FormationError) -> HttpResponse:
    """Say why, with the proposal as it is now and what was chosen still chosen."""
    if wants_json(request):
        return refused(request, seat.run.cohort, refusal, f"move-{seat.enrolment_id}")
    fresh = seat_for(request, seat.run_id, seat.enrolment_id)
    again = MoveForm({"version": fresh.run.version, "to": form.cleaned_data["to"]}, run=fresh.run)
    title = "The proposal has changed" if isinstance(refusal, ConflictError) else "This move is not possible"
    return _move_page(request, fresh, again, refusal=str(refusal), refusal_title=title, status=CONFLICT)


def _move_page(
    request: HttpRequest, seat: ProposedSeat, form: MoveForm, status: int = 200, **said: str
) -> HttpResponse:
    found = [one for one in moves.options(run=seat.run, enrolment=seat.enrolment) if not one.is_now]
    context = {"refusal": "", "refusal_title": ""} | said
    response = show(
        request,
        seat.run.cohort,
        "move",
        f"Move {seat.enrolment.user}",
        below=True,
        seat=seat,
        form=form,
        chosen=form["to"].value(),
        version=seat.run.version,
        options=found,
        can_move=any(one.effect.allowed for one in found),
        shared=_against_all(found),
        rows=_about(seat),
        **context,
    )
    response.status_code = status
    return response


def _against_all(options: list[Option]) -> list[str]:
    """What every place would break: it is said once. Where there is one place only, it says so itself."""
    broken = [one.effect.broken for one in options]
    return [line for line in broken[0] if all(line in lines for lines in broken)] if len(broken) > 1 else []


def _about(seat: ProposedSeat) -> list[tuple[str, str]]:
    """Who this is, and where they are now."""
    now = circle_words(seat.run, seat.circle) if seat.circle else "The waiting list"
    why = " ".join(seat.because) if seat.circle else seat.reason
    return [("Organisation", seat.enrolment.organisation.name), ("Now in", now), ("Why", why)]


# --- taking a move back -----------------------------------------------------------------------
def undo_words(request: HttpRequest, run: FormationRun) -> str:
    """The reader's own last move, if it is the last thing that happened to the proposal."""
    last = request.session.get(UNDO, {})
    return last["words"] if (last.get("run"), last.get("version")) == (str(run.pk), run.version) else ""


@require_POST
def undo(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    found = run_for(request, run)
    last = dict(request.session.get(UNDO, {}))
    if last.pop("run", None) != str(found.pk):
        return refused(request, found.cohort, FormationError("There is no move of yours to take back."))
    last.pop("words")
    try:
        person = hands.undo(run=found, moved=Moved(**last), by=request.user)
    except FormationError as refusal:
        return refused(request, found.cohort, refusal)
    del request.session[UNDO]
    return done(request, found.cohort, f"{person.user} is back where they were.", f"move-{person.pk}")


# --- holding ----------------------------------------------------------------------------------
@require_POST
def pin(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    seat = seat_for(request, run, pk)
    form, focus = PinForm(request.POST), f"hold-{pk}"
    if not form.is_valid():
        return refused(request, seat.run.cohort, FormationError("That did not work. Please try again."), focus)
    try:
        hands.pin(run=seat.run, enrolment=seat.enrolment, by=request.user, **form.cleaned_data)
    except FormationError as refusal:
        return refused(request, seat.run.cohort, refusal, focus)
    held = "stays there when you form again" if form.cleaned_data["pinned"] else "may move when you form again"
    return done(request, seat.run.cohort, f"{seat.enrolment.user} {held}.", focus)


@require_POST
def hold(request: HttpRequest, run: uuid.UUID) -> HttpResponse:
    """Hold everybody of a circle, or of all, or let them go."""
    found = run_for(request, run)
    form = HoldForm(found, request.POST)
    if not form.is_valid():
        return refused(request, found.cohort, FormationError("That circle has gone. Look at the proposal again."))
    circle = form.cleaned_data["circle"]
    focus = f"hold-circle-{circle.pk}" if circle else "form-again"
    try:
        amount = hands.pin_all(run=found, by=request.user, **form.cleaned_data)
    except FormationError as refusal:
        return refused(request, found.cohort, refusal, focus)
    where = circle_label(found, circle) if circle else "every circle"
    people = "person" if amount == 1 else "people"
    held = f"{amount} more {people} held in {where}." if form.cleaned_data["pinned"] else f"{amount} {people} let go."
    return done(request, found.cohort, held, focus)
