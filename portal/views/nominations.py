"""A coordinator's list from a file: chosen, shown row by row, then imported whole.

Between the two pages the rows are kept encrypted in the cache for two hours, so that nothing has to be chosen again
and nothing that might not be imported is stored in the database.
"""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations.models import Participation
from participants import import_plan, importing, services, sheets
from participants.forms.nominations import ImportConfirmForm, ImportForm, role_words
from portal.views.coordinator import nominating, page
from privacy import typed
from privacy.fields import decrypt, encrypt

form_page = require_http_methods(["GET", "HEAD", "POST"])
KEPT_SECONDS = 2 * 3600
HEADINGS = list(importing.COLUMNS.values())


@form_page
def upload(request: HttpRequest, pk: object) -> HttpResponse:
    """Choose a file; what is wrong with the file as a whole is said here."""
    participation = nominating(request, pk)
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid() and (sheet := form.read(participation)):
        return redirect("portal:import_preview", participation.pk, _keep(request, participation, sheet))
    context = page(participation, form=form, headings=HEADINGS, roles=role_words(participation).values())
    return render(request, "portal/coordinator/import.html", context)


def _key(request: HttpRequest, participation: Participation, upload: uuid.UUID) -> str:
    return f"import:{request.user.pk}:{participation.pk}:{upload}"


def _keep(request: HttpRequest, participation: Participation, sheet: importing.Sheet) -> uuid.UUID:
    upload = uuid.uuid4()
    cache.set(_key(request, participation, upload), encrypt(json.dumps(sheet.kept())), KEPT_SECONDS)
    return upload


def _kept(request: HttpRequest, participation: Participation, upload: uuid.UUID) -> importing.Sheet | None:
    kept = cache.get(_key(request, participation, upload))
    return None if kept is None else importing.Sheet.of_kept(json.loads(decrypt(kept)))


@form_page
def preview(request: HttpRequest, pk: object, upload: uuid.UUID) -> HttpResponse:
    """Every row with what would become of it and what is wrong with it; pressing the button does it."""
    participation = nominating(request, pk)
    sheet = _kept(request, participation, upload)
    if sheet is None:
        messages.info(
            request, "That list is no longer kept. Please choose the file again; nothing was imported from it."
        )
        return redirect("portal:import_nominations", participation.pk)
    form = ImportConfirmForm(
        request.POST if request.method == "POST" else None, warnings=any(row.warning for row in sheet.rows)
    )
    typed.put_back(request, form)
    if form.is_valid() and _imported(request, participation, sheet, form):
        cache.delete(_key(request, participation, upload))
        return redirect("portal:organisation", participation.pk)
    return render(request, "portal/coordinator/preview.html", _preview_context(participation, sheet, form))


def _imported(
    request: HttpRequest, participation: Participation, sheet: importing.Sheet, form: ImportConfirmForm
) -> bool:
    try:
        done = services.import_nominations(participation=participation, rows=sheet.rows, by=request.user)
    except services.RefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        f"Your list is in: {done['invite']} invited, {done['reserve']} on the reserve list, "
        f"{done['update']} updated, {done['same']} unchanged.",
    )
    return True


def _preview_context(participation: Participation, sheet: importing.Sheet, form: ImportConfirmForm) -> dict[str, Any]:
    planned = import_plan.plan(participation=participation, rows=sheet.rows)
    return page(
        participation,
        form=form,
        planned=planned,
        counts={action: import_plan.counts(planned)[action] for action in import_plan.ACTIONS},
        ignored=", ".join(f"“{heading}”" for heading in sheet.ignored),
    )


_TYPES = {"csv": sheets.CSV_TYPE, "xlsx": sheets.XLSX_TYPE}


@require_safe
def template(request: HttpRequest, pk: object, kind: str) -> HttpResponse:
    """An empty list to fill in."""
    nominating(request, pk)
    if kind not in _TYPES:
        raise Http404
    response = HttpResponse(sheets.template(kind, HEADINGS), content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="nominations.{kind}"'
    return response
