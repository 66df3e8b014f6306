"""What staff fill in about a contact and a task."""

import datetime as dt
from typing import Any

from django import forms

from accounts import clock
from accounts.models import User
from organisations.selectors import answering_staff
from organisations.staff_forms import OwnerField
from staff.desk.subjects import Subject
from staff.models import Contact
from ui.forms import DateInput, Form

MOST = 4000  # letters of what was said


def missing(words: str) -> dict[str, str]:
    return {"required": words}


class ContactForm(Form):
    spoken_on = forms.DateField(
        label="When",
        widget=DateInput,
        error_messages=missing("Enter the day on which you spoke.") | {"invalid": "Enter a date."},
    )
    channel = forms.ChoiceField(
        label="How", choices=Contact.Channel.choices, error_messages=missing("Choose how you spoke.")
    )
    spoke_with = forms.CharField(
        label="With whom", max_length=200, error_messages=missing("Enter whom you spoke with.")
    )
    said = forms.CharField(
        label="What was said",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Facts and what was agreed. People may ask to read what is written about them; leave out health and "
        "family matters.",
        error_messages=missing("Write down what was said."),
    )

    def __init__(self, *args: Any, subject: Subject, contact: Contact | None = None, **kwargs: Any) -> None:
        names = ["spoken_on", "channel", "spoke_with", "said"]
        said = {name: getattr(contact, name) for name in names} if contact else {"spoken_on": clock.today()}
        super().__init__(*args, initial=said, **kwargs)
        if subject.person is not None:
            self.fields["spoke_with"].required = False
            self.fields["spoke_with"].help_text = "Blank: the person themselves."

    def clean_spoken_on(self) -> dt.date:
        day = self.cleaned_data["spoken_on"]
        if day > clock.today():
            raise forms.ValidationError("Choose today or a day before: this is for what was said.")
        return day


class TaskForm(Form):
    what = forms.CharField(
        label="What is to be done",
        max_length=200,
        help_text="It stands on lists of the whole team. Say nothing about anybody’s private life.",
        error_messages=missing("Enter what is to be done."),
    )
    owner = OwnerField(
        label="Who does it",
        queryset=User.objects.none(),
        empty_label=None,
        error_messages=missing("Choose who does it."),
    )
    due_on = forms.DateField(
        label="By",
        widget=DateInput,
        error_messages=missing("Enter the day by which it is to be done.") | {"invalid": "Enter a date."},
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"owner": viewer.pk, "due_on": clock.today()}, **kwargs)
        self.fields["owner"].queryset = answering_staff()
