"""What people in a circle type on its notice board, among its goals and actions, and into its session notes."""

from typing import Any
from uuid import UUID

from django import forms

from circles.models import Action, Notice, SessionNote, SharedGoal
from circles.models.space import DECISIONS_LENGTH, NOTICE_LENGTH
from circles.selectors.people import Person
from ui.forms import DateInput, Form, ModelForm


class NoticeForm(ModelForm):
    mark_optional = False

    class Meta:
        model = Notice
        fields = ["text"]
        labels = {"text": "Write a notice"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"max_length": f"Shorten the notice to {NOTICE_LENGTH:,} characters."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True  # only one that is taken down has no words
        self.fields["text"].error_messages["required"] = "Write what you want to tell the others."


class GoalForm(ModelForm):
    """A shared goal; which competency it belongs to is asked of partners alone."""

    mark_optional = False

    class Meta:
        model = SharedGoal
        fields = ["text", "competency"]
        labels = {"text": "Add a goal", "competency": "What it belongs to"}
        help_texts = {"text": "Something that you will be able to tell has happened."}
        widgets = {"competency": forms.RadioSelect}
        error_messages = {"text": {"required": "Write the goal.", "max_length": "Shorten the goal to 200 characters."}}

    def __init__(self, *args: Any, mutual: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="goal", **kwargs)
        if mutual:
            self.fields["competency"] = forms.ChoiceField(
                label="What it belongs to", choices=SharedGoal.Competency.choices, widget=forms.RadioSelect,
                error_messages={"required": "Choose what the goal belongs to."},
            )  # fmt: skip
        else:
            del self.fields["competency"]


class ActionForm(ModelForm):
    """Who does what, by when. Everybody in the circle can be chosen, under the name they have there."""

    owner_id = forms.TypedChoiceField(
        label="Who does it", coerce=UUID, error_messages={"required": "Choose who does it."}
    )

    class Meta:
        model = Action
        fields = ["text", "due_on"]
        labels = {"text": "Add an action", "due_on": "By when"}
        widgets = {"due_on": DateInput}
        error_messages = {
            "text": {"required": "Write what is to be done.", "max_length": "Shorten it to 200 characters."}
        }

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, prefix="action", **kwargs)
        self.fields["owner_id"].choices = [
            (str(one.enrolment_id), f"{one.name} (you)" if one.is_you else one.name) for one in people
        ]
        owner = self.instance.owner_id or next((one.enrolment_id for one in people if one.is_you), "")
        self.fields["owner_id"].initial = str(owner)
        if all(one.enrolment_id != owner for one in people):  # whose it was has left: nobody takes it over unasked
            self.fields["owner_id"].choices = [("", "Choose somebody"), *self.fields["owner_id"].choices]
        self.order_fields(["text", "owner_id", "due_on"])


class NotesForm(ModelForm):
    """What was decided. `version` is the one that the writer has read."""

    mark_optional = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = SessionNote
        fields = ["decisions"]
        labels = {"decisions": "What you decided"}
        help_texts = {"decisions": "One decision on each line. Leave out who said what, and anything told in trust."}
        widgets = {"decisions": forms.Textarea(attrs={"rows": 8})}
        error_messages = {"decisions": {"max_length": f"Shorten it to {DECISIONS_LENGTH:,} characters."}}


class HelpForm(Form):
    """What who leads a circle asks the programme team."""

    mark_optional = False
    text = forms.CharField(
        label="What would help?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="For example: somebody has stopped coming, a conversation was hard, or you can’t make the dates.",
        error_messages={"required": "Write a few words, so that the right person answers."},
    )
    agreed = forms.BooleanField(
        label="The programme team may read this with my name and get in touch with me",
        error_messages={"required": "Tick the box, so that we may read it and answer."},
    )
