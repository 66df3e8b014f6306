"""How one form field is shown: label, hint, error, control, and the ids that tie them together."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from ui import renderers

# What is missing, of fields of other packages, which say of each that it “is required”.
MISSING = {
    "code": "Enter the code.",
    "email": "Enter your e-mail address.",
    "login": "Enter your e-mail address.",
    "oldpassword": "Enter the password that you have now.",
    "password": "Enter your password.",
    "password1": "Enter a password.",
    "password2": "Enter the password a second time.",
}

CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def errors_of(bound: BoundField) -> list[str]:
    """What is wrong with a field, each time in the same words: above it and at the top of the page."""
    if not (errors := bound.errors):
        return []
    usual = str(forms.Field.default_error_messages["required"])
    return [MISSING.get(bound.name, one) if one == usual else one for one in map(str, errors)]


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
    choices: str = ""
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
    """The ids of what is read out with a field; `error_id` is blank where nothing is wrong with it."""
    own = bound.field.widget.attrs.get("aria-describedby", "")
    ids = [own, hint_id if bound.help_text else "", error_id]
    return " ".join(part for part in ids if part)


def control_attrs(bound: BoundField, kind: str, described: str, *, is_wrong: bool) -> dict[str, str | bool]:
    base = {"checkbox": "choice-input", "choices": "choice-input"}.get(kind, "control")
    own = bound.field.widget.attrs.get("class", "")
    # A placeholder vanishes when one types and is too faint to read: labels and hints say it all.
    attrs = {"class": f"{base} {own}".strip(), "placeholder": False}
    if kind != "choices" and described:
        attrs["aria-describedby"] = described
    if is_wrong and not isinstance(bound.field.widget, forms.RadioSelect):
        attrs["aria-invalid"] = "true"
    return attrs


# Questions with their radio buttons or boxes are written here: a page of a survey has eight with fifty buttons, and
# templates took half of its time for them.


def question(field: FieldView) -> SafeString:
    """A field of `kind` choices: the question, its notes, and its buttons or boxes."""
    safe = conditional_escape
    bad = bool(field.errors)
    described = f' aria-describedby="{safe(field.described_by)}"' if field.described_by else ""
    role = ' role="radiogroup"' + (' aria-invalid="true"' if bad else "") if field.single_choice else ""
    optional = ' <span class="field-optional">(optional)</span>' if field.optional else ""
    hint = f'<div class="field-hint" id="{safe(field.hint_id)}">{safe(field.hint)}</div>' if field.hint else ""
    said = '<p class="field-error"><span class="visually-hidden">Error: </span>'
    errors = "".join(f"{said}{safe(message)}</p>" for message in field.errors)
    noted = f'<div id="{safe(field.error_id)}">{errors}</div>' if bad else ""
    choices = f'<div class="choices-inline">{field.choices}</div>' if field.inline else field.choices
    return SafeString(f"""
  <fieldset class="field{" field-invalid" if bad else ""}"{described}{role}>
    <legend class="field-label">{safe(field.label)}{optional}</legend>
    {hint}{noted}{choices}
  </fieldset>
""")


def _choice(option: renderers.Option, hint: str) -> str:
    own = conditional_escape(option.id)
    drawn = f'<span class="choice-hint" id="{own}_hint">{conditional_escape(hint)}</span>' if hint else ""
    return f"""
    <div class="choice">
      {option.control}
      <div>
        <label class="choice-label" for="{own}">{conditional_escape(option.label)}</label>
        {drawn}
      </div>
    </div>"""


def describe(bound: BoundField) -> FieldView:
    """The view of a bound field of any Django form, ours or another's."""
    bound.form.use_required_attribute = False  # the browser's own messages would come before ours
    kind = kind_of(bound)
    hint_id, error_id = f"{bound.auto_id}_hint", f"{bound.auto_id}_error"
    errors = errors_of(bound)
    described = described_by(bound, hint_id, error_id if errors else "")
    attrs = control_attrs(bound, kind, described, is_wrong=bool(errors))
    hints = getattr(bound.field, "option_hints", {})
    options = renderers.options(bound, attrs, hints) if kind == "choices" else []
    single = isinstance(bound.field.widget, forms.RadioSelect)
    # Of radio buttons one of which is chosen there is no way to leave the answer open.
    settled = single and any(option.is_chosen for option in options)
    return FieldView(
        kind=kind,
        name=bound.html_name,
        label=bound.label,
        optional=is_optional(bound) and not settled,
        hint=bound.help_text,
        hint_id=hint_id,
        errors=errors,
        error_id=error_id,
        focus_id=focus_id(bound),
        described_by=described,
        control="" if kind == "choices" else bound.as_widget(attrs=attrs),
        choices=mark_safe("".join(_choice(one, hints.get(one.value, "")) for one in options)),  # noqa: S308 – each part is safe
        single_choice=single,
        inline=getattr(bound.field, "inline", False),
    )
