"""What staff say of the cohort that follows another."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cohorts.models import Cohort
from organisations.models import Participation
from staff.cloning import next_number, usual_launch
from ui.forms import DateInput, Form


class CloneForm(Form):
    name = forms.CharField(
        label="Name", max_length=80, help_text="As people say it.", error_messages={"required": "Enter a name."}
    )
    number = forms.IntegerField(
        label="Number",
        min_value=1,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], "Enter a number in figures."),
    )
    launch = forms.DateField(
        label="Launch on or near",
        widget=DateInput,
        help_text="Every date moves by the same whole number of weeks, so that it stays on its weekday.",
        error_messages={"required": "Enter the day of the launch.", "invalid": "Enter a date."},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        number = next_number(cohort)
        name = cohort.name.replace(str(cohort.number), str(number))
        initial = {"number": number, "name": name, "launch": usual_launch(cohort)}
        super().__init__(*args, initial=initial, **kwargs)
        self.cohort = cohort

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if Cohort.objects.filter(format=self.cohort.format_id, number=number).exists():
            raise forms.ValidationError(f"There is a cohort of this format with the number {number} already.")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        launch = data.get("launch")
        if launch and launch <= self.cohort.launch_from:
            self.add_error("launch", f"Choose a day after the launch of {self.cohort}.")
        return data


class RenewalForm(Form):
    """Which of the organisations that took part before are asked. Those that can be are offered, all of them ticked."""

    organisations = forms.MultipleChoiceField(
        label="Whom to ask",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one organisation."},
    )

    def __init__(self, *args: Any, parts: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(part.pk): part for part in parts}
        field = self.fields["organisations"]
        field.choices = [(key, f"{part.organisation}, last in {part.cohort}") for key, part in self.parts.items()]
        field.initial = list(self.parts)

    @property
    def chosen(self) -> list[Participation]:
        return [self.parts[key] for key in self.cleaned_data["organisations"]]
