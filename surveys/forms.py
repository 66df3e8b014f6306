"""What a person fills in."""

from typing import Any

from django import forms as django_forms

from surveys.models import Item, SurveyPart
from ui import forms

PREFER_NOT = "none"


class PageForm(forms.Form):
    """One page of a survey: each statement with its answers in full words, none of them chosen beforehand."""

    def __init__(self, part: SurveyPart, given: dict[Any, int | None], data: Any = None) -> None:
        self.items = {f"item-{item.number}": item for item in part.instrument.items.all()}
        super().__init__(data, initial={name: _initial(item, given) for name, item in self.items.items()})
        choices = answer_choices(part)
        for name, item in self.items.items():
            self.fields[name] = django_forms.ChoiceField(
                label=item.text,
                choices=choices,
                widget=django_forms.RadioSelect,
                error_messages={"required": f"Choose an answer to “{item.text.rstrip('.')}”, or “Prefer not to say”"},
            )

    def given(self) -> dict[Any, int | None]:
        """The valid answers, also when others are missing: they are kept in either case."""
        self.full_clean()
        valid = {name: self.cleaned_data[name] for name in self.items if self.cleaned_data.get(name)}
        return {self.items[name].pk: None if value == PREFER_NOT else int(value) for name, value in valid.items()}


def _initial(item: Item, given: dict[Any, int | None]) -> str:
    if item.pk not in given:
        return ""
    return PREFER_NOT if given[item.pk] is None else str(given[item.pk])


def answer_choices(part: SurveyPart) -> list[tuple[str, str]]:
    """The answers of a page's scale in words, lowest first, and “Prefer not to say”."""
    instrument = part.instrument
    values = range(instrument.scale_min, instrument.scale_max + 1)
    scale = [(str(value), words) for value, words in zip(values, instrument.anchors, strict=True)]
    return [*scale, (PREFER_NOT, "Prefer not to say")]


class TestimonialForm(forms.Form):
    """An offer to say something about the programme in public."""

    quote = django_forms.CharField(
        label="What would you say to somebody who is thinking about joining?",
        help_text="Up to 600 characters. Please don’t name other people.",
        max_length=600,
        widget=django_forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write what you would like to say, or go back without saying anything"},
    )
    attribution = django_forms.ChoiceField(
        label="How should we sign it?",
        widget=django_forms.RadioSelect,
        error_messages={"required": "Choose how we should sign it"},
    )
    agreed = django_forms.BooleanField(
        label="I agree that the programme may publish this on its website once the team has approved it",
        help_text="You can withdraw it at any time by writing to the team.",
        error_messages={"required": "Tick the box if you agree that we may publish it"},
    )

    def __init__(self, signatures: list[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["attribution"].choices = [(signature, signature) for signature in signatures]
