"""Mixed into every ModelAdmin when it is registered: what its list shows beside its rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst

from accounts.fields import sort_key
from staff.lists import explained
from ui import admin_words


@dataclass(frozen=True)
class ViewLink:
    """One link in the row above a list."""

    name: str
    url: str
    current: bool
    change_url: str = ""
    hint: str = ""


class ListTools:
    """Saved views, and the ways out to files and in from them."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):  # type: ignore[attr-defined]  # ModelAdmin's
            return super().changelist_view(request, extra_context)  # type: ignore[misc]  # which refuses
        from staff.models import SavedView

        label = label_of(self)
        views = list(SavedView.objects.of_list(label, request.user))
        if opening := _opens_with(request, views):
            return redirect(opening)
        tools = _tools(self, request, label, views)
        return super().changelist_view(request, tools | (extra_context or {}))  # type: ignore[misc]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """With the sentence that explains the list, for who came to one of its rows by another way."""
        words = {"list_words": explained.WORDS.get(label_of(self), "")}
        return super().render_change_form(request, context | words, **kwargs)  # type: ignore[misc]  # ModelAdmin's

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, words: str) -> tuple[QuerySet, bool]:
        """Names are kept for sorting without their accents: “Zoë” is found as she is written, too."""
        found, twice = super().get_search_results(request, queryset, words)  # type: ignore[misc]  # ModelAdmin's
        plain = sort_key(words)
        if plain == words.casefold():
            return found, twice
        also, also_twice = super().get_search_results(request, queryset, plain)  # type: ignore[misc]
        return found | also, twice or also_twice


def label_of(model_admin: Any) -> str:
    """“organisations.interest”: the list's name in addresses."""
    return model_admin.opts.label_lower


def list_of(request: HttpRequest, label: str) -> Any:
    """The ModelAdmin of a list that the person may look at; 404 for a list that there is none of."""
    model_admin = next((one for model, one in admin.site._registry.items() if model._meta.label_lower == label), None)
    if model_admin is None:
        raise Http404
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    return model_admin


def name_of(model_admin: Any) -> str:
    """“Interests”."""
    return capfirst(admin_words.label(str(model_admin.opts.verbose_name_plural)))


def list_url(model_admin: Any) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")


def may_import(model_admin: Any, request: HttpRequest) -> bool:
    """Rows of a file may be new or change what there is: it takes the right to do both."""
    return model_admin.has_add_permission(request) and model_admin.has_change_permission(request)


def _opens_with(request: HttpRequest, views: list[Any]) -> str:
    """The address of the view with which the list opens, for who comes to it from elsewhere and asks for nothing.

    Who takes the filters away on the list itself means to see everything.
    """
    came_from = urlsplit(request.headers.get("referer", "")).path
    if request.method != "GET" or request.GET or came_from == request.path:
        return ""
    return next((view.get_absolute_url() for view in views if view.opens and view.query), "")


def _tools(model_admin: Any, request: HttpRequest, label: str, views: list[Any]) -> dict[str, Any]:
    from staff.lists import export, importers, saved

    query = saved.query_of(request.GET)
    keep = f"?{query}" if query else ""
    takes_in = importers.importer_of(label) is not None and may_import(model_admin, request)
    return {
        "view_links": _links(model_admin, query, views),
        "save_view_url": reverse("admin:save_view", args=[label]) + keep if query else "",
        "export_url": reverse("admin:export_list", args=[label]) + keep if export.may_export(label) else "",
        "import_url": reverse("admin:import_list", args=[label]) if takes_in else "",
        "list_words": explained.WORDS.get(label, ""),
        "list_none_title": explained.NONE.get(label, "Nothing matches"),
        "list_whole_url": explained.WHOLE.get(label, "?"),
        "list_when_empty": explained.WHEN_EMPTY.get(label, explained.EMPTY),
    }


def _links(model_admin: Any, query: str, views: list[Any]) -> list[ViewLink]:
    """“All” and each view; nothing while there is none."""
    if not views:
        return []
    shown = [
        ViewLink(
            view.name,
            view.get_absolute_url(),
            view.query == query,
            reverse("admin:saved_view", args=[view.pk]),
            "shared with the team" if view.shared else "",
        )
        for view in views
    ]
    return [ViewLink("All", list_url(model_admin) + "?", not query), *shown]
