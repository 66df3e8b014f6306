"""The team puts people forward for an organisation, on the word of its coordinator: one, or a list that they sent."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from cohorts.models import Joining
from organisations.models import Participation
from organisations.selectors import coordinators_of
from participants import import_plan, importing, services, sheets
from participants.forms.nominations import FileForThemForm, ForThemForm, ImportConfirmForm, role_words
from participants.models import NominationState
from participants.selectors import is_open
from privacy import typed
from privacy.purposes import note_many, question, unanswered
from staff import pages, uploads
from staff.lists.export import TYPES
from staff.views.interests import participation_of, posted
from staff.views.lists import attachment
from ui.forms import Form

HEADINGS = list(importing.COLUMNS.values())
shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "participation/<uuid:pk>/put-forward/", put_forward, "put_forward"),
        pages.page(site, "participation/<uuid:pk>/put-forward/list/", put_forward_list, "put_forward_list"),
        pages.page(site, "participation/<uuid:pk>/put-forward/list/<uuid:key>/", check_list, "check_put_forward"),
    ]


def _nominating(request: HttpRequest, pk: uuid.UUID) -> Participation:
    """The participation, where people are put forward: elsewhere they apply, and there is no such page."""
    participation = participation_of(request, pk)
    if participation.cohort.format.joining != Joining.NOMINATION:
        raise Http404
    return participation


def _page(request: HttpRequest, name: str, title: str, participation: Participation, **context: Any) -> HttpResponse:
    return pages.render(
        request, f"staff/nominees/{name}.html", title,
        crumbs=[(str(participation), participation.get_absolute_url())], participation=participation,
        open=is_open(participation.cohort), **context,
    )  # fmt: skip


def _succeeds(form: Form, field: str | None, act: Callable[[], Any]) -> Any:
    """What the act answers; None when the form is not valid, or the act was refused: that is said at the field."""
    if not form.is_valid():
        return None
    try:
        return act()
    except services.RefusedError as error:
        form.add_error(field, str(error))
        return None


@shows_and_takes
def put_forward(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    participation = _nominating(request, pk)
    coordinators = coordinators_of(participation)
    form = typed.put_back(request, ForThemForm(participation, coordinators, posted(request)))
    made = _succeeds(
        form,
        "email",
        lambda: services.nominate(
            participation=participation, by=request.user, on_word_of=form.on_word_of, **form.values()
        ),
    )
    if made is not None:
        waits = made.state == NominationState.RESERVE
        became = "is on the reserve list, because the places are taken, and" if waits else "has been invited, and"
        messages.success(request, f"{made.full_name} {became} is written to at {made.email}.")
        return redirect("admin:put_forward", pk) if "another" in request.POST else redirect(participation)
    title = f"Put somebody forward for {participation.organisation}"
    return _page(request, "one", title, participation, form=form, coordinators=coordinators)


@shows_and_takes
def put_forward_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose a file; what is wrong with the file as a whole is said here. `?template=csv` is an empty one."""
    participation = _nominating(request, pk)
    if kind := request.GET.get("template"):
        return _template(kind)
    coordinators = coordinators_of(participation)
    form = typed.put_back(
        request, FileForThemForm(coordinators, posted(request), request.FILES if request.method == "POST" else None)
    )
    if form.is_valid() and (sheet := form.read(participation)):
        kept = {"sheet": sheet.kept(), "on_word_of": str(form.on_word_of.pk)}
        return redirect("admin:check_put_forward", pk, uploads.keep(request.user, _purpose(participation), kept))
    return _page(
        request, "list", f"Take in the list of {participation.organisation}", participation,
        form=form, coordinators=coordinators, headings=HEADINGS, roles=role_words(participation).values(),
    )  # fmt: skip


def _template(kind: str) -> HttpResponse:
    if kind not in TYPES:
        raise Http404
    return attachment(sheets.template(kind, HEADINGS), "nominations", kind)


def _purpose(participation: Participation) -> str:
    return f"put-forward:{participation.pk}"


@shows_and_takes
def check_list(request: HttpRequest, pk: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Every row with what would become of it and what is wrong with it; pressing the button does it."""
    participation = _nominating(request, pk)
    kept = uploads.kept(request.user, _purpose(participation), key)
    acting = {str(one.user_id): one.user for one in coordinators_of(participation)}
    whose = acting.get(kept["on_word_of"]) if kept else None
    if whose is None:
        messages.info(request, uploads.GONE)
        return redirect("admin:put_forward_list", pk)
    sheet = importing.Sheet.of_kept(kept["sheet"])
    form = typed.put_back(request, ImportConfirmForm(posted(request), warnings=any(row.warning for row in sheet.rows)))
    purpose = question(request, len(sheet.rows), sent=request.method == "POST")

    @transaction.atomic
    def take_in() -> Any:
        note_many(request, purpose, what="participants.nomination", rows=len(sheet.rows), act="Take in their list")
        return services.import_nominations(
            participation=participation, rows=sheet.rows, by=request.user, on_word_of=whose
        )

    done = None if unanswered(purpose) else _succeeds(form, None, take_in)
    if done is not None:
        uploads.forget(request.user, _purpose(participation), key)
        messages.success(request, "Their list is in: {invite} invited, {reserve} on the reserve list, "
                         "{update} updated, {same} unchanged.".format_map(done))  # fmt: skip
        return redirect(participation)
    planned = import_plan.plan(participation=participation, rows=sheet.rows)
    return _page(
        request, "check", "Check their list", participation, form=form, whose=whose, planned=planned,
        forms=[purpose] if purpose else [],
        counts={action: import_plan.counts(planned)[action] for action in import_plan.ACTIONS},
        ignored=", ".join(f"“{heading}”" for heading in sheet.ignored),
    )  # fmt: skip
