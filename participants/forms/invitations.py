"""What somebody without an account fills in."""

from typing import Any

from django import forms

from cohorts.models import Format
from organisations.models import Participation
from participants.forms import fields
from participants.models import DeclineReason
from ui.forms import Form


class DeclineForm(Form):
    """Say no. Why is nobody's business unless one wants to say."""

    mark_optional = False
    reason = forms.ChoiceField(
        label="Would you like to tell us why?",
        help_text="You need not. Only the programme team sees this, never your employer.",
        choices=[*DeclineReason.choices, ("", "I prefer not to say")],
        widget=forms.RadioSelect,
        required=False,
    )


def role_words(format: Format) -> dict[str, str]:
    """The roles in words that say what one would do."""
    return {format.lead_role: format.lead_words, format.member_role: format.member_words}


class ApplicationForm(Form):
    """Apply by an organisation's own link."""

    first_name = fields.first_name()
    last_name = fields.last_name()
    email = fields.work_email("We write to you here, so that your organisation can confirm your application.")
    reason = fields.reason(
        "Why would you like to take part?",
        "Your organisation reads this. You need not say anything about your background or your health.",
    )

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = participation.cohort.format.roles
        self.only_role = roles[0] if len(roles) == 1 else ""
        if not self.only_role:
            self.fields["role"] = forms.ChoiceField(
                label="Which part would you take?",
                choices=list(role_words(participation.cohort.format).items()),
                widget=forms.RadioSelect,
                error_messages={"required": "Choose the part that you would take."},
            )
        self.order_fields(["first_name", "last_name", "email", "role", "reason"])

    def values(self) -> dict[str, str]:
        """What `apply` wants to know."""
        names = ("first_name", "last_name", "email", "reason")
        return {name: self.cleaned_data[name] for name in names} | {"role": self.only_role or self.cleaned_data["role"]}
