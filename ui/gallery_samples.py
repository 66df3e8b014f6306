"""Sample content of the gallery. All names are invented."""

from django import forms as django_forms

from ui import forms
from ui.components import TONES, TimelineItem

__all__ = ["PEOPLE", "PROSE", "ROWS", "TIMELINE", "TONES", "SampleForm"]

TIMELINE = [
    TimelineItem("Applications open", "Monday 1 June 2026", "past"),
    TimelineItem("Recruitment and enrolment", "1 September to 9 October 2026", "now", "Coordinators nominate people."),
    TimelineItem("Launch", "Wednesday 28 October 2026", "next", "Opening ceremony, online."),
    TimelineItem("Close", "Wednesday 28 April 2027", "next"),
]
ROWS = [
    ("Organisation", "Fernhill Housing"),
    ("Places", "6 mentees, 2 mentors", "/"),
    ("Starts", "October 2026"),
]
PEOPLE = [("Rowan Ashdown", "Fernhill Housing"), ("Mika Larkspur", "Tallis Water"), ("Ana de Vere", "Corbel Bank")]
PROSE = """# What a circle is

A circle is **eight to ten people** from *different employers*, and one mentor. See the [key dates](/).

- Meets once a month
- Sets its own agenda

## What it is not

> It is not a class: nobody lectures, and everybody brings something.

| Session | Month |
| --- | --- |
| First | November |
| Second | December |
"""


class SampleForm(forms.Form):
    full_name = django_forms.CharField(
        label="Full name",
        help_text="As your circle should call you.",
        error_messages={"required": "Enter your full name"},
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = django_forms.EmailField(
        label="Work e-mail address",
        error_messages={"required": "Enter your work e-mail address"},
        widget=django_forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = django_forms.CharField(
        label="Code from the e-mail",
        error_messages={"required": "Enter the code"},
        widget=django_forms.TextInput(attrs={"class": "control-code", "autocomplete": "one-time-code"}),
    )
    role = django_forms.ChoiceField(
        label="Your role in the programme",
        choices=[("mentee", "Mentee"), ("mentor", "Mentor")],
        widget=django_forms.RadioSelect,
        error_messages={"required": "Choose your role in the programme"},
    )
    slots = django_forms.MultipleChoiceField(
        label="When could you meet?",
        help_text="Choose every time you could make in most months.",
        choices=[("tue", "Tuesday 12pm to 1:30pm"), ("wed", "Wednesday 4pm to 5:30pm")],
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one time"},
    )
    cohort = django_forms.ChoiceField(
        label="Cohort",
        choices=[("", "Choose a cohort"), ("15", "Cohort 15"), ("16", "Cohort 16")],
        error_messages={"required": "Choose a cohort"},
    )
    mentees = django_forms.IntegerField(
        label="Number of mentees",
        widget=django_forms.NumberInput(attrs={"data-width": "3"}),
        error_messages={"required": "Enter the number of mentees"},
    )
    starts_on = django_forms.DateField(
        label="First day", widget=forms.DateInput, error_messages={"required": "Enter the first day"}
    )
    meets_at = django_forms.DateTimeField(
        label="Date and time of the meeting",
        widget=forms.DateTimeInput,
        error_messages={"required": "Enter the date and time of the meeting"},
    )
    message = django_forms.CharField(label="Message", required=False, widget=django_forms.Textarea)
    upload = django_forms.FileField(
        label="Your list of people", help_text="A CSV or XLSX file.", error_messages={"required": "Choose a file"}
    )
    agree = django_forms.BooleanField(
        label="I agree to keep what is said in the circle in the circle",
        error_messages={"required": "Confirm that you agree, or talk to the programme team first"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].option_hints = {"mentor": "You lead one circle in a cohort."}
