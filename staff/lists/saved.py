"""Saved views of a list: which there are, and what is done with them."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from privacy.services import record
from staff.models import OpeningView, SavedView

# What an address says of the moment, and not of the view: the page of it, an error, a window that chooses a row.
PASSING = {"p", "e", "_popup", "_to_field", "_changelist_filters", "_facets"}


def query_of(params: QueryDict) -> str:
    """The lasting part of a list's address, always in one order, so that two of the same can be known as such."""
    return urlencode(sorted(pair for pair in params_of(params) if pair[0] not in PASSING))


def params_of(params: QueryDict) -> list[tuple[str, str]]:
    """A filter or a search that is empty narrows nothing."""
    return [(name, value) for name, value in parse_qsl(params.urlencode()) if value]


@transaction.atomic
def save_view(*, of_list: str, query: str, name: str, shared: bool, opens: bool, by: User) -> SavedView:
    """Keep a view of a list. The caller has made sure that they have none of that name for it."""
    view = SavedView.objects.create(of_list=of_list, query=query, name=name, shared=shared, owner=by)
    record(by=by, verb="saved_view.added", about=view, list=of_list, shared=shared)
    open_with(view=view, opens=opens, by=by)
    return view


@transaction.atomic
def change_view(*, view: SavedView, name: str, shared: bool, by: User) -> SavedView:
    """Another name, or another circle of people who see it."""
    view.name, view.shared = name, shared
    view.save(update_fields=["name", "shared"])
    if not shared:
        OpeningView.objects.filter(view=view).exclude(user=view.owner_id).delete()
    record(by=by, verb="saved_view.changed", about=view, shared=shared)
    return view


@transaction.atomic
def open_with(*, view: SavedView, opens: bool, by: User) -> None:
    """Let the list open with this view for one person, or no longer with it."""
    if opens:
        OpeningView.objects.update_or_create(user=by, of_list=view.of_list, defaults={"view": view})
    else:
        OpeningView.objects.filter(user=by, view=view).delete()


@transaction.atomic
def delete_view(*, view: SavedView, by: User) -> None:
    record(by=by, verb="saved_view.deleted", about=view, list=view.of_list, shared=view.shared)
    view.delete()
