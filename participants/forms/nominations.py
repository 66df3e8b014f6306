"""A coordinator's forms."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from accounts import clock
from accounts.models import User
from cohorts.models import Role
from organisations.models import Coordinator, Participation
from participants import importing, sheets, wording
from participants.forms import fields
from participants.models import Nomination
from ui.dates import uk_date
from ui.forms import DateInput, Form


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


class OnTheirWord(Form):
    """Mixed into a form of the team: who at the organisation puts the people forward, and is named to them."""

    fields: dict[str, forms.Field]

    def ask_whose_word(self, coordinators: Iterable[Coordinator]) -> None:
        self.acting = {str(one.user_id): one.user for one in coordinators}
        self.fields["on_word_of"] = forms.ChoiceField(
            label="Who at the organisation puts them forward",
            help_text="Whoever is put forward reads their name, and that the programme team wrote it down for them.",
            choices=[(key, user.get_full_name()) for key, user in self.acting.items()],
            widget=forms.RadioSelect,
            initial=next(iter(self.acting)) if len(self.acting) == 1 else None,
            error_messages={"required": "Choose who puts them forward."},
        )
        self.order_fields(["on_word_of"])

    @property
    def on_word_of(self) -> User:
        return self.acting[self.cleaned_data["on_word_of"]]


class ForThemForm(OnTheirWord, NominationForm):
    """The team puts one person forward for an organisation."""

    def __init__(
        self, participation: Participation, coordinators: Iterable[Coordinator], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(participation, *args, **kwargs)
        self.fields["reason"].label = "Why they are put forward, in that person’s words"
        self.ask_whose_word(coordinators)


class ReplaceForm(NominationForm):
    """Put somebody else forward for the place of who has not answered: their role is that of the place."""

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(participation, *args, **kwargs)
        self.fields.pop("role", None)

    def values(self) -> dict[str, str]:
        """What `replace_nomination` wants to know."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email", "reason")}


class RemindForm(Form):
    """Who is written to: everybody who may be, until somebody is left out."""

    people = forms.MultipleChoiceField(
        label="Who gets the reminder",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one person.",
            "invalid_choice": "Somebody has answered in the meantime. Look through the list again.",
        },
    )

    def __init__(self, due: Iterable[Nomination], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.choices = [(str(one.pk), f"{one.full_name}, {one.get_role_display().lower()}") for one in due]
        field.initial = [key for key, _ in field.choices]

    @property
    def chosen(self) -> set[UUID]:
        return {UUID(key) for key in self.cleaned_data["people"]}


class ClosingDayForm(Form):
    """The last day on which people come forward within the organisation; it stands in the ready-made words."""

    by = forms.DateField(
        label="Your own closing day",
        widget=DateInput,
        error_messages={"required": "Enter a date.", "invalid": "Enter a date."},
    )

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = participation.cohort
        until = uk_date(self.cohort.recruitment_until)
        self.fields["by"].help_text = f"People can be put forward, and must answer, until {until}. Leave them time."

    def clean_by(self) -> dt.date:
        day = self.cleaned_data["by"]
        if not clock.today() <= day <= self.cohort.recruitment_until:
            raise forms.ValidationError(f"Choose a day from today to {uk_date(self.cohort.recruitment_until)}.")
        return day


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

    def read(self, participation: Participation) -> importing.Sheet | None:
        """The people in it; None, and what is wrong said on the form, when it can’t be read as a list of people."""
        roles = role_words(participation)
        default = next(iter(roles)) if len(roles) == 1 else ""
        try:
            return importing.parse(self.cleaned_data["file"].read(), roles, default)
        except sheets.FileProblemError as problem:
            self.add_error("file", str(problem))
            return None


class FileForThemForm(OnTheirWord, ImportForm):
    """The team takes in an organisation’s list."""

    def __init__(self, coordinators: Iterable[Coordinator], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "Their list"
        self.ask_whose_word(coordinators)


class ImportConfirmForm(Form):
    """Say yes to what the preview shows; with a tick where a reason may be sensitive."""

    def __init__(self, *args: Any, warnings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if warnings:
            self.fields["reasons_checked"] = forms.BooleanField(
                label="I have checked that no reason says anything sensitive about a person",
                error_messages={"required": "Change the reasons in your file, or tick that you have checked them."},
            )
