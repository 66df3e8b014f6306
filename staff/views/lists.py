"""Lists as files: taken out as the list shows them, and taken in after a look at what each row would do."""

import uuid
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from accounts import clock
from privacy.models import EXPORTED
from privacy.purposes import PurposeForm, asked, note_export
from privacy.services import record
from staff import pages, uploads
from staff.list_forms import FileForm
from staff.lists import export, importers, reading, taking_in, tools
from staff.lists.sheet import Line, Sheet

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "list/<str:label>/export/", export_list, "export_list"),
        pages.page(site, "list/<str:label>/import/", import_list, "import_list"),
        pages.page(site, "list/<str:label>/import/<uuid:key>/", check_import, "check_import"),
    ]


def _page(request: HttpRequest, name: str, title: str, model_admin: Any, **context: Any) -> HttpResponse:
    crumbs = [(tools.name_of(model_admin), tools.list_url(model_admin))]
    return pages.render(request, f"staff/lists/{name}.html", title, crumbs=crumbs, **context)


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=export.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


# --- out ----------------------------------------------------------------------------------------


@shows_and_takes
def export_list(request: HttpRequest, label: str) -> HttpResponse:
    """What will be in the file and, where somebody is in it, what for; then the file. The address narrows the list."""
    model_admin = tools.list_of(request, label)
    if not export.may_export(label):
        raise Http404
    shown = reading.changelist(request, model_admin)
    columns = export.columns(model_admin, shown.list_display)
    too_many = shown.result_count > export.MOST_ROWS
    form = asked(request) if export.asks_why(label) else None
    answered = form is None or form.is_valid()
    if request.method == "POST" and request.POST.get("kind") in export.TYPES and not too_many and answered:
        note_list(request, form, label, request.POST["kind"], shown)
        return _file(request.POST["kind"], model_admin, shown, columns)
    return _page(
        request,
        "export",
        f"Download {model_admin.opts.verbose_name_plural}",
        model_admin,
        form=form,
        rows=shown.result_count,
        most=export.MOST_ROWS,
        too_many=too_many,
        columns=[column.heading for column in columns],
        shows=reading.said(shown),
        back=f"{tools.list_url(model_admin)}?{request.GET.urlencode()}",
    )


def note_list(request: HttpRequest, form: PurposeForm | None, label: str, kind: str, shown: Any) -> None:
    """A line of the trail about who took it: which list, how many rows and what it was narrowed by, without values."""
    rows, more = shown.result_count, {"file": kind, "filters": [what for what, _ in reading.said(shown)]}
    if form is None:
        record(by=request.user, verb=EXPORTED, about=request.user, list=label, rows=rows, **more)
        return
    note_export(request, form, what=label, rows=rows, one=shown.queryset.first(), **more)


def _file(kind: str, model_admin: Any, shown: Any, columns: list[export.Column]) -> HttpResponse:
    title, rows = tools.name_of(model_admin), export.rows_of(model_admin, shown.queryset)
    content = export.as_file(kind, title, export.table(columns, rows))
    return attachment(content, f"{title.lower().replace(' ', '-')}-{clock.today():%Y-%m-%d}", kind)


# --- in -----------------------------------------------------------------------------------------


def _importing(request: HttpRequest, label: str) -> tuple[Any, importers.Rows]:
    """The list and how its rows are read; 404 where there is no way in, 403 for who may not add and change them."""
    model_admin = tools.list_of(request, label)
    found = importers.importer_of(label)
    if found is None:
        raise Http404
    if not tools.may_import(model_admin, request):
        raise PermissionDenied
    return model_admin, found(visible=model_admin.get_queryset(request), by=request.user)


@shows_and_takes
def import_list(request: HttpRequest, label: str) -> HttpResponse:
    """Choose a file; what is wrong with the file as a whole is said here. `?template=csv` is an empty one."""
    model_admin, rows = _importing(request, label)
    if kind := request.GET.get("template"):
        return _template(kind, tools.name_of(model_admin), rows)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid() and (sheet := form.read(rows.columns, keep_lines=rows.long_text)):
        return redirect("admin:check_import", label, uploads.keep(request.user, label, asdict(sheet)))
    title = f"Take in {model_admin.opts.verbose_name_plural} from a file"
    return _page(
        request, "import", title, model_admin,
        form=form, columns=rows.columns, label=label, back=tools.list_url(model_admin),
    )  # fmt: skip


def _template(kind: str, title: str, rows: importers.Rows) -> HttpResponse:
    if kind not in export.TYPES:
        raise Http404
    content = export.as_file(kind, title, [importers.headings(rows.columns)])
    return attachment(content, f"{title.lower().replace(' ', '-')}-template", kind)


@shows_and_takes
def check_import(request: HttpRequest, label: str, key: uuid.UUID) -> HttpResponse:
    """Every row with what would become of it and what is wrong with it; pressing the button does it."""
    model_admin, rows = _importing(request, label)
    kept = uploads.kept(request.user, label, key)
    if kept is None:
        messages.info(request, uploads.GONE)
        return redirect("admin:import_list", label)
    sheet = Sheet([Line(**line) for line in kept["lines"]], kept["headings"], kept["ignored"])
    planned = taking_in.store(rows, sheet, label=label, by=request.user) if request.method == "POST" else None
    if planned is not None and not any(row.errors for row in planned):
        uploads.forget(request.user, label, key)
        done = taking_in.counts(planned)
        messages.success(request, f"Taken in: {done['new']} new, {done['update']} changed. Nobody was written to.")
        return redirect(tools.list_url(model_admin))
    planned = planned or taking_in.look(rows, sheet)
    return _page(
        request,
        "check_import",
        "Check the file",
        model_admin,
        planned=planned,
        counts=taking_in.counts(planned),
        ignored=", ".join(f"“{heading}”" for heading in sheet.ignored),
        again=reverse("admin:import_list", args=[label]),
    )
