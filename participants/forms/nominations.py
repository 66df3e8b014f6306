"""A coordinator's forms."""

from typing import Any

from django import forms

from cohorts.models import Role
from organisations.models import Participation
from participants import sheets, wording
from participants.forms import fields
from ui.forms import Form


def role_words(participation: Participation) -> dict[str, str]:
    return {role: Role(role).label for role in participation.cohort.format.roles}


class NominationForm(Form):
    """Put one person forward. Where a cohort has one role, it isn't asked."""

    first_name = fields.first_name()
    last_name = fields.last_name()
    email = fields.work_email("We write to them here to ask whether they want to take part.")
    reason = fields.reason("Why you are putting them forward", wording.NOTICE)

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = role_words(participation)
        self.only_role = next(iter(roles)) if len(roles) == 1 else ""
        if not self.only_role:
            self.fields["role"] = fields.role(participation, roles)
        if wording.sensitive_terms(self.data.get(self.add_prefix("reason"), "")):
            self.fields["reason_checked"] = fields.sensitive_check(self.data[self.add_prefix("reason")])
        self.order_fields(["first_name", "last_name", "email", "role", "reason", "reason_checked"])

    def values(self) -> dict[str, str]:
        """What `nominate` wants to know."""
        names = ("first_name", "last_name", "email", "reason")
        return {name: self.cleaned_data[name] for name in names} | {"role": self.only_role or self.cleaned_data["role"]}


class ImportForm(Form):
    """Choose a file."""

    file = forms.FileField(
        label="Your list",
        help_text="A CSV or Excel (.xlsx) file of up to 500 people and 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Fill in the template and choose it again.",
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB. Keep only the list of people in it.")
        return file


class ImportConfirmForm(Form):
    """Say yes to what the preview shows; with a tick where a reason may be sensitive."""

    def __init__(self, *args: Any, warnings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if warnings:
            self.fields["reasons_checked"] = forms.BooleanField(
                label="I have checked that no reason says anything sensitive about a person",
                error_messages={"required": "Change the reasons in your file, or tick that you have checked them."},
            )
