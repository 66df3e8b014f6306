"""The public form of a complaint about personal data: no account is needed."""

import re

from django import forms
from django.core.exceptions import ValidationError

from ui.forms import Form

_LINK = re.compile(r"://|www\.", re.IGNORECASE)


def _no_address(value: str) -> None:
    """A name holds no web address; that of spam does, and we would send it on."""
    if _LINK.search(value):
        raise ValidationError("Enter a name without a web address.")


class ComplaintForm(Form):
    text = forms.CharField(
        label="What happened?",
        help_text="Say what we did or did not do with whose data, and when. Give no more about anybody than it needs.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Say what happened.",
            "max_length": "Say it in 4,000 characters or fewer. You can send more when we write to you.",
        },
    )
    wish = forms.CharField(
        label="What would put it right?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Say it in 1,000 characters or fewer."},
    )
    name = forms.CharField(
        label="Your name",
        max_length=200,
        validators=[_no_address],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="We use it to answer you and for nothing else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        },
    )

    def keep_address(self) -> None:
        """For whoever is signed in: we know their address, and write to no other."""
        field = self.fields["email"]
        field.disabled, field.help_text = True, "The address of your account. We write to you there."
