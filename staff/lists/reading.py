"""A list as somebody has narrowed and ordered it, read outside its own page: its rows, and the filters in words."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import Http404, HttpRequest

from staff.lists.saved import PASSING


def changelist(request: HttpRequest, model_admin: Any) -> ChangeList:
    """The list that the address asks for, as the person may see it. Raises Http404 for filters that there are not."""
    kept = request.GET.copy()
    for name in PASSING:
        kept.pop(name, None)
    asked, request.GET = request.GET, kept
    try:
        return model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters as error:
        raise Http404 from error
    finally:
        request.GET = asked


def said(shown: ChangeList) -> list[tuple[str, str]]:
    """What narrows the list: each filter with what was chosen, and the words searched for."""
    chosen = [(str(spec.title), _choice(spec, shown)) for spec in shown.filter_specs]
    told = [(title[:1].upper() + title[1:], words) for title, words in chosen if words]
    return [*told, ("Search", f"“{shown.query}”")] if shown.query else told


def _choice(spec: Any, shown: ChangeList) -> str:
    """The words of the choice that is made; blank for “All”, which stands first."""
    choices = list(spec.choices(shown))
    made = next((choice for choice in choices[1:] if choice.get("selected")), None)
    words = str(made["display"] or "Not given") if made else ""
    return "None" if words == "-" else words  # as the filter itself has it
