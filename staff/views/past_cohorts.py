"""Cohorts from before this software: loaded from a spreadsheet after a look at every row, and taken back as a whole."""

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from cohorts.models import Format
from cohorts.permissions import works_everywhere
from privacy import typed
from privacy.purposes import PurposeForm, note_many, question, unanswered
from staff import pages, uploads
from staff.lists import export, importers
from staff.models import PastLoad
from staff.past import loading, reading, undoing
from staff.past.loading import Details
from staff.past.reading import PastRow
from staff.past_forms import PastCohortForm
from staff.views.lists import attachment

PERMISSION = "cohorts.add_cohort"
PURPOSE = "past-cohort"
TITLE = "Past cohorts from a spreadsheet"

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "past-cohorts/", past_cohorts, "past_cohorts"),
        pages.page(site, "past-cohorts/<uuid:key>/", check, "check_past_cohort"),
        pages.page(site, "past-cohorts/<uuid:pk>/undo/", undo, "undo_past_cohort"),
    ]


def _allow(request: HttpRequest) -> None:
    """For whoever may plan a cohort that does not exist yet."""
    pages.allow(request, PERMISSION)
    if not works_everywhere(request.user):
        raise PermissionDenied


def _page(request: HttpRequest, name: str, title: str, *above: tuple[str, str], **context: Any) -> HttpResponse:
    crumbs = [("Cohorts", reverse("admin:cohorts_cohort_changelist")), *above]
    return pages.render(request, f"staff/past/{name}.html", title, crumbs=crumbs, **context)


@shows_and_takes
def past_cohorts(request: HttpRequest) -> HttpResponse:
    """Choose a file and say of which cohort; below it what has been loaded. `?template=csv` is an empty file."""
    _allow(request)
    if kind := request.GET.get("template"):
        return _template(kind)
    posted = request.method == "POST"
    form = typed.put_back(request, PastCohortForm(request.POST if posted else None, request.FILES if posted else None))
    if form.is_valid() and (sheet := form.read(reading.READ)):
        found = reading.rows(sheet.lines, form.details.format, form.details.sessions)
        return redirect("admin:check_past_cohort", _keep(request, form.details, found, sheet.ignored))
    loads = PastLoad.objects.select_related("cohort__format", "by")
    return _page(request, "load", TITLE, form=form, columns=reading.COLUMNS, loads=loads)


def _template(kind: str) -> HttpResponse:
    if kind not in export.TYPES:
        raise Http404
    content = export.as_file(kind, "Past cohort", [importers.headings(reading.COLUMNS)])
    return attachment(content, "past-cohort-template", kind)


def _keep(request: HttpRequest, details: Details, rows: list[PastRow], ignored: list[str]) -> uuid.UUID:
    said = vars(details) | {
        "format": str(details.format.pk), "launch": details.launch.isoformat(), "closed": details.closed.isoformat(),
    }  # fmt: skip
    return uploads.keep(
        request.user, PURPOSE, {"details": said, "rows": [asdict(row) for row in rows], "ignored": ignored}
    )


def _kept(request: HttpRequest, key: uuid.UUID) -> tuple[Details, list[PastRow], list[str]] | None:
    kept = uploads.kept(request.user, PURPOSE, key)
    if kept is None:
        return None
    said = kept["details"]
    days = {name: dt.date.fromisoformat(said[name]) for name in ("launch", "closed")}
    details = Details(**(said | days | {"format": get_object_or_404(Format, pk=said["format"])}))
    rows = [PastRow(**(row | {"errors": tuple((h, w) for h, w in row["errors"])})) for row in kept["rows"]]
    return details, rows, kept["ignored"]


@shows_and_takes
def check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Every row with what is wrong with it; pressing the button stores them all."""
    _allow(request)
    kept = _kept(request, key)
    if kept is None:
        messages.info(request, uploads.GONE)
        return redirect("admin:past_cohorts")
    details, rows, ignored = kept
    purpose = question(request, _people(rows), sent=request.method == "POST")
    go_on = request.method == "POST" and not unanswered(purpose)
    if go_on and (response := _load(request, key, details, rows, purpose)):
        return response
    return _page(
        request,
        "check",
        f"Check {details.name}",
        (TITLE, reverse("admin:past_cohorts")),
        form=purpose,
        details=details,
        outlook=loading.look(details, rows),
        ignored=", ".join(f"“{heading}”" for heading in ignored),
    )


def _people(rows: list[PastRow]) -> int:
    return sum(row.is_person for row in rows)


def _load(
    request: HttpRequest, key: uuid.UUID, details: Details, rows: list[PastRow], purpose: PurposeForm | None
) -> HttpResponse | None:
    try:
        with transaction.atomic():
            stored = loading.load(details=details, rows=rows, by=request.user)
            note_many(request, purpose, what="participants.enrolment", rows=_people(rows), act="Load a past cohort")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    uploads.forget(request.user, PURPOSE, key)
    messages.success(request, f"{stored.cohort} is loaded as a closed cohort. Nobody was written to.")
    return redirect("admin:cohort_page", pk=stored.cohort_id)


@shows_and_takes
def undo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    _allow(request)
    stored = get_object_or_404(PastLoad.objects.select_related("cohort"), pk=pk)
    blockers = undoing.blockers(stored)
    undone = None if blockers else undoing.look(stored)
    purpose = question(request, undone.enrolments if undone else 0, sent=request.method == "POST")
    if request.method == "POST" and not blockers and not unanswered(purpose):
        name = str(stored.cohort)
        _undo(request, stored, purpose)
        messages.success(request, f"{name} and what came with it are deleted.")
        return redirect("admin:past_cohorts")
    return _page(
        request,
        "undo",
        f"Delete {stored.cohort} and what came with it?",
        (TITLE, reverse("admin:past_cohorts")),
        stored=stored,
        blockers=blockers,
        undone=undone,
        form=purpose,
    )


@transaction.atomic
def _undo(request: HttpRequest, stored: PastLoad, purpose: PurposeForm | None) -> None:
    undone = undoing.undo(stored=stored, by=request.user)
    act = "Delete a past cohort and what came with it"
    note_many(request, purpose, what="participants.enrolment", rows=undone.enrolments, act=act)
