"""What the programme team types when it writes to some of a cohort's people."""

from typing import Any

from django import forms

from circles.emails.announcements import ANNOUNCEMENT
from circles.models import Announcement, Circle
from cohorts.models import Cohort
from organisations.models import Organisation
from outbox import kinds
from outbox.wording_check import check_typed
from staff.announcements import COORDINATOR, roles_of
from ui.forms import Form, ModelForm

Group = Announcement.Group


class FindForm(Form):
    mark_optional = False
    q = forms.CharField(label="Words of its subject or text", required=False)
    state = forms.ChoiceField(label="Which", choices=[("", "All"), *Announcement.State.choices], required=False)


class AnnouncementForm(ModelForm):
    """Whom it is for, and what it says."""

    roles = forms.MultipleChoiceField(
        label="Who",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose who gets it."},
    )
    group = forms.ChoiceField(
        label="Which of them", choices=Group.choices, widget=forms.RadioSelect, initial=Group.EVERYBODY
    )

    class Meta:
        model = Announcement
        fields = ["roles", "group", "organisation", "circle", "subject", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}
        labels = {"organisation": "Only of one organisation", "circle": "Only of one circle"}
        help_texts = {
            "subject": "Colleagues may see it: say nothing in it that reveals more than a meeting.",
            "text": "It begins with “Hello” and the person’s name, and ends by saying that answers are read. "
            "A blank line begins a paragraph; [words](address) makes a link.",
        }
        error_messages = {
            "subject": {"required": "Enter a subject."}, "text": {"required": "Enter the text."},
        }  # fmt: skip

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles_of(cohort)
        there = Organisation.objects.filter(participations__cohort=cohort).distinct().order_by("sort_name")
        self.fields["organisation"].queryset, self.fields["organisation"].empty_label = there, "All organisations"
        circles = Circle.objects.filter(cohort=cohort, closed_at=None).select_related("cohort__format")
        self.fields["circle"].queryset = circles.order_by("number")
        self.fields["circle"].empty_label = f"All {cohort.format.group_word}s"
        self.fields["circle"].label = f"Only of one {cohort.format.group_word}"

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("subject") and data.get("text"):
            found = check_typed(kinds.get(ANNOUNCEMENT), data["subject"], data["text"]).of
            for part, faults in found.items():
                for fault in faults:
                    self.add_error("text" if part == "body" else part, fault)
        if data.get("roles") == [COORDINATOR] and (data.get("circle") or data.get("group") != Group.EVERYBODY):
            self.add_error("roles", "Coordinators have no circle and no survey: write to all of them, or to others.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
