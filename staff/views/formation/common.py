"""What the pages of the board share: whose cohort it is, the frame, and how an act is answered."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from circles.models import FormationRun, ProposedSeat
from circles.services.board import FormationError
from cohorts.models import Cohort
from staff import pages

MAY_FORM, MAY_PUBLISH = "circles.form_circles", "circles.publish"
CONFLICT = 409

# What the title of a page says is done to circles, where it is not forming them.
VERBS = {"publish": "Publish", "published": "Published", "versions": "Proposals of", "compare": "Compare"}


def cohort_for(request: HttpRequest, pk: uuid.UUID, permission: str = MAY_FORM) -> Cohort:
    cohort = pages.cohort_of(request, pk)
    pages.allow(request, permission, cohort)
    return cohort


def run_for(request: HttpRequest, pk: uuid.UUID) -> FormationRun:
    """A run of a cohort that this member of staff works on; 404 for any other."""
    runs = FormationRun.objects.filter(cohort__in=Cohort.objects.for_staff(request.user))
    run = get_object_or_404(runs.select_related("cohort__format"), pk=pk)
    pages.allow(request, MAY_FORM, run.cohort)
    return run


def seat_for(request: HttpRequest, run_pk: uuid.UUID, pk: uuid.UUID) -> ProposedSeat:
    """A person's seat in a proposal of a cohort that this member of staff works on; 404 for any other."""
    mine = Cohort.objects.for_staff(request.user)
    seats = ProposedSeat.objects.filter(run__cohort__in=mine).select_related(
        "run__cohort__format", "enrolment__user", "enrolment__organisation", "circle__lead__user", "circle__slot"
    )
    seat = get_object_or_404(seats, run=run_pk, enrolment=pk)
    pages.allow(request, MAY_FORM, seat.run.cohort)
    return seat


def board_url(cohort: Cohort, anchor: str = "") -> str:
    url = reverse("admin:formation_board", args=[cohort.pk])
    return f"{url}#{anchor}" if anchor else url


def to_board(cohort: Cohort, anchor: str = "") -> HttpResponse:
    return redirect(board_url(cohort, anchor))


def below_board(cohort: Cohort) -> list[tuple[str, str]]:
    """The way to a page below the board."""
    return [*pages.cohort_crumbs(cohort), ("The proposal", board_url(cohort))]


def show(
    request: HttpRequest, cohort: Cohort, name: str, title: str = "", *, below: bool = False, **context: Any
) -> HttpResponse:
    """A page of the board within the admin's frame, from `staff/formation/<name>.html`."""
    words = "pairs" if cohort.format.is_pair else "circles"
    return pages.render(
        request,
        f"staff/formation/{name}.html",
        title or f"{VERBS.get(name, 'Form')} {words}",
        eyebrow=str(cohort),
        crumbs=below_board(cohort) if below else pages.cohort_crumbs(cohort),
        cohort=cohort,
        words=words,
        word=cohort.format.group_word,
        **context,
    )


# --- answering an act -------------------------------------------------------------------------
def wants_json(request: HttpRequest) -> bool:
    """Whether the board's own script asks: it draws the board afresh by itself, and says what happened."""
    return request.headers.get("Accept") == "application/json"


def done(request: HttpRequest, cohort: Cohort, words: str, focus: str = "") -> HttpResponse:
    """An act on the board that was done; `focus` is the id of what the reader goes on with."""
    if wants_json(request):
        return JsonResponse({"message": words, "focus": focus})
    messages.success(request, words)
    return to_board(cohort, focus)


def refused(request: HttpRequest, cohort: Cohort, refusal: FormationError, focus: str = "") -> HttpResponse:
    """An act on the board that was refused, with the reason."""
    if wants_json(request):
        return JsonResponse({"message": str(refusal), "focus": focus}, status=CONFLICT)
    messages.error(request, str(refusal))
    return to_board(cohort, focus)
