"""What people type about sessions, attendance and the agenda."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from accounts import clock
from circles.models import AgendaItem, Circle, Poll, PollAnswer, Session
from circles.selectors.people import Person
from circles.selectors.stand_ins import Candidate
from cohorts.calendar import Closed, UnclearTimeError, wall
from participants.models import Enrolment, Reply
from ui.dates import uk_date, uk_datetime
from ui.forms import DateInput, Form, ModelForm, TimeInput

SHORTEST, LONGEST = 15, 480
FEWEST, MOST = 2, 5  # dates of a poll
ONLY_THIS, FOLLOWING = "this", "following"


class ReplyForm(Form):
    """Whether somebody comes: sent by one of three buttons."""

    reply = forms.ChoiceField(choices=Reply.choices, error_messages={"required": "Choose one of the three answers."})


class AllTheSameField(forms.MultipleChoiceField):
    """The closed days on which a session may be all the same; hidden until `ask_about` has one to ask about.

    A tick is worth the day that it names, so that one given for a day says nothing of the next.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": "Meet on this day all the same?", "widget": forms.MultipleHiddenInput} | kwargs
        super().__init__(required=False, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return True

    def ask_about(self, day: dt.date) -> None:
        self.widget, self.required = forms.CheckboxSelectMultiple(), True
        self.choices = [(day.isoformat(), f"Yes, meet on {uk_date(day)}")]


def confirm_closed_day(form: forms.BaseForm, day: dt.date, closed: Closed) -> None:
    """Warn of a bank holiday or blocked day beside the form, and take it once the field `all_the_same` says so."""
    why = closed(day)
    if not why:
        return
    form.fields["all_the_same"].ask_about(day)
    if day.isoformat() not in form.cleaned_data.get("all_the_same", []):
        words = f"No session is planned on {uk_date(day)}: {why}. Choose another day, or tick the box to go on."
        form.add_error("all_the_same", words)


class SessionForm(Form):
    """When and where a session is, in British wall time. A day that is closed has to be confirmed."""

    day = forms.DateField(label="Day", widget=DateInput, error_messages={"required": "Enter the day of the session."})
    time = forms.TimeField(
        label="Start",
        help_text="UK time, for example 12:30.",
        widget=TimeInput,
        error_messages={"required": "Enter when the session starts."},
    )
    all_the_same = AllTheSameField()
    scope = forms.ChoiceField(label="Which sessions?", required=False, widget=forms.RadioSelect)
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

    def __init__(self, *args: Any, closed: Closed, later: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closed = closed
        if later:
            self._offer(later)
        else:
            del self.fields["scope"]

    def _offer(self, later: int) -> None:
        every = f"This and the {later} that follow" if later > 1 else "This and the one that follows"
        self.fields["scope"].choices = [(ONLY_THIS, "Only this session"), (FOLLOWING, every)]
        self.fields["scope"].initial = ONLY_THIS
        self.fields["scope"].help_text = "The following move to the same weekday and time. You see the days first."

    @classmethod
    def of(cls, session: Session, data: QueryDict | None, closed: Closed, later: int = 0) -> "SessionForm":
        """The form filled with a session as it stands, or with what was sent; `later` sessions may move with it."""
        local = clock.local(session.starts_at)
        initial = {"day": local.date(), "time": local.time()}
        initial |= {n: getattr(session, n) for n in ("minutes", "mode", "place", "join_url")}
        return cls(data, closed=closed, later=later, initial=initial)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("mode") in {Session.Mode.IN_PERSON, Session.Mode.HYBRID} and not data.get("place"):
            self.add_error("place", "Enter where you meet.")
        if "day" in data and "time" in data:
            self._set_start(data)
        if "day" in data and data["day"] != self.initial.get("day"):
            confirm_closed_day(self, data["day"], self.closed)
        return data

    def _set_start(self, data: dict[str, Any]) -> None:
        try:
            data["starts_at"] = wall(data["day"], data["time"])
        except UnclearTimeError as error:
            self.add_error("time", str(error))

    @property
    def moves_following(self) -> bool:
        return self.cleaned_data.get("scope") == FOLLOWING

    @property
    def changes(self) -> dict[str, Any]:
        """What the services take."""
        said = {name: self.cleaned_data[name] for name in ("starts_at", "minutes", "mode", "place", "join_url")}
        return said | {"on_closed_day": bool(self.cleaned_data.get("all_the_same"))}


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


class StandInForm(Form):
    """Whom to ask to lead one session: those who may, with every employer `for_team`. Needs at least one."""

    mentor = forms.TypedChoiceField(
        label="Who could lead it?",
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom to ask.", "invalid_choice": "Choose one of the mentors below."},
    )

    def __init__(self, *args: Any, found: list[Candidate], for_team: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [one for one in found if not one.why_not]
        self.free = {one.enrolment.pk: one.enrolment for one in free}
        words = [one.to_team if for_team else one.to_fellows for one in free]
        self.fields["mentor"].choices = [(str(pk), said) for pk, said in zip(self.free, words, strict=True)]

    @property
    def chosen(self) -> Enrolment:
        return self.free[self.cleaned_data["mentor"]]


class AgendaItemForm(ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["text"]
        labels = {"text": "Add something to talk about"}
        error_messages = {"text": {"required": "Write what you would like to talk about."}}


class PlanForm(ModelForm):
    """What a session is about. Its text belongs to the circle."""

    mark_optional = False

    class Meta:
        model = Session
        fields = ["aim", "prompts", "preparation"]
        labels = {"aim": "Aim", "prompts": "To talk about", "preparation": "To prepare"}
        widgets = {"prompts": forms.Textarea(attrs={"rows": 5}), "preparation": forms.Textarea(attrs={"rows": 3})}


class HandOverForm(ModelForm):
    """A note from who leads a circle to who will."""

    mark_optional = False

    class Meta:
        model = Circle
        fields = ["hand_over"]
        labels = {"hand_over": "For whoever leads next"}
        help_texts = {"hand_over": "Where you stand, what is agreed, what to carry on. Nothing that was told in trust."}
        widgets = {"hand_over": forms.Textarea(attrs={"rows": 8})}
        error_messages = {"hand_over": {"max_length": "Shorten the note to 2,000 characters."}}


class MeetingLinkForm(Form):
    """The link that all of a circle's online sessions use."""

    mark_optional = False
    join_url = forms.URLField(
        label="Address of the meeting",
        required=False,
        assume_scheme="https",
        help_text="From Teams, Zoom or the like. Invitations keep working when you change it.",
        error_messages={"invalid": "Enter a whole web address, like https://meet.example.org/our-room."},
    )


class PollForm(Form):
    """Two to five dates, and until when to answer, in British wall time."""

    mark_optional = False
    closes = forms.DateField(
        label="Answers until the end of",
        widget=DateInput,
        error_messages={"required": "Enter the day until which people may answer."},
    )

    def __init__(self, *args: Any, closed: Closed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closed = closed
        for n in range(1, MOST + 1):
            self.fields[f"day{n}"] = forms.DateField(
                label=f"Date {n}", required=n <= FEWEST, widget=DateInput,
                error_messages={"required": f"Enter date {n}: people choose among at least two."},
            )  # fmt: skip
            self.fields[f"time{n}"] = forms.TimeField(
                label=f"Start of date {n}", required=n <= FEWEST, widget=TimeInput,
                error_messages={"required": f"Enter when date {n} would start."},
            )  # fmt: skip
        self.order_fields([*(name for n in range(1, MOST + 1) for name in (f"day{n}", f"time{n}")), "closes"])

    @property
    def has_more(self) -> bool:
        """Whether more than the fewest dates were typed: they then stand open, an error among them too."""
        return any(self[f"{name}{n}"].value() for n in range(FEWEST + 1, MOST + 1) for name in ("day", "time"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.starts = [found for n in range(1, MOST + 1) if (found := self._start(data, n))]
        if "closes" in data:
            data["closes_at"] = dt.datetime.combine(data["closes"], dt.time(23, 59), tzinfo=clock.LONDON)
        return data

    def _start(self, data: dict[str, Any], n: int) -> dt.datetime | None:
        day, time = data.get(f"day{n}"), data.get(f"time{n}")
        if not day:
            return None
        if not time:
            if f"time{n}" not in self.errors:
                self.add_error(f"time{n}", f"Enter when date {n} would start.")
            return None
        if why := self.closed(day):
            self.add_error(f"day{n}", f"No session is planned on {uk_date(day)}: {why}.")
        try:
            return wall(day, time)
        except UnclearTimeError as error:
            self.add_error(f"time{n}", str(error))
            return None


class PollAnswerForm(Form):
    """For each date of a poll whether one can come."""

    mark_optional = False

    def __init__(self, *args: Any, poll: Poll, said: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dates = {f"date-{one.pk}": one.pk for one in poll.dates.all()}
        for one in poll.dates.all():
            field = forms.ChoiceField(
                label=uk_datetime(one.starts_at), choices=PollAnswer.Answer.choices, widget=forms.RadioSelect,
                initial=said.get(one.pk),
                error_messages={"required": f"Say whether you can come on {uk_date(one.starts_at)}."},
            )  # fmt: skip
            field.inline = True  # type: ignore[attr-defined]  # read by ui
            self.fields[f"date-{one.pk}"] = field

    @property
    def answers(self) -> dict[UUID, str]:
        """What was said, by the key of the date."""
        return {key: self.cleaned_data[name] for name, key in self.dates.items()}
