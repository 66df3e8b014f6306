"""The questions of enrolment, one form each. Every form opens with what the person has answered before."""

from typing import Any, ClassVar

from django import forms

from accounts import clock
from cohorts.models import Side, Slot, Topic
from participants.forms import fields
from participants.forms.sharing import circle_sees
from participants.models import EligibilityDeclaration, Enrolment, Function, Level
from participants.services.enrolment import ELIGIBILITY_WORDING
from privacy.models import BESIDE_THE_NAME, CIRCLE_SEES, ConsentEvent, Purpose
from privacy.selectors import consents
from privacy.services import current_wordings
from ui.dates import uk_time
from ui.forms import DateInput, Form

YES_NO = [("yes", "Yes"), ("no", "No")]
ONLINE = "online"
MOST_GOALS = 5


class StepForm(Form):
    """One question. `question` is the page's heading; `saved` what was answered before, by field name."""

    question: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    def __init__(self, enrolment: Enrolment, data: Any = None) -> None:
        self.enrolment = enrolment
        super().__init__(data, initial=self.saved())
        self.set_up()

    @property
    def heading(self) -> str:
        return self.question

    def saved(self) -> dict[str, Any]:
        return {name: getattr(self.enrolment, name) for name in self.base_fields}

    def set_up(self) -> None:
        """Fill in choices that depend on the cohort."""

    def answer(self) -> dict[str, Any]:
        """What `save_step` wants to know."""
        return self.cleaned_data

    def has_answered(self, step: str) -> bool:
        return step in self.enrolment.steps_done


def yes_no(label: str, required: str, help_text: str = "") -> forms.TypedChoiceField:
    field = forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": required},
    )
    field.inline = True  # type: ignore[attr-defined]  # read by ui
    return field


class NameForm(StepForm):
    question = "What is your name?"
    hint = "As you would like your circle and your certificate to show it."
    first_name = fields.first_name()
    last_name = fields.last_name()

    def saved(self) -> dict[str, Any]:
        user = self.enrolment.user
        return {"first_name": user.first_name, "last_name": user.last_name}


class SideForm(StepForm):
    question = "What do you bring to your pair?"
    hint = "Both of you learn from each other. We do not ask or keep the reason for your choice."
    side = forms.ChoiceField(
        label="I would bring",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you bring."},
    )

    def set_up(self) -> None:
        kind = self.enrolment.cohort.format
        self.fields["side"].choices = [(Side.LEAD, kind.lead_words), (Side.MEMBER, kind.member_words)]  # type: ignore[attr-defined]  # a choice field


class EligibilityForm(StepForm):
    question = "Is this part of the programme for you?"
    eligible = yes_no(
        ELIGIBILITY_WORDING,
        "Choose yes or no.",
        "Your own answer is enough. We ask for no group or category, and your employer is not told.",
    )

    def saved(self) -> dict[str, Any]:
        declared = EligibilityDeclaration.objects.filter(enrolment=self.enrolment).exists()
        return {"eligible": "yes" if declared else ""}


class JobForm(StepForm):
    question = "What is your job?"
    hint = "We use this to bring people from many kinds of work together."
    job_title = forms.CharField(label="Job title", max_length=120, error_messages={"required": "Enter your job title."})
    level = forms.TypedChoiceField(
        label="Which is closest to your level?",
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the level closest to yours."},
    )
    function = forms.ChoiceField(
        label="What kind of work is it?",
        choices=[("", "Choose one"), *Function.choices],
        error_messages={"required": "Choose the kind of work."},
    )


class PlaceForm(StepForm):
    question = "Where do you work, and where could you meet?"
    location = forms.CharField(
        label="Town or city where you work",
        max_length=120,
        help_text="Or “home”, with the nearest town.",
        error_messages={"required": "Enter the town or city where you work."},
    )
    meets_at = forms.MultipleChoiceField(
        label="Where could you meet?",
        help_text="Choose all that would work.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one place where you could meet."},
    )

    def set_up(self) -> None:
        places = self.enrolment.cohort.places
        if places:
            self.fields["meets_at"].choices = [(ONLINE, "Online"), *((place, place) for place in places)]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["meets_at"]

    def answer(self) -> dict[str, Any]:
        return {"meets_at": [ONLINE]} | self.cleaned_data


class SlotField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, slot: Slot) -> str:  # type: ignore[override]  # of a narrower model
        return f"{slot.get_weekday_display()} at {uk_time(slot.start)} ({slot.minutes} minutes)"


class SlotsForm(StepForm):
    question = "When could you meet?"
    hint = "Once a month, in UK time. The more times you choose, the easier it is to find a group for you."
    slots = SlotField(
        label="Choose every time that would work",
        queryset=Slot.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one time that would work."},
    )

    def saved(self) -> dict[str, Any]:
        return {"slots": list(self.enrolment.slots.values_list("pk", flat=True))}

    def set_up(self) -> None:
        self.fields["slots"].queryset = self.enrolment.cohort.slots.all()  # type: ignore[attr-defined]  # a model field


class DatesForm(StepForm):
    """One range to add to those the person has given. Both ends may stay empty."""

    question = "Are there dates that don’t work for you?"
    hint = "For example leave, religious observance or days that you do not work. You need not say why."
    mark_optional = False
    starts = forms.DateField(
        label="First day",
        required=False,
        widget=DateInput,
        error_messages={"invalid": "Enter the first day as a date."},
    )
    ends = forms.DateField(
        label="Last day",
        required=False,
        widget=DateInput,
        help_text="Leave empty for a single day.",
        error_messages={"invalid": "Enter the last day as a date."},
    )

    def saved(self) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if ends and not starts and "starts" not in self.errors:
            self.add_error("starts", "Enter the first day.")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must be on or after the first day.")
        if starts and (ends or starts) < clock.today():
            self.add_error("starts", "These days have passed. Enter days to come.")
        return data

    @property
    def new_range(self) -> tuple | None:
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        return (starts, ends or starts) if starts else None


