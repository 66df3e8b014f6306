"""Django's small form controls, written without their templates.

A page of a survey has some fifty controls, and of each Django renders four templates to write one tag. What is written
here is the same to the letter (a test compares them); everything else is rendered by its template as ever.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from django.forms import CheckboxSelectMultiple, RadioSelect
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
_WIDGETS = "django/forms/widgets/"
_OPTIONS = {f"{_WIDGETS}{name}_option.html" for name in ("radio", "checkbox", "input")}
_LISTS = (RadioSelect, CheckboxSelectMultiple)
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


class Option(NamedTuple):
    """A button or a box of a list, drawn."""

    id: str
    value: str
    label: Any
    is_chosen: bool
    control: str


def options(bound: BoundField, attrs: Mapping[str, str | bool], hints: Mapping[str, str]) -> list[Option]:
    """The buttons or boxes of a field, each described by its hint, `<id>_hint`, where its value has one.

    Of the lists that Django itself draws only what differs from button to button is put together for each.
    """
    widget, together = bound.field.widget, {"id": bound.auto_id, **attrs}
    chosen = widget.format_value(bound.value())
    if isinstance(bound.form.renderer, Renderer) and type(widget) in _LISTS:
        choices = list(widget.choices)
        if not any(isinstance(label, (list, tuple)) for _, label in choices):
            return list(_alike(bound, choices, chosen, hints, widget.build_attrs(widget.attrs, together)))
    found = list(widget.options(bound.html_name, chosen, together))
    for one in found:
        if str(one["value"]) in hints:
            one["attrs"]["aria-describedby"] = f"{one['attrs']['id']}_hint"
    drawn = [BoundWidget(widget, one, bound.form.renderer).tag() for one in found]
    return [
        Option(one["attrs"]["id"], str(one["value"]), one["label"], one["selected"], control)
        for one, control in zip(found, drawn, strict=True)
    ]


def _alike(
    bound: BoundField,
    choices: Sequence[tuple[Any, Any]],
    chosen: Sequence[str],
    hints: Mapping[str, str],
    attrs: Mapping[str, Any],
) -> Iterator[Option]:
    widget, several = bound.field.widget, bound.field.widget.allow_multiple_selected
    begin = f'<input type="{widget.input_type}" name="{_written(bound.html_name)}" value="'
    names = list(attrs)
    before, after = names[: names.index("id")], names[names.index("id") + 1 :]
    before, after = (_attributes({"attrs": {name: attrs[name] for name in part}}) for part in (before, after))
    own, any_chosen = bound.auto_id, False
    for number, (value, label) in enumerate(choices):
        given = "" if value is None else str(value)
        is_chosen = given in chosen and (several or not any_chosen)
        any_chosen = any_chosen or is_chosen
        key = f"{own}_{number}" if own else ""
        described = f' aria-describedby="{escape(key)}_hint"' if given in hints else ""
        checked = " checked" if is_chosen else ""
        written = f'{begin}{_written(given)}"{before} id="{escape(key)}"{after}{checked}{described}>'
        yield Option(key, given, label, is_chosen, written)


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
