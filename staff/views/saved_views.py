"""Saved views of lists: keeping what a list shows now under a name, changing and deleting it."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from privacy import typed
from staff import pages
from staff.list_forms import SavedViewForm
from staff.lists import reading, saved, tools
from staff.models import SavedView
from staff.views.interests import posted

shows_and_takes = require_http_methods(["GET", "HEAD", "POST"])


def urlpatterns(site: AdminSite) -> list[URLPattern]:
    return [
        pages.page(site, "list/<str:label>/save/", save, "save_view"),
        pages.page(site, "saved-view/<uuid:pk>/", change, "saved_view"),
        pages.page(site, "saved-view/<uuid:pk>/delete/", delete, "delete_saved_view"),
    ]


@shows_and_takes
def save(request: HttpRequest, label: str) -> HttpResponse:
    """Names the view that the address describes."""
    model_admin = tools.list_of(request, label)
    query = saved.query_of(request.GET)
    form = typed.put_back(request, SavedViewForm(posted(request), of_list=label, owner=request.user))
    if form.is_bound and form.is_valid():
        view = saved.save_view(of_list=label, query=query, by=request.user, **form.cleaned_data)
        messages.success(request, f"“{view}” is kept above the list.")
        return redirect(view)
    back = tools.list_url(model_admin) + (f"?{query}" if query else "")
    return _page(request, "save_view", "Save this view", model_admin, form=form, back=back,
                 shows=reading.said(reading.changelist(request, model_admin)))  # fmt: skip


@shows_and_takes
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    view, model_admin = _view(request, pk)
    owns = view.owner_id == request.user.pk
    form = typed.put_back(
        request, SavedViewForm(posted(request), of_list=view.of_list, owner=view.owner, owns=owns, view=view)
    )
    if form.is_bound and form.is_valid():
        opens = form.cleaned_data.pop("opens")
        if owns:
            saved.change_view(view=view, by=request.user, **form.cleaned_data)
        saved.open_with(view=view, opens=opens, by=request.user)
        messages.success(request, f"“{view}” is changed.")
        return redirect(view)
    return _page(
        request, "saved_view", f"The view “{view}”", model_admin,
        form=form, view=view, owns=owns, may_delete=_may_delete(request, view),
    )  # fmt: skip


@shows_and_takes
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    view, model_admin = _view(request, pk)
    if not _may_delete(request, view):
        raise PermissionDenied
    if request.method == "POST":
        saved.delete_view(view=view, by=request.user)
        messages.success(request, f"The view “{view}” is deleted. The rows that it showed are untouched.")
        return redirect(tools.list_url(model_admin))
    return _page(request, "delete_view", f"Delete the view “{view}”?", model_admin, view=view)


def _view(request: HttpRequest, pk: uuid.UUID) -> tuple[SavedView, Any]:
    """One of their own or of the team's, of a list that they may see; 404 for any other."""
    row = get_object_or_404(SavedView.objects.open_to(request.user).select_related("owner"), pk=pk)
    view = SavedView.objects.of_list(row.of_list, request.user).select_related("owner").get(pk=pk)
    try:
        return view, tools.list_of(request, view.of_list)
    except PermissionDenied as error:
        raise Http404 from error


def _may_delete(request: HttpRequest, view: SavedView) -> bool:
    """Its owner may; and a programme lead, so that nothing that is shared stays when its owner has gone."""
    return view.owner_id == request.user.pk or request.user.has_perm("staff.manage_staff")


def _page(request: HttpRequest, name: str, title: str, model_admin: Any, **context: Any) -> HttpResponse:
    label = tools.name_of(model_admin)
    crumbs = [(label, tools.list_url(model_admin))]
    return pages.render(request, f"staff/lists/{name}.html", title, crumbs=crumbs, list_name=label, **context)
