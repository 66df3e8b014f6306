"""`{% url %}` writes what Django's own tag writes."""

import uuid

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, set_script_prefix
from django.urls import reverse as django_reverse

from ui import addresses

KEY, OTHER = uuid.uuid4(), uuid.uuid4()
ADDRESSES = [
    ("portal:home",),
    ("portal:circle", KEY),
    ("portal:circle", OTHER),
    ("portal:survey_page", KEY, 3),
    ("portal:survey_page", OTHER, 0),
    ("portal:unsubscribe", "a:b d&é'"),
    ("admin:index",),
]


def test_addresses_are_those_of_django() -> None:
    for name, *values in ADDRESSES * 2:
        try:
            expected = django_reverse(name, args=values)
        except NoReverseMatch:
            with pytest.raises(NoReverseMatch):
                addresses.reverse(name, *values)
        else:
            assert addresses.reverse(name, *values) == expected
    set_script_prefix("/below/")
    try:
        assert addresses.reverse("portal:circle", KEY) == f"/below/circle/{KEY}/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize("values", [(), (KEY, KEY), (-1,), ("no key",), (None,)])
def test_an_address_that_there_is_not_is_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(NoReverseMatch):
        addresses.reverse("portal:circle", *values)


def test_the_tag_is_ours_and_says_the_same() -> None:
    assert Template("{% url 'portal:circle' key %}").nodelist[0].__class__ is addresses.FastURLNode
    tag = (
        "{% url 'portal:circle' key as here %}[{{ here }}]{% url 'portal:circle' pk=key %}{% url 'portal:no' as gone %}"
    )
    text = Template(tag).render(Context({"key": KEY}))
    assert text == f"[/circle/{KEY}/]/circle/{KEY}/"
