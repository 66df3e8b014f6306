"""The instruments that the product ships with."""

import pytest
from django.core.exceptions import ValidationError

from surveys import reference
from surveys.models import Instrument, Item, Survey
from surveys.services import add_part, ensure_surveys
from tests.factories import CohortFactory

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing_and_keeps_what_staff_edited() -> None:
    reference.load()
    Instrument.objects.filter(key="gse").update(plain_name="My own words")
    reference.load()
    assert Instrument.objects.count() == 6
    assert Item.objects.count() == 25
    assert Instrument.objects.get(key="gse").plain_name == "My own words"


def test_every_instrument_says_where_it_is_from_and_has_words_for_every_answer() -> None:
    reference.load()
    for instrument in Instrument.objects.all():
        assert instrument.citation
        assert instrument.licence
        assert instrument.reliability_source
        assert len(instrument.anchors) == instrument.scale_max - instrument.scale_min + 1
        assert instrument.min_items <= instrument.items.count()


def test_only_the_published_scale_is_called_validated() -> None:
    reference.load()
    assert list(Instrument.objects.filter(validated=True).values_list("key", flat=True)) == ["gse"]
    assert set(Instrument.objects.filter(validated=False).values_list("permission", flat=True)) == {"own"}


def test_a_cohort_gets_both_surveys_once_with_the_thresholds() -> None:
    reference.load()
    cohort = CohortFactory()
    ensure_surveys(cohort=cohort)
    ensure_surveys(cohort=cohort)
    surveys = Survey.objects.filter(cohort=cohort)
    assert sorted(surveys.values_list("wave", flat=True)) == ["check_in", "post", "pre"]
    for survey in surveys.before_and_after():
        assert [part.instrument.key for part in survey.parts.all()] == [
            "gse", "networking", "belonging", "career-clarity", "confidence-to-progress",
        ]  # fmt: skip
        assert (survey.threshold_team, survey.threshold_outside) == (5, 8)


def test_an_instrument_without_permission_is_refused() -> None:
    reference.load()
    survey = ensure_surveys(cohort=CohortFactory())[0]
    borrowed = Instrument.objects.create(
        key="borrowed",
        name="Borrowed",
        plain_name="Borrowed",
        citation="x",
        licence="ask",
        anchors=["a"] * 5,
        min_items=1,
    )
    with pytest.raises(ValidationError, match="permission"):
        add_part(survey=survey, instrument=borrowed)


def test_a_standard_instrument_that_lost_its_permission_stops_new_surveys() -> None:
    reference.load()
    Instrument.objects.filter(key="gse").update(permission="needed")
    with pytest.raises(ValidationError):
        ensure_surveys(cohort=CohortFactory())
    assert not Survey.objects.exists()
