"""How one form field is shown: label, hint, error, control, and the ids that tie them together."""

from dataclasses import dataclass, field

from django import forms
from django.forms.boundfield import BoundField, BoundWidget

CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class Choice:
    """One radio button or checkbox."""

    control: str
    label: str
    id: str
    hint: str
    hint_id: str
    chosen: bool


@dataclass(frozen=True)
class FieldView:
    """What `ui/field.html` needs to know of a field. `kind` is hidden, checkbox, choices, group or control."""

    kind: str
    name: str
    label: str
    optional: bool
    hint: str
    hint_id: str
    errors: list[str]
    error_id: str
    focus_id: str
    described_by: str
    control: str = ""
    choices: list[Choice] = field(default_factory=list)
    single_choice: bool = False
    inline: bool = False


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CHOICE_WIDGETS):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if widget.use_fieldset else "control"


def focus_id(bound: BoundField) -> str:
    """The id that a link of the error summary leads to: the control, or the first one of a group."""
    if kind_of(bound) in {"choices", "group"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def is_optional(bound: BoundField) -> bool:
    """Whether the label says “(optional)”. A lone checkbox never does: leaving it empty is an answer."""
    wanted = getattr(bound.form, "mark_optional", True)
    return wanted and not bound.field.required and not bound.field.disabled and kind_of(bound) != "checkbox"


def described_by(bound: BoundField, hint_id: str, error_id: str) -> str:
    own = bound.field.widget.attrs.get("aria-describedby", "")
    ids = [own, hint_id if bound.help_text else "", error_id if bound.errors else ""]
    return " ".join(part for part in ids if part)


def control_attrs(bound: BoundField, kind: str, described: str) -> dict[str, str | bool]:
    base = {"checkbox": "choice-input", "choices": "choice-input"}.get(kind, "control")
    own = bound.field.widget.attrs.get("class", "")
    # A placeholder vanishes when one types and is too faint to read: labels and hints say it all.
    attrs = {"class": f"{base} {own}".strip(), "placeholder": False}
    if kind != "choices" and described:
        attrs["aria-describedby"] = described
    if bound.errors and not isinstance(bound.field.widget, forms.RadioSelect):
        attrs["aria-invalid"] = "true"
    return attrs


def choice_of(bound: BoundField, data: dict) -> Choice:
    choice_id = data["attrs"].get("id", "")
    hint = getattr(bound.field, "option_hints", {}).get(str(data["value"]), "")
    hint_id = f"{choice_id}_hint" if hint else ""
    if hint:
        data["attrs"]["aria-describedby"] = hint_id
    control = BoundWidget(bound.field.widget, data, bound.form.renderer)
    return Choice(control.tag(), data["label"], choice_id, hint, hint_id, data["selected"])


def choices_of(bound: BoundField, attrs: dict[str, str | bool]) -> list[Choice]:
    options = bound.field.widget.subwidgets(bound.html_name, bound.value(), {"id": bound.auto_id, **attrs})
    return [choice_of(bound, data) for data in options]


def describe(bound: BoundField) -> FieldView:
    """The view of a bound field of any Django form, ours or another's."""
    bound.form.use_required_attribute = False  # the browser's own messages would come before ours
    kind = kind_of(bound)
    hint_id, error_id = f"{bound.auto_id}_hint", f"{bound.auto_id}_error"
    described = described_by(bound, hint_id, error_id)
    attrs = control_attrs(bound, kind, described)
    choices = choices_of(bound, attrs) if kind == "choices" else []
    single = isinstance(bound.field.widget, forms.RadioSelect)
    # Of radio buttons one of which is chosen there is no way to leave the answer open.
    settled = single and any(choice.chosen for choice in choices)
    return FieldView(
        kind=kind,
        name=bound.html_name,
        label=bound.label,
        optional=is_optional(bound) and not settled,
        hint=bound.help_text,
        hint_id=hint_id,
        errors=list(bound.errors),
        error_id=error_id,
        focus_id=focus_id(bound),
        described_by=described,
        control="" if kind == "choices" else bound.as_widget(attrs=attrs),
        choices=choices,
        single_choice=single,
        inline=getattr(bound.field, "inline", False),
    )