class GoalsForm(StepForm):
    topics = forms.ModelMultipleChoiceField(
        label="Choose up to five",
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one of these."},
    )
    goal_note = forms.CharField(
        label="In your own words",
        help_text="Anything that you would like to add, in up to 500 characters. The programme team sees it.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "Shorten this to 500 characters."},
    )

    @property
    def heading(self) -> str:
        kind = self.enrolment.cohort.format
        if self.enrolment.side == Side.LEAD and not kind.mutual:
            return "What can you help people with?"
        return "What would you like to work on?"

    def saved(self) -> dict[str, Any]:
        chosen = list(self.enrolment.topics.values_list("pk", flat=True))
        return {"topics": chosen, "goal_note": self.enrolment.goal_note}

    def clean_topics(self) -> Any:
        topics = self.cleaned_data["topics"]
        if len(topics) > MOST_GOALS:
            raise forms.ValidationError(f"Choose no more than five. You have chosen {len(topics)}.")
        return topics


class AccessForm(StepForm):
    question = "Do you need anything to take part fully?"
    access_needs = forms.CharField(
        label="Access needs and adjustments",
        help_text="For example captions, step-free access, breaks or materials in advance. You need not name a "
        "condition. Leave empty if there is nothing.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": "Shorten this to 2,000 characters."},
    )


class ManagerForm(StepForm):
    question = "Has your line manager agreed to the time?"
    hint = "About two hours a month for six months, and the opening and closing ceremonies."
    line_manager_agreed = forms.TypedChoiceField(
        label="My line manager",
        choices=[("yes", "Has agreed"), ("no", "Not yet: I will ask")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether your line manager has agreed."},
    )

    def saved(self) -> dict[str, Any]:
        words = "yes" if self.enrolment.line_manager_agreed else "no"
        return {"line_manager_agreed": words if self.has_answered("manager") else ""}


class AgreementForm(StepForm):
    question = "What we all agree to"
    agreed = forms.BooleanField(
        label="I agree to confidentiality and conduct as set out above",
        error_messages={"required": "Tick the box to take part. Everybody in the programme agrees to this."},
    )

    def saved(self) -> dict[str, Any]:
        return {"agreed": self.enrolment.agreed_at is not None}


# What is asked at enrolment, each on its own; nothing of it is a condition for taking part.
_NOT_ASKED_AS_YES_OR_NO = {*CIRCLE_SEES, Purpose.DEMAND}
YES_OR_NO = [purpose for purpose in Purpose if purpose not in _NOT_ASKED_AS_YES_OR_NO]


def asked_purposes(enrolment: Enrolment) -> list[Purpose]:
    """Whoever mentors is not asked about their name: those whom they meet know it in any case."""
    leads = enrolment.side == Side.LEAD and not enrolment.cohort.format.mutual
    return [*(BESIDE_THE_NAME if leads else CIRCLE_SEES), *YES_OR_NO]


class ConsentsForm(StepForm):
    """What the circle sees is one question with a box for each item; the others are answered with yes or no."""

    mark_optional = False
    question = "Your choices about your information"
    hint = (
        "Each choice is yours, and you can take part whatever you choose. You can change your mind at any time on "
        "your account page."
    )

    def saved(self) -> dict[str, Any]:
        """What the person said before, and nothing for what they were never asked."""
        said = ConsentEvent.objects.filter(user=self.enrolment.user, wording__purpose__in=YES_OR_NO)
        latest = said.order_by("wording__purpose", "-at", "-created_at").distinct("wording__purpose")
        answers = {event.wording.purpose: "yes" if event.given else "no" for event in latest.select_related("wording")}
        return answers | {"circle_sees": [p for p, given in consents(self.enrolment.user).items() if given]}

    def set_up(self) -> None:
        asked = asked_purposes(self.enrolment)
        words = {purpose: wording.text for purpose, wording in current_wordings(asked).items()}
        self.seen = [purpose for purpose in asked if purpose in CIRCLE_SEES]
        self.fields["circle_sees"] = circle_sees(self.enrolment.cohort.format, {p: words[p] for p in self.seen})
        for purpose in YES_OR_NO:
            # Each named: a list of three errors alike says nothing of where to go.
            self.fields[purpose.value] = yes_no(words[purpose], f"{purpose.label}: choose yes or no.")

    def answer(self) -> dict[str, Any]:
        chosen = self.cleaned_data["circle_sees"]
        seen = {purpose.value: purpose.value in chosen for purpose in self.seen}
        return seen | {purpose.value: self.cleaned_data[purpose.value] for purpose in YES_OR_NO}


FORMS: dict[str, type[StepForm]] = {
    "name": NameForm,
    "side": SideForm,
    "eligibility": EligibilityForm,
    "job": JobForm,
    "place": PlaceForm,
    "slots": SlotsForm,
    "dates": DatesForm,
    "goals": GoalsForm,
    "access": AccessForm,
    "manager": ManagerForm,
    "agreement": AgreementForm,
    "consents": ConsentsForm,
}


def form_for(step: str, enrolment: Enrolment, data: Any = None) -> StepForm:
    """The form of a question, filled with `data` or with what was saved."""
    return FORMS[step](enrolment, data)
