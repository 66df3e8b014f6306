"""The public forms: an organisation's question or registration, and an individual's employer."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import clock
from cohorts.models import Cohort, Role
from cohorts.selectors import open_for_interest
from organisations.models import Interest, Sector, Size
from ui.forms import Form

YES_NO_NOT_SURE = [("yes", "Yes"), ("no", "No"), ("not_sure", "I’m not sure")]
LINK = re.compile(r"://|www\.", re.IGNORECASE)


def without_link(value: str) -> None:
    """Names hold no web address; those of spam do."""
    if LINK.search(value):
        raise ValidationError("Enter a name without a web address.")


class YesNoNotSure(forms.TypedChoiceField):
    """True, False, or None for somebody who is not sure: an answer of its own, not a missing one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=YES_NO_NOT_SURE,
            coerce={"yes": True, "no": False, "not_sure": None}.__getitem__,
            widget=forms.RadioSelect,
            **kwargs,
        )
        self.inline = True  # read by ui


def missing(message: str) -> dict[str, str]:
    return {"required": message}


class InterestForm(Form):
    """What a question and a registration have in common."""

    kind = ""

    organisation = forms.CharField(
        label="Name of your organisation",
        max_length=200,
        validators=[without_link],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages=missing("Enter the name of your organisation."),
    )
    is_member = YesNoNotSure(
        label="Is your organisation a member of the charity?",
        error_messages=missing("Say whether your organisation is a member, or that you are not sure."),
    )
    has_package = YesNoNotSure(
        label="Does it hold one of our support packages?",
        help_text="A package of advice on race equality, with an Inclusion Adviser of your own.",
        error_messages=missing("Say whether your organisation holds a support package, or that you are not sure."),
    )
    contact_name = forms.CharField(
        label="Your name",
        max_length=200,
        validators=[without_link],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=missing("Enter your name."),
    )
    contact_email = forms.EmailField(
        label="Your work e-mail address",
        help_text="We use it to answer you and for nothing else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages=missing("Enter your e-mail address.")
        | {"invalid": "Enter an e-mail address like name@example.org."},
    )
    contact_role = forms.CharField(
        label="Your job title",
        max_length=200,
        required=False,
        validators=[without_link],
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    def registration(self) -> dict[str, Any]:
        """What `register_interest` takes."""
        return {"kind": self.kind, **self.cleaned_data}


class QuestionForm(InterestForm):
    kind = Interest.Kind.QUESTION

    message = forms.CharField(
        label="Your question",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages=missing("Enter your question."),
    )
    field_order = ["message"]


class CohortChoice(forms.ModelChoiceField):
    """Cohorts by name and launch, each with its format as a hint."""

    def offer_open(self) -> None:
        """Those that an organisation may still register for; only one of them is taken."""
        self.queryset = Cohort.objects.accepting_interest()
        cohorts = open_for_interest()
        self.choices = [("", self.empty_label), *((one.pk, self.label_from_instance(one)) for one in cohorts)]
        self.option_hints = {str(one.pk): self._hint(one) for one in cohorts}

    def _hint(self, cohort: Cohort) -> str:
        if clock.today() <= cohort.applications_until:
            return cohort.format.name
        return f"{cohort.format.name}. Applications have closed; we tell you whether there is still room."

    def label_from_instance(self, obj: Cohort) -> str:
        return f"{obj.name}, launching in {obj.launch_from:%B %Y}"


def people(label: str, hint: str, error: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=False,
        min_value=0,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
        error_messages={"invalid": error, "min_value": error, "max_value": "Enter a number up to 500."},
    )


class RegistrationForm(InterestForm):
    kind = Interest.Kind.REGISTRATION

    sector = forms.ChoiceField(
        label="Sector",
        choices=[("", "Choose a sector"), *Sector.choices],
        error_messages=missing("Choose your organisation’s sector."),
    )
    size = forms.ChoiceField(
        label="How many people work there?",
        choices=Size.choices,
        widget=forms.RadioSelect,
        error_messages=missing("Choose how many people work at your organisation."),
    )
    places_of_work = forms.CharField(
        label="Where do they work?",
        help_text="The main towns or regions, such as “Leeds, Cardiff and home working”.",
        max_length=200,
        required=False,
    )
    cohort = CohortChoice(
        label="Which cohort are you interested in?",
        queryset=Cohort.objects.none(),
        required=False,
        blank=True,
        empty_label="I don’t know yet",
        widget=forms.RadioSelect,
    )
    expected_mentees = people(
        "How many mentees might take part?", "A guess is fine.", "Enter the number of mentees in figures, such as 5."
    )
    expected_mentors = people(
        "How many mentors might take part?",
        "Mentors are senior people. A guess is fine.",
        "Enter the number of mentors in figures, such as 1.",
    )
    message = forms.CharField(
        label="Is there anything else that we should know?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # As on the page, so that the error summary has the same order.
    field_order = [
        "organisation", "sector", "size", "places_of_work", "is_member", "has_package", "cohort", "expected_mentees",
        "expected_mentors", "message",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].offer_open()


class TrapForm(Form):
    """A box that people never see. What fills it in is a program."""

    more_about_you = forms.CharField(
        label="Leave this box empty",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def sprung(self) -> bool:
        return bool(self.data.get("more_about_you", "").strip())


class DemandForm(Form):
    """Where an individual works, and what we may do with that."""

    employer = forms.CharField(
        label="Where do you work?",
        help_text="The name of your employer.",
        max_length=200,
        validators=[without_link],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages=missing("Enter the name of your employer."),
    )
    may_tell_employer = forms.BooleanField(
        label="You may tell my employer that somebody there has asked",
        help_text="We never say who. If you leave this empty, we only count it for ourselves.",
        required=False,
    )
    email = forms.EmailField(
        label="Your e-mail address, if you want to hear when your employer joins",
        help_text="We use it for that one message and then erase it, after 12 months at the latest.",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an e-mail address like name@example.org."},
    )


class ColleagueForm(Form):
    """Whom a coordinator asks to coordinate too, or to take over."""

    first_name = forms.CharField(
        label="First name", max_length=100, error_messages=missing("Enter your colleague’s first name.")
    )
    last_name = forms.CharField(
        label="Last name", max_length=100, error_messages=missing("Enter your colleague’s last name.")
    )
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="We ask them here. Nothing changes until they say yes.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=missing("Enter your colleague’s work e-mail address.")
        | {"invalid": "Enter an e-mail address like name@example.org."},
    )


class RenewalAnswerForm(Form):
    """Whether an organisation takes part again, and with how many people."""

    again = forms.TypedChoiceField(
        label="Will you take part again?",
        choices=[("yes", "Yes, we would like to"), ("no", "Not this time")],
        coerce="yes".__eq__,
        widget=forms.RadioSelect,
        error_messages=missing("Say whether you would like to take part again."),
    )

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = cohort.format.roles
        for role in self.roles:
            word = Role(role).label.lower()
            self.fields[f"places_{role}"] = people(
                f"How many {word}s might take part?", "A guess is fine. Places are agreed with the programme team.",
                f"Enter the number of {word}s in figures, such as 4.",
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label="Is there anything that the team should know?",
            help_text="For example what you would change, or why not this time.",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    @property
    def places(self) -> dict[str, int]:
        """Those that were given, by role."""
        given = {role: self.cleaned_data.get(f"places_{role}") for role in self.roles}
        return {role: count for role, count in given.items() if count is not None}
