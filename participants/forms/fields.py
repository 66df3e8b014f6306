"""Fields that several forms share."""

from django import forms

from organisations.models import Participation
from participants import wording
from participants.selectors import free_places


def first_name() -> forms.CharField:
    return forms.CharField(label="First name", max_length=100, error_messages={"required": "Enter a first name."})


def last_name() -> forms.CharField:
    return forms.CharField(label="Last name", max_length=100, error_messages={"required": "Enter a last name."})


def work_email(help_text: str = "") -> forms.EmailField:
    return forms.EmailField(
        label="Work e-mail address",
        help_text=help_text,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter a work e-mail address.",
            "invalid": "Enter an e-mail address in the form name@employer.co.uk.",
        },
    )


def reason(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "Shorten the reason to 1,000 characters."},
    )


def role(participation: Participation, words: dict[str, str]) -> forms.ChoiceField:
    """Choose a role; each says whether there is still a place."""
    free = free_places(participation)
    field = forms.ChoiceField(
        label="Role",
        choices=list(words.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role."},
    )
    field.option_hints = {key: places_hint(free[key]) for key in words}  # type: ignore[attr-defined]  # read by ui
    return field


def places_hint(free: int) -> str:
    if free == 0:
        return "All places are taken: goes on the reserve list."
    return f"{free} place{'' if free == 1 else 's'} left."


def sensitive_check(text: str) -> forms.BooleanField:
    """A tick asked for only when the text may say something sensitive about a person."""
    return forms.BooleanField(
        label="I have checked that this says nothing sensitive about the person",
        help_text=wording.warning(text),
        error_messages={"required": "Change the reason, or tick that you have checked it."},
    )
