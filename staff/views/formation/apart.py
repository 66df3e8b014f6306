"""People who are never to be in one circle: saying so, and taking it back."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from circles.models import KeptApart, ProposedSeat
from circles.services.apart import keep_apart, let_together
from circles.services.board import FormationError
from cohorts.models import Cohort, Side
from participants.models import Enrolment
from privacy import typed
from staff import pages
from staff.views.formation.common import MAY_FORM, board_url, seat_for, show, to_board
from ui.forms import Form

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


class ApartForm(Form):
    """From whom: who leads the person's circle first, then everybody else of the cohort."""

    other = forms.ModelChoiceField(
        Enrolment.objects.none(),
        label="Keep apart from",
        empty_label="Choose a person",
        error_messages={"required": "Choose whom to keep them apart from."},
    )

    def __init__(self, *args: Any, seat: ProposedSeat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = seat.run.cohort.enrolments.enrolled().select_related("user", "organisation")
        self.people = people.exclude(pk=seat.enrolment_id).order_by("user__sort_name")
        self.fields["other"].queryset = self.people
        self.fields["other"].choices = [("", "Choose a person"), *self._groups(seat)]

    def _groups(self, seat: ProposedSeat) -> list[tuple[str, list[tuple[Any, str]]]]:
        form = seat.run.cohort.format
        here = set(seat.circle.seats.values_list("enrolment_id", flat=True)) if seat.circle else set()
        here |= {seat.circle.lead_id} if seat.circle else set()
        people = list(self.people)
        groups = [
            (f"In the same {form.group_word} now", [one for one in people if one.pk in here]),
            ("Others who can lead", [one for one in people if one.pk not in here and one.side == Side.LEAD]),
            ("Others to seat", [one for one in people if one.pk not in here and one.side == Side.MEMBER]),
        ]
        return [(label, [(one.pk, _named(one)) for one in group]) for label, group in groups if group]


def _named(enrolment: Enrolment) -> str:
    return f"{enrolment.user.get_full_name()} ({enrolment.organisation}), {enrolment.get_role_display().lower()}"


@shows_and_takes
def keep(request: HttpRequest, run: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Keep somebody apart from another person: from who leads their circle, or from anybody else of the cohort."""
    seat = seat_for(request, run, pk)
    form = typed.put_back(request, ApartForm(request.POST if request.method == "POST" else None, seat=seat))
    if request.method == "POST" and form.is_valid() and _kept(seat, form, request):
        return _after(request, seat, form.cleaned_data["other"])
    title = f"Keep {seat.enrolment.user} apart"
    return show(request, seat.run.cohort, "apart", title, below=True, seat=seat, form=form)


def _kept(seat: ProposedSeat, form: ApartForm, request: HttpRequest) -> bool:
    try:
        keep_apart(first=seat.enrolment, second=form.cleaned_data["other"], by=request.user)
    except FormationError as refusal:
        form.add_error("other", str(refusal))
        return False
    return True


def _after(request: HttpRequest, seat: ProposedSeat, other: Enrolment) -> HttpResponse:
    """On to moving the person, where the two still sit together in the proposal."""
    words = f"{seat.enrolment.user} and {other.user} are kept apart from now on."
    circle = seat.circle
    if circle and (circle.lead_id == other.pk or circle.seats.filter(enrolment=other).exists()):
        messages.success(request, f"{words} They still sit together: choose where {seat.enrolment.user} should sit.")
        return redirect("admin:formation_move", run=seat.run_id, pk=seat.enrolment_id)
    messages.success(request, words)
    return to_board(seat.run.cohort, f"move-{seat.enrolment_id}")


@shows_and_takes
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask, then let two people sit together again."""
    pairs = KeptApart.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    people = pairs.select_related("cohort__format", "first__user", "second__user", "added_by")
    pair = get_object_or_404(people, pk=pk)
    pages.allow(request, MAY_FORM, pair.cohort)
    if request.method == "POST":
        words = f"{pair.first.user} and {pair.second.user} may sit together again."
        let_together(pair=pair, by=request.user)
        messages.success(request, words)
        return to_board(pair.cohort)
    title = "Let them sit together again?"
    return show(request, pair.cohort, "together", title, below=True, pair=pair, board_url=board_url(pair.cohort))
