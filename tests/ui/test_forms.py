"""The validation pattern of A-07: summary, inline messages, ids and titles that line up."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms as django_forms
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.template import Context, Template
from django.utils.safestring import SafeString

from ui import forms
from ui.gallery_samples import SampleForm
from ui.renderers import Renderer


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.fixture
def failed() -> SampleForm:
    return SampleForm({})


@pytest.fixture
def html(failed: SampleForm) -> str:
    return render("{% error_summary form %}{% render_form form %}", form=failed)


def test_the_browser_never_validates_first(html):
    assert not re.search(r"\srequired\b", html)


def test_every_error_is_in_the_summary_with_a_link_to_its_field(failed, html):
    summary = html.split("</ul>")[0]
    assert "There is a problem" in summary
    assert 'role="alert"' in summary
    for messages in failed.errors.values():
        assert messages[0] in summary
    links = re.findall(r'href="#([^"]+)"', summary)
    assert len(links) == len(failed.errors)
    assert all(f'id="{target}"' in html for target in links)


def test_the_summary_takes_the_focus(html):
    assert re.search(r'<div class="error-summary" tabindex="-1" autofocus>', html)


def test_the_inline_message_repeats_the_summary_word_for_word(failed, html):
    inline = html.split("</ul>", 1)[1]
    for messages in failed.errors.values():
        assert f'<span class="visually-hidden">Error: </span>{messages[0]}' in inline


def test_a_question_escapes_its_words_and_those_of_its_answers():
    evil = '<b>"evil"</b>'
    field = django_forms.ChoiceField(
        label=evil, help_text=evil, choices=[(evil, evil)], widget=django_forms.RadioSelect
    )
    field.option_hints = {evil: evil}
    field.error_messages["required"] = evil
    form = type("EvilForm", (forms.Form,), {"evil": field})({})
    html = render("{% error_summary form %}{% render_form form %}", form=form)
    assert "<b>" not in html
    assert html.count("&lt;b&gt;&quot;evil&quot;&lt;/b&gt;") == 7


def test_an_invalid_control_points_to_its_hint_and_message(html):
    control = re.search(r'<input[^>]*name="full_name"[^>]*>', html)[0]
    assert 'aria-describedby="id_full_name_hint id_full_name_error"' in control
    assert 'aria-invalid="true"' in control
    assert 'id="id_full_name_hint"' in html
    assert 'id="id_full_name_error"' in html


def test_the_hint_stands_before_the_control(html):
    assert html.index('id="id_full_name_hint"') < html.index('name="full_name"')


def test_a_group_of_choices_is_a_fieldset_whose_summary_link_leads_to_the_first(html):
    assert 'href="#id_role_0"' in html
    group = re.search(r'<fieldset class="field field-invalid"[^>]*role="radiogroup"[^>]*>', html)[0]
    assert 'aria-describedby="id_role_error"' in group
    assert re.search(r'<legend class="field-label">\s*Your role in the programme', html)
    assert '<span class="choice-hint" id="id_role_1_hint">You lead one circle in a cohort.</span>' in html


def test_only_what_may_stay_empty_is_marked(html):
    assert html.count("(optional)") == 1
    assert re.search(r"Message\s*<span class=\"field-optional\">\(optional\)", html)


def test_a_form_may_leave_the_mark_out():
    class Filter(forms.Form):
        mark_optional = False
        name = django_forms.CharField(required=False)

    assert "(optional)" not in render("{% render_form form %}", form=Filter())


def test_a_valid_or_untouched_form_shows_no_error():
    html = render("{% page_errors %}{% render_form form %}{% title_prefix %}", form=SampleForm())
    assert "Error" not in html
    assert "error-summary" not in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize("name", ["form", "forms"])
def test_the_title_says_that_there_is_an_error(failed, name):
    value = failed if name == "form" else [failed]
    assert render("{% title_prefix %}Register", **{name: value}) == "Error: Register"


def test_an_error_of_the_whole_form_leads_to_its_first_field():
    class Pair(forms.Form):
        first = django_forms.CharField(required=False)

        def clean(self):
            raise django_forms.ValidationError("These two do not belong together")

    html = render("{% error_summary form %}", form=Pair({}))
    assert '<a href="#id_first">These two do not belong together</a>' in html


def test_what_a_person_typed_comes_back_escaped():
    form = SampleForm({"full_name": '"><script>alert(1)</script>'})
    html = render("{% render_form form %}", form=form)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_placeholders_are_left_out():
    class Form(django_forms.Form):
        name = django_forms.CharField(widget=django_forms.TextInput(attrs={"placeholder": "Your name"}))

    assert "placeholder" not in render("{% render_form form %}", form=Form())


def test_only_some_fields_can_be_shown():
    html = render('{% render_form form only="email" %}', form=SampleForm())
    assert 'name="email"' in html
    assert "full_name" not in html


def test_crispy_forms_gives_the_same_markup():
    markup = render_crispy_form(SampleForm())
    assert "<form" not in markup
    assert "csrfmiddlewaretoken" not in markup
    assert 'class="field-label" for="id_full_name"' in markup
    assert markup.index('id="id_full_name_hint"') < markup.index('name="full_name"')


@pytest.mark.parametrize(
    ("widget", "value", "expected"),
    [
        (forms.DateInput(), "2026-10-28", 'type="date"'),
        (forms.TimeInput(), "12:30", 'type="time"'),
        (forms.DateTimeInput(), "2026-10-28T12:30", 'type="datetime-local"'),
    ],
)
def test_native_pickers(widget, value, expected):
    html = widget.render("when", value)
    assert expected in html
    assert f'value="{value}"' in html


class Controls(forms.Form):
    """Every control that is written without its template, with what has to be escaped in it."""

    odd = [("", "–"), ("<1>", "a & b"), (2, SafeString("<b>two</b>"))]
    text = django_forms.CharField(initial='"<&>', help_text="why")
    when = django_forms.DateField(widget=forms.DateInput({"data-n": 3, "autofocus": True, "hidden": False}))
    hidden = django_forms.CharField(widget=django_forms.HiddenInput, initial=SafeString("&amp;"))
    number = django_forms.IntegerField(initial=1234, min_value=1)
    secret = django_forms.CharField(widget=django_forms.PasswordInput)
    tick = django_forms.BooleanField(initial=True)
    one = django_forms.ChoiceField(choices=odd, initial="<1>")
    many = django_forms.MultipleChoiceField(choices=odd, widget=django_forms.SelectMultiple)
    grouped = django_forms.ChoiceField(choices=[("A & B", odd)])
    radio = django_forms.ChoiceField(choices=odd, widget=django_forms.RadioSelect, initial=2)
    boxes = django_forms.MultipleChoiceField(choices=odd, widget=django_forms.CheckboxSelectMultiple)
    in_groups = django_forms.ChoiceField(choices=[("A & B", odd)], widget=django_forms.RadioSelect, initial="<1>")
    long = django_forms.CharField(widget=django_forms.Textarea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["radio"].option_hints = self.fields["boxes"].option_hints = {"2": "<i>", "": "none"}


@pytest.mark.parametrize("data", [None, {"text": "x", "one": "2", "many": ["<1>", "2"], "boxes": ["2"], "when": "?"}])
def test_a_control_written_without_its_template_is_the_same_to_the_letter(data):
    def written(renderer: BaseRenderer) -> list[str]:
        form = Controls(data, renderer=renderer)
        drawn = [str(part) for name in ("radio", "boxes", "in_groups") for part in form[name]]
        return [*(str(field) for field in form), *drawn, render("{% render_form form %}", form=form)]

    assert written(Renderer()) == written(TemplatesSetting())
