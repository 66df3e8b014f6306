"""Fields of the admin's forms, as plain as those of our own pages."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper


def choice_alone(form_field: Any) -> Any:
    """A choice without the pictures that lead to adding, changing, deleting and showing what is chosen."""
    widget = getattr(form_field, "widget", None)
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_add_related = widget.can_change_related = False
        widget.can_delete_related = widget.can_view_related = False
    return form_field
