"""What a person fills in."""

from typing import Any

from django import forms as django_forms
from django.forms.boundfield import BoundField

from participants.forms.enrolment import GoalsForm as EnrolmentGoalsForm
from participants.models import Enrolment
from surveys.models import GoalRating, Item, Question, QuestionAnswer, SurveyPart, TeamNote
from surveys.selectors import Goal
from ui import forms

PREFER_NOT = "none"


class PageForm(forms.Form):
    """One page of a survey: each statement with its answers in full words, none of them chosen beforehand."""

    def __init__(self, part: SurveyPart, given: dict[Any, int | None], data: Any = None) -> None:
        self.items = {f"item-{item.number}": item for item in part.instrument.items.all()}
        initial = {name: _initial(item, given) for name, item in self.items.items()}
        super().__init__(data, initial=initial)
        choices, several = answer_choices(part), len(self.items) > 1
        for number, (name, item) in enumerate(self.items.items(), start=1):
            self.fields[name] = django_forms.ChoiceField(
                label=f"{number}. {item.text}" if several else item.text,
                choices=choices,
                widget=django_forms.RadioSelect,
                error_messages={"required": f"Statement {number}: choose an answer" if several else "Choose an answer"},
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


class QuestionsForm(forms.Form):
    """The team's own questions, each of which may stay open."""

    def __init__(self, questions: list[Question], given: dict[Any, QuestionAnswer], data: Any = None) -> None:
        self.questions = {f"own-{question.position}": question for question in questions}
        super().__init__(data)
        for name, question in self.questions.items():
            self.fields[name] = _own_field(question)
            self.fields[name].initial = _own_initial(question, given.get(question.pk))

    def given(self) -> dict[Any, tuple[list[int], str]]:
        """The valid answers: the numbers of what was chosen, and words."""
        self.full_clean()
        valid = {name: self.cleaned_data[name] for name in self.questions if name in self.cleaned_data}
        return {self.questions[name].pk: _own_value(self.questions[name], value) for name, value in valid.items()}


def _own_field(question: Question) -> django_forms.Field:
    shown: dict[str, Any] = {"label": question.text, "help_text": question.hint, "required": False}
    kind = question.kind
    if kind == Question.Kind.MULTIPLE:
        return django_forms.MultipleChoiceField(
            choices=question.choices, widget=django_forms.CheckboxSelectMultiple, **shown
        )
    if kind in {Question.Kind.SINGLE, Question.Kind.SCALE}:
        choices = [*question.choices, (PREFER_NOT, "Prefer not to say")]
        return django_forms.ChoiceField(choices=choices, widget=django_forms.RadioSelect, **shown)
    if kind == Question.Kind.CONSENT:
        return django_forms.BooleanField(**shown)
    if kind == Question.Kind.SHORT:
        return django_forms.CharField(max_length=200, **shown)
    return django_forms.CharField(max_length=2000, widget=django_forms.Textarea(attrs={"rows": 4}), **shown)


def _own_initial(question: Question, given: QuestionAnswer | None) -> Any:
    numbers = [str(number) for number in given.chosen] if given else []
    if question.kind == Question.Kind.MULTIPLE:
        return numbers
    if question.kind == Question.Kind.CONSENT:
        return bool(numbers)
    if question.kind in {Question.Kind.SHORT, Question.Kind.LONG}:
        return given.text if given else ""
    return numbers[-1] if numbers else ""


def _own_value(question: Question, value: Any) -> tuple[list[int], str]:
    if question.kind in {Question.Kind.SHORT, Question.Kind.LONG}:
        return [], value
    if question.kind == Question.Kind.CONSENT:
        return [1] if value else [], ""
    chosen = value if isinstance(value, list) else [value]
    return [int(number) for number in chosen if number and number != PREFER_NOT], ""


NAMED, UNNAMED = "named", "unnamed"


class CheckInForm(PageForm):
    """What somebody says of a session, and what they want the team to know: the second may stay empty."""

    note = django_forms.CharField(
        label="Is there anything we should know?",
        help_text="The programme team reads this and nobody else: not your mentor, your circle or your employer.",
        max_length=1000,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    signed = django_forms.ChoiceField(
        label="If you write something, how should it reach the team?",
        required=False,
        choices=[
            (NAMED, "With my name, so that somebody can get back to me"),
            (UNNAMED, "Without my name; nobody can reply to me then"),
        ],
        widget=django_forms.RadioSelect,
    )

    def __init__(self, part: SurveyPart, data: Any = None) -> None:
        super().__init__(part, {}, data)
        self.order_fields([*self.items, "note", "signed"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("note") and not cleaned.get("signed"):
            self.add_error("signed", "Choose whether your note goes with your name or without it")
        return cleaned


class MidPointForm(forms.Form):
    """What somebody in a pair tells the team half-way, with their consent or not at all."""

    shared = django_forms.ChoiceField(
        label="Who does the work of preparing, explaining and keeping it going?",
        choices=TeamNote.Shared.choices,
        widget=django_forms.RadioSelect,
        error_messages={"required": "Choose how the work is shared, or “Prefer not to say”"},
    )
    text = django_forms.CharField(
        label="Is there anything that should change in the second half?",
        max_length=1000,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 4}),
    )
    asks_for_help = django_forms.BooleanField(label="Please get in touch with me about this", required=False)
    agreed = django_forms.BooleanField(
        label="I agree that the programme team reads this with my name",
        help_text="Your partner and your employer do not see it, and it goes into no figure.",
        error_messages={"required": "Tick the box if you agree; otherwise nothing is sent"},
    )


class GoalsForm(forms.Form):
    """Each goal twice: when the person started, and now. Either may stay open."""

    mark_optional = False

    def __init__(self, goals: list[Goal], data: Any = None) -> None:
        self.goals = goals
        super().__init__(data)
        for number, goal in enumerate(goals):
            self.fields[f"before-{number}"] = _reach("When you started", goal.before)
            self.fields[f"now-{number}"] = _reach("Now", goal.now)

    @property
    def pairs(self) -> list[tuple[Goal, BoundField, BoundField]]:
        """Each goal with its two fields, as the page sets them out."""
        return [(goal, self[f"before-{n}"], self[f"now-{n}"]) for n, goal in enumerate(self.goals)]

    @property
    def ratings(self) -> dict[Any, tuple[int | None, int | None]]:
        chosen = self.cleaned_data
        return {goal.topic: (chosen[f"before-{n}"], chosen[f"now-{n}"]) for n, goal in enumerate(self.goals)}


def _reach(label: str, initial: int | None) -> django_forms.TypedChoiceField:
    return django_forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, initial=initial, choices=GoalRating.Reach.choices,
        widget=django_forms.RadioSelect,
    )  # fmt: skip


class OwnGoalsForm(EnrolmentGoalsForm):
    """One's own goals chosen anew; none at all is an answer too. Whether the own words mean the same is asked only
    where they have been rated."""

    same_note = django_forms.BooleanField(
        label="If I change my own words: they still mean the same goal, so keep how I rated it",
        required=False,
    )

    def __init__(self, enrolment: Enrolment, is_note_rated: bool, data: Any = None) -> None:
        self.is_note_rated = is_note_rated
        super().__init__(enrolment, data)

    def set_up(self) -> None:
        self.fields["topics"].required = False
        if not self.is_note_rated:
            del self.fields["same_note"]


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
        help_text="You can withdraw it at any time, on your progress page.",
        error_messages={"required": "Tick the box if you agree that we may publish it"},
    )

    def __init__(self, signatures: list[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["attribution"].choices = [(signature, signature) for signature in signatures]
