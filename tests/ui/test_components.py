import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from ui.components import TimelineItem, initials, tone_of

EVIL = '<b>"evil"</b>'


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        "{% page_header title=x lead=x eyebrow=x %}",
        "{% badge text=x %}",
        "{% callout text=x title=x %}",
        "{% empty_state title=x text=x action_url=x action_text=x %}",
        "{% next_step title=x text=x url=x action=x due=x %}",
        "{% progress value=1 maximum=2 label=x %}",
        "{% stat value=x label=x hint=x url=x %}",
        "{% back_link url=x text=x %}",
        "{% breadcrumbs items %}",
        "{% definition rows %}",
        "{% steps labels 1 %}",
        "{% confirm_panel title=x text=x action_url=x confirm_text=x cancel_url=x %}",
        "{{ x|thousands }}",
    ],
)
def test_every_component_escapes_what_it_is_given(source):
    html = render(source, x=EVIL, items=[(EVIL, EVIL)], rows=[(EVIL, EVIL, EVIL)], labels=[EVIL])
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_a_page_has_one_h1():
    assert render('{% page_header title="Your circle" %}').count("<h1>") == 1


def test_an_unknown_tone_is_a_mistake():
    with pytest.raises(ValueError, match="Unknown tone"):
        render('{% badge text="New" tone="pink" %}')


def test_the_timeline_marks_now_and_says_what_is_done():
    items = [
        TimelineItem("Applications open", "1 June", "past"),
        TimelineItem("Enrolment", "1 September", "now"),
        TimelineItem("Launch", "28 October", "next"),
    ]
    html = render('{% timeline items=items today="Wednesday 23 September 2026" %}', items=items)
    assert html.count('aria-current="step"') == 1
    assert html.count("(done)") == 1
    assert html.count("Today is Wednesday 23 September 2026") == 1


def test_progress_says_its_figures_in_words():
    html = render('{% progress value=6 maximum=10 label="Places filled" %}')
    assert "<strong>6</strong> of 10" in html
    assert 'value="6" max="10" aria-label="Places filled"' in html


def test_progress_of_nothing_is_still_valid():
    assert 'max="1"' in render('{% progress value=0 maximum=0 label="Replies" %}')


def test_steps_know_what_is_done_and_where_one_is():
    html = render("{% steps items 2 %}", items=["About you", "Your time", "Agreement"])
    assert [html.count(f"step-{state}") for state in ("done", "current", "ahead")] == [1, 1, 1]
    assert html.count('aria-current="step"') == 1


def test_a_change_link_says_what_it_changes():
    html = render("{% definition rows %}", rows=[("Places", "6", "/places/"), ("Name", "Rowan")])
    assert 'Change<span class="visually-hidden"> Places</span>' in html
    assert html.count("<a ") == 1


def test_pagination_keeps_the_other_parameters():
    request = RequestFactory().get("/", {"q": "a&b", "page": "2"})
    html = render("{% pagination page %}", page=Paginator(range(30), 10).get_page(2), request=request)
    assert 'href="?q=a%26b&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pagination():
    request = RequestFactory().get("/")
    assert not render("{% pagination page %}", page=Paginator([], 10).get_page(1), request=request).strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Rowan Ashdown", "RA"), ("Ana Maria de Vere", "AV"), ("Mika", "M"), ("", "?"), ("  élan vital ", "ÉV")],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_a_name_keeps_its_tone():
    assert tone_of("Rowan Ashdown") == tone_of("Rowan Ashdown")
    assert len({tone_of(f"Person {number}") for number in range(40)}) == 5


def test_the_avatar_is_hidden_from_screen_readers():
    assert 'aria-hidden="true">RA<' in render("{% avatar name %}", name="Rowan Ashdown")


def test_thousands_are_set_apart():
    assert render("{{ 1769|thousands }}") == "1,769"
