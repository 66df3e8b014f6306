"""Everything that one rule of the front page finds: to search, to settle or put off, and to take away as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from accounts import clock
from cohorts.models import Cohort
from privacy.purposes import asked, note_export
from staff import attention, pages
from staff.attention.base import put_off_url
from staff.attention_forms import RuleForm
from staff.lists import export
from staff.today import Today
from staff.views.lists import attachment
from staff.views.putting_off import PERMISSION as PUT_OFF

ROWS = 50  # on one page
HEADINGS = ["Cohort", "What was found", "Who sees to it", "Page"]


@dataclass(frozen=True)
class Row:
    """One thing that the rule found: where, whose it is as far as that is known, and the page that puts it off."""

    item: attention.Item
    cohort: Cohort | None
    owner: Any
    put_off: str


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [pages.page(site, "attention/<slug:rule>/", one_rule, "attention_rule")]


@require_http_methods(["GET", "HEAD", "POST"])
def one_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """The rows that were chosen; posted to, the same rows as a file."""
    found = attention.by_key(rule)
    if found is None:
        raise Http404
    pages.allow(request, found.permission)
    today = Today(request.user)
    choice = today.choice(RuleForm, request.GET)
    outcome = today.found(choice, found)
    rows = list(_rows(found, today, outcome, request.GET.urlencode()))
    if request.method == "POST" and found.confided:
        raise PermissionDenied
    form = None if found.confided else asked(request)
    if form is not None and form.is_valid():
        chosen = [name for name, said in choice.cleaned_data.items() if said] if choice.is_valid() else []
        note_export(request, form, what=f"attention.{found.key}", rows=len(rows), file="csv", filters=chosen)
        return _file(request, found, rows)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    cohort = choice.cleaned_data["cohort"] if choice.is_valid() else ""
    return pages.render(
        request,
        "staff/dashboard/one_rule.html",
        found.says,
        rule=found,
        choice=choice,
        form=form,
        page=page,
        later=len(outcome.later),
        together=found.together_url("" if cohort == attention.NO_COHORT else cohort),
        may_put_off=request.user.has_perm(PUT_OFF),
    )


def _rows(rule: attention.Rule, today: Today, found: attention.Found, query: str) -> Iterator[Row]:
    """What belongs to no cohort first, then cohort by cohort, as the front page has them."""
    people = {person.pk: person for person in today.people}
    for cohort in (None, *(one.cohort for one in today.opened)):
        for finding in found.now.get(cohort and cohort.pk, []):
            for item in finding.items:
                where = f"{put_off_url(rule.key, item.key)}?{query or 'page=1'}"
                yield Row(item, cohort, people.get(item.owner), where)


def _file(request: HttpRequest, rule: attention.Rule, rows: list[Row]) -> HttpResponse:
    lines = [[export.safe(cell) for cell in _line(request, row)] for row in rows]
    content = export.as_file("csv", rule.says, [HEADINGS, *lines])
    return attachment(content, f"{rule.key.replace('_', '-')}-{clock.today():%Y-%m-%d}", "csv")


def _line(request: HttpRequest, row: Row) -> list[str]:
    whose = row.item.covered or row.owner or ""
    return [str(row.cohort or ""), row.item.evidence, str(whose), request.build_absolute_uri(row.item.url)]
