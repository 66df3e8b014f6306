"""What staff say of a past cohort beside its spreadsheet."""

from typing import Any

from django import forms

from accounts import clock
from cohorts.models import Cohort, Format
from staff.list_forms import FileForm
from staff.past.loading import Details
from staff.past.reading import MOST_SESSIONS
from ui.forms import DateInput

FIGURES = dict.fromkeys(["required", "invalid", "min_value", "max_value"], "Enter a number in figures.")


def _number(label: str, most: int, **options: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"})
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, widget=widget, error_messages=FIGURES, **options
    )


def _day(label: str, **options: Any) -> forms.DateField:
    errors = {"required": "Enter the day.", "invalid": "Enter a date."}
    return forms.DateField(label=label, widget=DateInput, error_messages=errors, **options)


class PastCohortForm(FileForm):
    format = forms.ModelChoiceField(
        label="Format",
        queryset=Format.objects.all(),
        empty_label="Choose one",
        error_messages={"required": "Choose a format."},
    )
    name = forms.CharField(
        label="Name", max_length=80, help_text="As people say it.", error_messages={"required": "Enter a name."}
    )
    number = _number("Number", 9999)
    launch = _day("Launched on")
    closed = _day("Closed on")
    sessions = _number("Sessions that it held", MOST_SESSIONS)
    in_baseline = forms.BooleanField(
        label="These people are counted in the historical baseline already",
        required=False,
        initial=True,
        help_text="Then the public figures stay as they are. Without it they grow by what this file holds.",
    )
    field_order = ["format", "name", "number", "launch", "closed", "sessions", "in_baseline", "file"]

    def clean_closed(self) -> Any:
        closed, launch = self.cleaned_data["closed"], self.cleaned_data.get("launch")
        if closed >= clock.today():
            raise forms.ValidationError("Choose a day in the past: only a cohort that is over is loaded.")
        if launch and closed < launch:
            raise forms.ValidationError("It can’t have closed before its launch. Check the year.")
        return closed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        known = Cohort.objects.filter(format=data.get("format"), number=data.get("number"))
        if data.get("format") and known.exists():
            self.add_error("number", f"There is a cohort of this format with the number {data['number']} already.")
        return data

    @property
    def details(self) -> Details:
        names = ("format", "number", "name", "launch", "closed", "sessions", "in_baseline")
        return Details(**{name: self.cleaned_data[name] for name in names})
