"""What somebody tells us when they work for another organisation."""

from typing import Any

from django import forms

from organisations.models import name_key
from ui.forms import DateInput, Form


class EmployerForm(Form):
    """Their employer in their own words: which organisations we know is nobody's to look up."""

    organisation = forms.CharField(
        label="Who do you work for now?",
        max_length=200,
        help_text="The name of the organisation, as people there say it.",
        error_messages={"required": "Enter the name of the organisation that you work for now."},
    )
    since = forms.DateField(
        label="From which day?",
        required=False,
        widget=DateInput,
        help_text="Leave empty if you work there already.",
        error_messages={"invalid": "Enter the day as a date."},
    )

    def __init__(self, *args: Any, now: list[str], **kwargs: Any) -> None:
        """`now` are the names of the employers that are noted."""
        super().__init__(*args, **kwargs)
        self.now = {name_key(name) for name in now}

    def clean_organisation(self) -> str:
        name = " ".join(self.cleaned_data["organisation"].split())
        if self.now == {name_key(name)}:
            raise forms.ValidationError("That is the employer that we have noted already.")
        return name
