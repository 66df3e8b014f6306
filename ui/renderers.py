"""Django's small form controls, written without their templates.

A page of a survey has some fifty controls, and of each Django renders four templates to write one tag. What is written
here is the same to the letter (a test compares them); everything else is rendered by its template as ever.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
_WIDGETS = "django/forms/widgets/"
_OPTIONS = {f"{_WIDGETS}{name}_option.html" for name in ("radio", "checkbox", "input")}
_INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "time", "datetime", "checkbox")


def _written(value: object) -> str:
    """As `stringformat:"s"` in a template: a safe string stays as it is, all else is escaped."""
    return value if isinstance(value, SafeString) else escape(str(value))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_written(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_written(widget["value"])}"'
    return f'<input type="{_written(widget["type"])}" name="{_written(widget["name"])}"{value}{_attributes(widget)}>'


def _option(widget: Widget) -> str | None:
    """A box or a button of a list; with a label round it (Django's own lists) it is left to the template."""
    return None if widget.get("wrap_label") else _input(widget)


def option(data: Widget) -> SafeString | None:
    """A box or a button of a list as Django describes it; None where a template of its own draws it."""
    return SafeString(_input(data)) if data["template_name"] in _OPTIONS else None


def _select(widget: Widget) -> str | None:
    """A list to choose from; with headings in it, or options of another make, it is left to the template."""
    groups = widget["optgroups"]
    if any(name for name, _, _ in groups):
        return None
    options = [option for _, found, _ in groups for option in found]
    if any(option["template_name"] != f"{_WIDGETS}select_option.html" for option in options):
        return None
    lines = "".join(
        f'\n  <option value="{_written(option["value"])}"{_attributes(option)}>{_written(option["label"])}</option>\n'
        for option in options
    )
    return f'<select name="{_written(widget["name"])}"{_attributes(widget)}>{lines}\n</select>'


_WRITERS: dict[str, Callable[[Widget], str | None]] = {
    **{f"{_WIDGETS}{name}.html": _input for name in _INPUTS},
    **dict.fromkeys(_OPTIONS, _option),
    f"{_WIDGETS}select.html": _select,
}


class Renderer(TemplatesSetting):
    """Writes what it knows and leaves the rest to the templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        writer = _WRITERS.get(template_name)
        written = writer(context["widget"]) if writer else None
        return super().render(template_name, context, request) if written is None else written
