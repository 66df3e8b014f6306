"""What an admin page shows of a field, for the page's reader."""

from typing import Any

from django import template
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.template.context import Context
from django.utils.safestring import SafeString

from ui.admin_words import in_words, label

register = template.Library()


@register.simple_tag
def field_label(field: Any) -> SafeString:
    """Its label, in words for a reader where the field's own name is the code's."""
    if field.is_readonly:
        field.field["label"] = label(str(field.field["label"]))
    else:
        field.field.label = label(str(field.field.label))
    return field.label_tag()


@register.simple_tag(takes_context=True)
def readonly_value(context: Context, field: AdminReadonlyField) -> SafeString | str:
    """As Django shows it, except that yes and no are words, and a row has no link where the reader may not open it."""
    row = _row_of(field)
    if row is not None and not may_open(context["request"], field, row):
        return str(row)
    return in_words(field.contents() or field.empty_value_display)


def _row_of(field: AdminReadonlyField) -> Model | None:
    """The row to which Django would link; None for every other sort of field."""
    try:
        model_field, _, value = lookup_field(field.field["field"], field.form.instance, field.model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist, FieldDoesNotExist):
        return None
    return value if isinstance(model_field, ForeignKey) else None


def may_open(request: HttpRequest, field: AdminReadonlyField, row: Model) -> bool:
    """Whether the row has a page of its own, and its list would show it to this reader."""
    page = field.model_admin.admin_site._registry.get(type(row))
    if page is None or not page.has_view_or_change_permission(request, row):
        return False
    return page.get_queryset(request).filter(pk=row.pk).exists()
