"""What the programme team types about one session, or about the dates proposed for one."""

import datetime as dt
from typing import Any

from django import forms

from circles.forms import AllTheSameField, confirm_closed_day
from circles.models import PollDate
from cohorts.calendar import Closed, UnclearTimeError, wall
from ui.dates import uk_datetime
from ui.forms import DateInput, Form, TimeInput

ANOTHER, CLOSE, TAKE_BACK = "another", "close", "take_back"


class CallOffForm(Form):
    """What everybody who was asked to a ceremony or masterclass reads when it is called off."""

    words = forms.CharField(
        label="What you want to say about it",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stands in the message and on the event’s page. Name nobody’s illness or trouble.",
    )


class PollDecisionForm(Form):
    """What becomes of a poll, and why. `dates` carry how many said what (see `with_answers`)."""

    mark_optional = False
    what = forms.ChoiceField(
        label="What should happen?", widget=forms.RadioSelect, error_messages={"required": "Choose what should happen."}
    )
    day = forms.DateField(label="Another date: the day", required=False, widget=DateInput)
    time = forms.TimeField(label="Another date: the start", required=False, widget=TimeInput)
    all_the_same = AllTheSameField()
    because = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The circle reads this. Name nobody.",
        error_messages={"required": "Say why, in a few words: the circle reads it."},
    )

    def __init__(self, *args: Any, dates: list[PollDate], open_: bool, closed: Closed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dates, self.closed = {str(one.pk): one.starts_at for one in dates}, closed
        choices = [(str(one.pk), f"{uk_datetime(one.starts_at)}: {_said(one)}") for one in dates]
        choices.append((ANOTHER, "Another date: enter it below"))
        if open_:
            choices.append((CLOSE, "No date yet: take no more answers, and let the mentor choose"))
        self.fields["what"].choices = [*choices, (TAKE_BACK, "None: take the dates back, and move nothing")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        what = data.get("what")
        self.starts_at = self._typed(data) if what == ANOTHER else self.dates.get(what or "")
        return data

    def _typed(self, data: dict[str, Any]) -> dt.datetime | None:
        day, time = data.get("day"), data.get("time")
        for name, given, words in (("day", day, "Enter the day."), ("time", time, "Enter when it starts.")):
            if given is None and name not in self.errors:
                self.add_error(name, words)
        if day is None or time is None:
            return None
        confirm_closed_day(self, day, self.closed)
        try:
            return wall(day, time)
        except UnclearTimeError as error:
            self.add_error("time", str(error))
            return None


def _said(date: Any) -> str:
    return f"{date.yes} yes, {date.if_need_be} if need be, {date.no} no"
