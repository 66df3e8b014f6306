"""What an admin page shows of a field, for the page's reader."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import ForeignKey, Model
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ui import fields
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


@register.simple_tag(takes_context=True)
def change_form_errors(context: Context) -> SafeString:
    """The error summary of a page that adds or changes a row, its inlines with it; blank when all is well."""
    errors = list(_errors_of(context["adminform"].form, "")) if context["errors"] else []
    for inline in context["inline_admin_formsets"] if context["errors"] else []:
        formset = inline.formset
        errors += [(f"{formset.prefix}-group", message) for message in formset.non_form_errors()]
        for number, form in enumerate(formset.forms, 1):
            errors += _errors_of(form, f"{capfirst(label(str(inline.opts.verbose_name)))} {number}, ")
    return render_to_string("ui/error_summary.html", {"errors": errors}) if errors else SafeString()


def _errors_of(form: BaseForm, where: str) -> Iterator[tuple[str, str]]:
    """(id to go to, message) for each; Django's own messages leave out which field they mean, so that is said."""
    visible = form.visible_fields()
    first = fields.focus_id(visible[0]) if visible else "content"
    for name, messages in form.errors.items():
        whole = name == NON_FIELD_ERRORS or form[name].is_hidden
        target = first if whole else fields.focus_id(form[name])
        said = where if whole else f"{where}{_named(form, name)}: "
        yield from ((target, f"{said}{message}") for message in messages)


def _named(form: BaseForm, name: str) -> str:
    """“Launch and opening ceremony, from”, with no colon of its own before ours."""
    return capfirst(label(str(form[name].label))).replace(":", ",")
