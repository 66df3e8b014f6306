"""The reference data: all of it, once, and never over what staff have edited."""

import pytest
from django.core.management import call_command

from cohorts.models import Format, Topic
from content.models import Baseline, Faq, PageText
from privacy.models import ConsentWording, Purpose
from surveys.models import Instrument, Item

pytestmark = pytest.mark.django_db
MODELS = [Format, Topic, PageText, Faq, Baseline, ConsentWording, Instrument, Item]


def counts() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in MODELS}


def test_loads_everything_a_first_cohort_needs() -> None:
    call_command("set_up", verbosity=0)
    assert all(counts().values()), counts()
    assert set(Format.objects.values_list("key", flat=True)) == {"circles", "reverse", "reciprocal"}
    assert set(ConsentWording.objects.values_list("purpose", flat=True)) == set(Purpose.values)


def test_running_it_again_changes_nothing() -> None:
    call_command("set_up", verbosity=0)
    before = counts()
    call_command("set_up", verbosity=0)
    assert counts() == before


def test_what_staff_edited_stays() -> None:
    call_command("set_up", verbosity=0)
    Faq.objects.update(answer="Our own answer")
    Format.objects.filter(key="circles").update(target=8)
    call_command("set_up", verbosity=0)
    assert set(Faq.objects.values_list("answer", flat=True)) == {"Our own answer"}
    assert Format.objects.get(key="circles").target == 8


def test_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("set_up")
    assert "The reference data is in place." in capsys.readouterr().out
