"""One page between choosing rows of an admin list and acting on them.

It says exactly which rows are acted on, which are left out and why, and what follows; then it asks. Confirming acts on
those rows and no others: where anything has changed meanwhile, the page comes again.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

MOST = 500  # rows at once: they are acted on while somebody waits
SURE = "sure"
NOT_YOURS = "You may look at this, not change it."
Row = Any


def nobody(rows: list[Row], by: Any) -> dict[Any, str]:
    return {}


def everything_is_said(rows: list[Row], by: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class Act:
    """What can be done to several rows at once.

    `ask` and `done` are sentences with `{rows}`, which becomes “1 interest” or “3 interests” of `words`. `left_out`
    gives the reason of each row, by its key, that is not acted on, and `follows` what happens besides. `do` is called
    for each of the others with `by` and what the `form` was told; what it raises of `refusals` is said of that row.
    """

    ask: str
    button: str
    done: str
    words: tuple[str, str]
    do: Callable[..., Any]
    left_out: Callable[[list[Row], Any], Mapping[Any, str]] = nobody
    follows: Callable[[list[Row], Any], list[str]] = everything_is_said
    form: type[forms.Form] | None = None
    danger: bool = False
    refusals: tuple[type[Exception], ...] = (ValidationError,)
    called: Callable[[Row], str] = str
    may: Callable[[HttpRequest, Row], bool] | None = None  # in place of the right to change the row

    def rows(self, count: int) -> str:
        return f"{count} {self.words[0] if count == 1 else self.words[1]}"


@dataclass(frozen=True)
class Many:
    """What is asked besides of whoever acts on more rows than `above`.

    `note` is given the answer before it is done: the request, the form, the act and its rows.
    """

    above: int
    form: type[forms.Form]
    note: Callable[[HttpRequest, Any, Act, list[Row]], None]


_many: list[Many] = []


def ask_of_many(many: Many) -> None:
    """Say what is asked before an act on many. One app above says it, once for every list."""
    _many[:] = [many]


@dataclass(frozen=True)
class Plan:
    """Who is acted on, and who is left out with the reason."""

    affected: list[Row]
    others: list[tuple[Row, str]]

    @property
    def fingerprint(self) -> str:
        keys = ",".join(sorted(str(row.pk) for row in self.affected))
        return hashlib.sha256(keys.encode()).hexdigest()[:32]


def plan(model_admin: Any, request: HttpRequest, rows: list[Row], act: Act) -> Plan:
    """Sorts the rows into those that are acted on and those that are not. Writes nothing."""
    reasons = dict(act.left_out(rows, request.user))
    may = act.may or model_admin.has_change_permission
    for row in rows:
        if row.pk not in reasons and not may(request, row):
            reasons[row.pk] = NOT_YOURS
    return Plan(
        [row for row in rows if row.pk not in reasons], [(row, reasons[row.pk]) for row in rows if row.pk in reasons]
    )


def ask(model_admin: Any, request: HttpRequest, queryset: QuerySet, act: Act) -> TemplateResponse | None:
    """For an admin action to return: the page that asks, or nothing once it is done."""
    rows = list(queryset[: MOST + 1])
    if len(rows) > MOST:
        messages.error(request, f"Choose at most {MOST} at once: nothing was done.")
        return None
    found, sure = plan(model_admin, request, rows, act), request.POST.get(SURE, "")
    sent = request.POST if sure else None
    form = act.form(sent) if act.form else None
    many = next((one for one in _many if len(found.affected) > one.above), None)
    purpose = many.form(sent) if many else None
    wrong = [one for one in (form, purpose) if one is not None and not one.is_valid()]
    if found.affected and sure == found.fingerprint and not wrong:
        if many and purpose:
            many.note(request, purpose, act, found.affected)
        _carry_out(request, found.affected, act, form.cleaned_data if form else {})
        return None
    changed = bool(sure) and sure != found.fingerprint
    return _page(model_admin, request, found, act, form, purpose=purpose, changed=changed)


def _carry_out(request: HttpRequest, rows: list[Row], act: Act, told: Mapping[str, Any]) -> None:
    refused: list[tuple[str, str]] = []
    for row in rows:
        try:
            act.do(row, by=request.user, **told)
        except act.refusals as error:
            refused.append((act.called(row), _words(error)))
    if done := len(rows) - len(refused):
        messages.success(request, act.done.format(rows=act.rows(done)))
    for name, why in refused:
        messages.warning(request, f"{name}: {why}")


def _words(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _page(
    model_admin: Any, request: HttpRequest, found: Plan, act: Act, form: forms.Form | None, *,
    purpose: forms.Form | None, changed: bool,
) -> TemplateResponse:  # fmt: skip
    context = {
        **model_admin.admin_site.each_context(request),
        "title": act.ask.format(rows=act.rows(len(found.affected))) if found.affected else "Nothing to do",
        "opts": model_admin.opts,
        "act": act,
        "form": form,
        "forms": [purpose] if purpose else [],
        "affected": [act.called(row) for row in found.affected],
        "others": [(act.called(row), why) for row, why in found.others],
        "follows": act.follows(found.affected, request.user) if found.affected else [],
        "changed": changed,
        "fingerprint": found.fingerprint,
        "hidden": list(_again(request)),
    }
    request.current_app = model_admin.admin_site.name  # type: ignore[attr-defined]  # as Django's own admin does
    return TemplateResponse(request, "admin/bulk.html", context)


def _again(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """What the list was asked: the act and the rows. “All of it” stays that; the fingerprint holds it to these."""
    yield "action", request.POST.get("action", "")
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if request.POST.get("select_across") == "1":
        yield "select_across", "1"
        chosen = chosen[:1]
    yield from ((ACTION_CHECKBOX_NAME, key) for key in chosen)
