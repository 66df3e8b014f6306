"""The first words of the site are loaded once, and staff's own words stay."""

import re

import pytest

from content import reference
from content.models import Baseline, Faq, PageText, Resource
from content.selectors import faqs, texts

# Organisations named in the sources that the texts were written from: none may be named here.
REAL_NAMES = r"BITC|Business in the Community|Deloitte|City, University|Gloucestershire|Chronus"


@pytest.fixture
def loaded(db: None) -> None:
    reference.load()


def counts() -> list[int]:
    return [model.objects.count() for model in (PageText, Faq, Resource, Baseline)]


@pytest.mark.usefixtures("loaded")
def test_loading_twice_changes_nothing() -> None:
    before = counts()

    reference.load()

    assert counts() == before
    assert min(before) >= 1


@pytest.mark.usefixtures("loaded")
def test_loading_leaves_edited_words_alone() -> None:
    PageText.objects.filter(key="contact").update(title="Talk to us")
    Faq.objects.all()[:1].get().delete()
    left = Faq.objects.count()

    reference.load()

    assert PageText.objects.get(key="contact").title == "Talk to us"
    assert Faq.objects.count() == left


@pytest.mark.usefixtures("loaded")
def test_the_baseline_is_the_published_record() -> None:
    baseline = Baseline.objects.get()

    assert (baseline.organisations, baseline.mentees, baseline.mentors) == (67, 1769, 292)


@pytest.mark.usefixtures("loaded")
def test_no_real_organisation_is_named() -> None:
    words = [text.body for text in PageText.objects.all()] + [faq.answer for faq in Faq.objects.all()]
    words += [resource.body for resource in Resource.objects.all()]

    assert not [text for text in words if re.search(REAL_NAMES, text)]


@pytest.mark.usefixtures("loaded")
def test_no_text_keeps_a_placeholder(settings) -> None:
    assert not PageText.objects.filter(body__contains="{")
    assert settings.MAIL_REPLY_TO in PageText.objects.get(key="contact").body


@pytest.mark.django_db
def test_texts_come_in_their_first_words_until_somebody_edits_them() -> None:
    PageText.objects.create(key="contact", title="Talk to us", body="Ring the bell.")

    found = texts("contact", "privacy")

    assert found["contact"].body == "Ring the bell."
    assert found["privacy"].title == "Privacy notice"


@pytest.mark.django_db
def test_unpublished_questions_are_not_shown() -> None:
    Faq.objects.create(question="Shown?", answer="Yes.")
    Faq.objects.create(question="Hidden?", answer="Yes.", published=False)

    assert [faq.question for faq in faqs()] == ["Shown?"]
