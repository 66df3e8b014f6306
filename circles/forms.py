"""What people type about sessions, attendance and the agenda."""

from typing import Any
from uuid import UUID

from django import forms

from accounts import clock
from circles.models import AgendaItem, Session
from circles.selectors.people import Person
from cohorts.calendar import UnclearTimeError, wall
from participants.models import Reply
from ui.forms import DateInput, Form, ModelForm, TimeInput

SHORTEST, LONGEST = 15, 480


class ReplyForm(Form):
    """Whether somebody comes: sent by one of three buttons."""

    reply = forms.ChoiceField(choices=Reply.choices, error_messages={"required": "Choose one of the three answers."})


class SessionForm(Form):
    """When and where a session is, in British wall time."""

    day = forms.DateField(label="Day", widget=DateInput, error_messages={"required": "Enter the day of the session."})
    time = forms.TimeField(
        label="Start",
        help_text="UK time, for example 12:30.",
        widget=TimeInput,
        error_messages={"required": "Enter when the session starts."},
    )
    minutes = forms.IntegerField(
        label="Length in minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.TextInput(attrs={"data-width": "3", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter how long the session lasts.",
            "invalid": "Enter the length as a whole number of minutes, for example 90.",
            "min_value": "A session lasts at least 15 minutes.",
            "max_value": "A session lasts at most 8 hours (480 minutes).",
        },
    )
    mode = forms.ChoiceField(
        label="How you meet",
        choices=Session.Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you meet."},
    )
    place = forms.CharField(
        label="Place", max_length=200, required=False, help_text="Needed when you meet in person: address and room."
    )
    join_url = forms.URLField(
        label="Meeting link",
        required=False,
        assume_scheme="https",
        help_text="Only for this session. Leave it empty to use your usual meeting link.",
        error_messages={"invalid": "Enter a whole web address, like https://meet.example.org/our-room."},
    )

    @classmethod
    def of(cls, session: Session) -> "SessionForm":
        """The form filled with a session as it stands."""
        local = clock.local(session.starts_at)
        initial = {"day": local.date(), "time": local.time()}
        return cls(initial=initial | {n: getattr(session, n) for n in ("minutes", "mode", "place", "join_url")})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("mode") in {Session.Mode.IN_PERSON, Session.Mode.HYBRID} and not data.get("place"):
            self.add_error("place", "Enter where you meet.")
        if "day" in data and "time" in data:
            self._set_start(data)
        return data

    def _set_start(self, data: dict[str, Any]) -> None:
        try:
            data["starts_at"] = wall(data["day"], data["time"])
        except UnclearTimeError as error:
            self.add_error("time", str(error))

    @property
    def changes(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "minutes", "mode", "place", "join_url")}


class AttendanceForm(Form):
    """Everyone of a circle; ticked are those who came."""

    came = forms.TypedMultipleChoiceField(
        label="Who came?", coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )
    mark_optional = False

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = [(str(p.enrolment_id), p.name + (" (you)" if p.is_you else "")) for p in people]
        self.fields["came"].help_text = "Tick everyone who was there. Anyone left unticked is recorded as absent."


class AgendaItemForm(ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["text"]
        labels = {"text": "Add something to talk about"}
        error_messages = {"text": {"required": "Write what you would like to talk about."}}


class MeetingLinkForm(Form):
    """The link that all of a circle's online sessions use."""

    mark_optional = False
    join_url = forms.URLField(
        label="Your usual meeting link",
        required=False,
        assume_scheme="https",
        help_text="From Teams, Zoom or the like. Invitations keep working when you change it.",
        error_messages={"invalid": "Enter a whole web address, like https://meet.example.org/our-room."},
    )
