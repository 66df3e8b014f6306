"""Base forms: validated on submit by the server, with our own messages; see `ui/field.html` for their looks."""

from collections.abc import Iterator
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.forms import BaseForm


class Behaviour:
    """Mixed into a form: no HTML `required`, “(optional)” on what may stay empty, labels without a colon."""

    use_required_attribute = False
    mark_optional = True
    carries = ""  # markup that goes with the fields, and is none of them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> FormHelper:
        """For `{% crispy form %}`: the page writes its own form element and buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class Form(Behaviour, forms.Form):
    pass


class ModelForm(Behaviour, forms.ModelForm):
    pass


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends and wants ISO dates whatever it shows."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def forms_on_page(context: Any) -> Iterator[BaseForm]:
    """The forms a page shows under the names `form`, `forms` and `formset`."""
    for candidate in (context.get("form"), *(context.get("forms") or ()), *(context.get("formset") or ())):
        if isinstance(candidate, BaseForm):
            yield candidate


def has_errors(context: Any) -> bool:
    """Whether any form of the page came back with errors."""
    return any(form.errors for form in forms_on_page(context))
