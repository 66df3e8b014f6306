"""What staff fill in: agreed places, the people who coordinate, and how far the fee is."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from accounts.models import User
from cohorts.covers import Covers
from cohorts.models import Cohort, Format, Role
from organisations.forms import missing
from organisations.models import Fee, Interest
from organisations.services.participations import MOST_PLACES
from ui.forms import DateInput, Form

PREFIX = "places_"


def _places_field(role: str, initial: int | None, taken: int) -> forms.IntegerField:
    label = Role(role).label
    say = f"Enter the number of {label.lower()} places in figures, from 0 to {MOST_PLACES}."
    return forms.IntegerField(
        label=f"{label} places",
        initial=initial,
        help_text=f"Held by people who were put forward: {taken}." if taken else "",
        min_value=0,
        max_value=MOST_PLACES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], say),
    )


class PlacesForm(Form):
    """One number for each role of the format, with how many are held already."""

    def __init__(
        self,
        *args: Any,
        format: Format,
        places: dict[str, int | None] | None = None,
        taken: dict[str, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for role in format.roles:
            self.fields[PREFIX + role] = _places_field(role, (places or {}).get(role), (taken or {}).get(role, 0))

    @property
    def place_fields(self) -> str:
        """The names of the number fields, for `render_form`."""
        return " ".join(name for name in self.fields if name.startswith(PREFIX))

    @property
    def places(self) -> dict[str, int]:
        return {name.removeprefix(PREFIX): self.cleaned_data[name] for name in self.place_fields.split()}


class CoordinatorForm(Form):
    first_name = forms.CharField(
        label="First name", max_length=100, error_messages=missing("Enter the coordinator’s first name.")
    )
    last_name = forms.CharField(
        label="Last name", max_length=100, error_messages=missing("Enter the coordinator’s last name.")
    )
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="Their invitation goes here, and they sign in with it.",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
        error_messages=missing("Enter the coordinator’s e-mail address.")
        | {"invalid": "Enter an e-mail address like name@example.org."},
    )

    @property
    def coordinator(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}


class ConfirmForm(PlacesForm, CoordinatorForm):
    """Agreed places and a coordinator, prefilled from what the organisation said of itself."""


def said_by(interest: Interest | None, format: Format) -> dict[str, Any]:
    """Keyword arguments of a `ConfirmForm` with what the interest says already."""
    if interest is None:
        return {}
    expected = {Role.MENTEE: interest.expected_mentees, Role.MENTOR: interest.expected_mentors}
    name = interest.contact_name if interest.contact_email else ""  # without an address the person was forgotten
    first, _, last = name.strip().rpartition(" ")
    return {
        "places": {role: expected.get(Role(role)) for role in format.roles},
        "initial": {"first_name": first or last, "last_name": last if first else "", "email": interest.contact_email},
    }


class OwnerField(forms.ModelChoiceField):
    """Somebody of the team; who is away stands there with who covers them, until when."""

    @cached_property
    def covers(self) -> Covers:
        """Read once for each form that is shown, which has a copy of the field to itself."""
        return Covers.now()

    def label_from_instance(self, obj: User) -> str:
        return self.covers.words(obj)


class FeeForm(Form):
    """A mark, its day and a note. Whether a mark needs a day the service says."""

    mark_optional = False
    fee = forms.ChoiceField(
        label="Where it stands",
        choices=Fee.choices,
        widget=forms.RadioSelect,
        error_messages=missing("Choose where it stands."),
    )
    on = forms.DateField(
        label="As of",
        required=False,
        widget=DateInput,
        help_text="The day on which it was agreed, invoiced, paid or waived. Not needed while it is not agreed yet.",
        error_messages={"invalid": "Enter a date."},
    )
    note = forms.CharField(
        label="Note (optional)",
        required=False,
        max_length=200,
        help_text="Such as the number of their purchase order. No amounts: those are in the books.",
    )


class ChooseCohortForm(Form):
    """In which cohort; asked first, because its format says which places there are."""

    cohort = forms.ModelChoiceField(
        label="Cohort",
        queryset=Cohort.objects.none(),
        empty_label="Choose a cohort",
        error_messages=missing("Choose a cohort."),
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts
