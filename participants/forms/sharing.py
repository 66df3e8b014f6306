"""What the people somebody meets with see of them: one question, a box for each item."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cohorts.models import Format
from privacy.models import CIRCLE_SEES, Purpose
from ui.forms import Form

ANYONE = "What may the people you are placed with see?"
HINT = "Tick what you like, or nothing."
LEADS = "They know your name, since you are their mentor. Tick what else you like, or nothing."


def circle_sees(format: Format, words: Mapping[Purpose, str]) -> forms.MultipleChoiceField:
    """The question at enrolment, with the `words` of each consent; of whoever mentors the name is not among them."""
    who = "other person in your pair" if format.capacity == 1 else f"people in your {format.group_word}"
    return _boxes(f"What may the {who} see?", HINT if Purpose.SHARE_WITH_CIRCLE in words else LEADS, words)


def _boxes(label: str, hint: str, words: Mapping[Purpose, str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=[(purpose.value, text) for purpose, text in words.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class CircleSeesForm(Form):
    """The same on one's account, for every circle that one is in."""

    mark_optional = False

    def __init__(self, data: Any = None, *, words: Mapping[str, str], given: Mapping[str, bool]) -> None:
        super().__init__(data, initial={"circle_sees": [purpose for purpose in CIRCLE_SEES if given[purpose]]})
        labels = {purpose: words.get(purpose, purpose.label) for purpose in CIRCLE_SEES}
        self.fields["circle_sees"] = _boxes(ANYONE, f"{HINT} Whoever mentors is known by name in any case.", labels)

    @property
    def choices(self) -> dict[str, bool]:
        """What `set_consents` takes."""
        return {purpose.value: purpose.value in self.cleaned_data["circle_sees"] for purpose in CIRCLE_SEES}
