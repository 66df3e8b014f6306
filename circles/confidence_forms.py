"""What people write to the team in confidence, and for themselves."""

from django import forms

from ui.forms import Form


class ConcernForm(Form):
    mark_optional = False
    text = forms.CharField(
        label="What is not right?",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Say what happened, and what you would like us to do or not to do.",
        error_messages={
            "required": "Write what you want the team to know.",
            "max_length": "Shorten it to 5,000 characters.",
        },
    )


class ReflectionForm(Form):
    """Left empty, nothing is kept."""

    mark_optional = False
    text = forms.CharField(
        label="Your thoughts",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="For example: what stayed with you, what you want to try, what you would not say aloud.",
        error_messages={"max_length": "Shorten it to 5,000 characters."},
    )
