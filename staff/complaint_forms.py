"""What staff say when they answer a complaint about personal data."""

import hashlib
import json

from django import forms

from outbox import kinds, wording
from outbox.complaint_admin import written_meanwhile
from outbox.complaint_emails import ANSWERED
from outbox.complaints import digest
from outbox.rendering import Markdown
from outbox.wording_check import sample, style_faults
from privacy.models import Complaint
from ui.forms import Form


class AddressForm(Form):
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="As it stands, or put right.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter their e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        },
    )


class AnswerForm(Form):
    mark_optional = False
    outcome = forms.ChoiceField(
        label="What came of it",
        choices=Complaint.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it."},
    )
    done = forms.CharField(
        label="What was done",
        help_text="For the register, read by the team alone: whom you asked, what you found, what was put right.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was done."},
    )
    answer = forms.CharField(
        label="Your answer",
        help_text="They get it by e-mail, with how to complain to the Information Commissioner’s Office below it. Say "
        "what you looked at, what you found and why, and what you do now.",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Write your answer."},
    )

    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def say_theirs(self, theirs: str) -> None:
        """Show what somebody else wrote meanwhile. Sent again, it counts as read."""
        self.add_error("done", written_meanwhile(theirs))
        self.data = self.data.copy()
        self.data["read"] = digest(theirs)

    def clean_answer(self) -> str:
        words = self.cleaned_data["answer"]
        kind = kinds.get(ANSWERED)
        if faults := list(style_faults(words, wording.render(kind, sample(kind, answer=Markdown(words))))):
            raise forms.ValidationError(faults)
        return words

    @property
    def fingerprint(self) -> str:
        """Of what was typed: what is sent is what was looked at."""
        typed = json.dumps([self.cleaned_data[name] for name in ("outcome", "done", "answer")])
        return hashlib.sha256(typed.encode()).hexdigest()[:32]
