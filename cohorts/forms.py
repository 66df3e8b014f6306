"""What the programme team types about a cohort."""

from typing import Any

from django import forms
from django.conf import settings

from cohorts.models import KEY_DATES, Cohort
from cohorts.replies import is_ours

KEY_DATE_FIELDS = [(f"{key}_from", f"{key}_until") for key, _ in KEY_DATES]


class LinesField(forms.CharField):
    """A list of short texts, typed one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list is what this field is for
        lines = (line.strip() for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python("\n".join(initial or [])) != self.to_python(data)


class CohortForm(forms.ModelForm):
    """A cohort with its key dates. Dates out of order are refused beside the field, by the model's own `clean`."""

    places = LinesField(
        required=False,
        label="Cities to meet in",
        help_text="One on each line. Meeting online is always offered.",
    )

    class Meta:
        model = Cohort
        fields = [
            "format", "number", "name", *(field for pair in KEY_DATE_FIELDS for field in pair),
            "session_count", "certificate_sessions", "circle_minimum", "circle_target", "places",
            "bank_holidays", "reply_address",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(KEY_DATES)
        for first, last in KEY_DATE_FIELDS:
            for name, words in ((first, "from"), (last, "until")):
                if name in self.fields:  # somebody who may only look has none of them
                    self.fields[name].label = f"{labels[name.rpartition('_')[0]]}: {words}"

    def clean_reply_address(self) -> str:
        """Answers are read by the programme, so the address is one of its own."""
        address = self.cleaned_data["reply_address"]
        if address and not is_ours(address):
            domains = " or ".join(f"@{domain}" for domain in settings.MAIL_REPLY_DOMAINS)
            raise forms.ValidationError(f"Enter an address of the programme’s own, ending in {domains}.")
        return address

    def clean(self) -> dict[str, Any]:
        """A circle cannot aim for more members than its format seats: a pair's two figures follow from it."""
        data = super().clean() or self.cleaned_data
        if data.get("format") is not None:
            for name in ("circle_minimum", "circle_target"):
                if data.get(name):
                    data[name] = min(data[name], data["format"].capacity)
        return data
