"""Django's own deletion of chosen rows: of a list with people in it, never of more than a few at once."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from privacy.purposes import MANY
from staff.lists.export import asks_why


def delete_few(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
    """What is deleted for its age goes by itself; by hand it is a few rows, so that no purpose has to be asked."""
    if asks_why(model_admin.opts.label_lower) and queryset.count() > MANY:
        messages.error(request, f"Choose at most {MANY} to delete at once: nothing was deleted.")
        return None
    return delete_selected(model_admin, request, queryset)
