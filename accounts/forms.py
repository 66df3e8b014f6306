"""What is asked when somebody is to have another e-mail address."""

from django import forms

from ui.forms import Form


class AddressForm(Form):
    """The new address; whether somebody may have it, the service says."""

    address = forms.EmailField(
        label="New e-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the new e-mail address.",
            "invalid": "Enter an e-mail address in the form name@employer.co.uk.",
        },
    )


class StaffAddressForm(AddressForm):
    CODE, CHECKED = "code", "checked"
    how = forms.ChoiceField(
        label="How is it shown to be theirs?",
        choices=[
            (CODE, "We send a code there, which they enter or tell you"),
            (CHECKED, "You have checked it, for example by calling them on a number that we had before"),
        ],
        widget=forms.RadioSelect,
        initial=CODE,
        error_messages={"required": "Choose how it is shown to be theirs."},
    )


class CodeForm(Form):
    code = forms.CharField(
        label="Code",
        max_length=12,
        help_text="Six digits, from the e-mail to the new address.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-width": "8"}),
        error_messages={"required": "Enter the code.", "max_length": "Enter the six digits of the code."},
    )
