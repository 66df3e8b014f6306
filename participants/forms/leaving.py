"""What somebody who leaves may say to the team."""

from django import forms

from ui.forms import Form


class LeaveForm(Form):
    mark_optional = False
    reason = forms.CharField(
        label="Anything that the team should know (optional)",
        help_text="Only the programme team reads it: nobody you meet with, and not your employer.",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Shorten this to 300 characters."},
    )
