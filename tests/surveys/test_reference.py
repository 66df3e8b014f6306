"""The instruments that the product ships with."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from surveys import reference
from surveys.models import Instrument, Item, Survey, SurveyPart
from surveys.scoring import score
from surveys.services import add_part, ensure_surveys, new_version
from tests.factories import CohortFactory, UserFactory
from tests.surveys.people import BEFORE, answer, cohort_with_sessions, seated

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing_and_keeps_what_staff_edited() -> None:
    reference.load()
    Instrument.objects.filter(key="ngse").update(plain_name="My own words")
    reference.load()
    assert Instrument.objects.count() == 12
    assert Item.objects.count() == 33
    assert Instrument.objects.get(key="ngse").plain_name == "My own words"


def test_every_instrument_says_where_it_is_from_and_has_words_for_every_answer() -> None:
    reference.load()
    for instrument in Instrument.objects.exclude(permission="needed"):
        assert instrument.citation
        assert instrument.licence
        assert instrument.reliability_source
        assert len(instrument.anchors) == instrument.scale_max - instrument.scale_min + 1
        assert instrument.min_items <= instrument.items.count()


def test_only_published_scales_are_called_validated() -> None:
    reference.load()
    shipped = Instrument.objects.exclude(permission="needed")
    assert list(shipped.filter(validated=True).values_list("key", flat=True)) == ["gse", "ngse"]
    assert set(Instrument.objects.filter(validated=False).values_list("permission", flat=True)) == {"own"}


def test_a_cohort_gets_both_surveys_once_with_the_thresholds() -> None:
    reference.load()
    cohort = CohortFactory()
    ensure_surveys(cohort=cohort)
    ensure_surveys(cohort=cohort)
    surveys = Survey.objects.filter(cohort=cohort)
    assert sorted(surveys.values_list("wave", flat=True)) == ["check_in", "post", "pre", "then"]
    for survey in surveys.before_and_after():
        assert [part.instrument.key for part in survey.parts.all()] == [
            "ngse", "networking", "belonging", "career-clarity", "confidence-to-progress",
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
    Instrument.objects.filter(key="ngse").update(permission="needed")
    with pytest.raises(ValidationError):
        ensure_surveys(cohort=CohortFactory())
    assert not Survey.objects.exists()


def test_a_scale_without_permission_is_known_by_name_and_has_no_wording() -> None:
    reference.load()
    needed = Instrument.objects.filter(permission="needed")
    assert {"caas-sf", "mfq-9", "work-group-inclusion"} <= set(needed.values_list("key", flat=True))
    assert not Item.objects.filter(instrument__in=needed).exists()
    survey = ensure_surveys(cohort=CohortFactory())[0]
    with pytest.raises(IntegrityError, match="permission"), transaction.atomic():
        SurveyPart.objects.create(survey=survey, instrument=needed[0], position=9)
    # Nor is permission lost by a scale that somebody is to be asked.
    with pytest.raises(IntegrityError, match="before its permission"), transaction.atomic():
        Instrument.objects.filter(key="ngse").update(permission="needed")


def test_the_wording_and_scoring_of_the_published_scales_are_these() -> None:
    """A change here is a new version of the instrument."""
    reference.load()
    found = {}
    for instrument in Instrument.objects.filter(key__in=["gse", "ngse"]):
        words = [instrument.scoring, str(instrument.min_items), *instrument.anchors]
        words += [f"{item.number}{item.reverse}{item.text}" for item in instrument.items.all()]
        found[instrument.key] = hashlib.sha256("|".join(words).encode()).hexdigest()[:12]
    assert found == {"gse": "e578418349a4", "ngse": "bf7644b3d560"}


CHANGES = {
    "wording": lambda: Item.objects.filter(instrument__key="ngse", number=1).update(text="Other words."),
    "scoring": lambda: Instrument.objects.filter(key="ngse").update(min_items=1),
    "threshold": lambda: Survey.objects.filter(wave="pre").update(threshold_team=6),
    "page": lambda: SurveyPart.objects.filter(survey__wave="pre", position=1).delete(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_changes_after_the_first_answer_whoever_asks(what: str, move_clock) -> None:  # type: ignore[no-untyped-def]
    move_clock(BEFORE)
    cohort = cohort_with_sessions()
    with transaction.atomic():
        CHANGES[what]()
        transaction.set_rollback(True)
    answer(seated(cohort), "pre", submit=False)
    with pytest.raises(IntegrityError, match="has been answered"), transaction.atomic():
        CHANGES[what]()


def test_a_new_version_is_a_copy_that_new_cohorts_are_asked() -> None:
    reference.load()
    copy = new_version(instrument=Instrument.objects.get(key="belonging"), by=UserFactory())
    assert (copy.version, copy.items.count(), copy.items.get(reverse=True).number) == (2, 4, 4)
    survey = ensure_surveys(cohort=CohortFactory())[0]
    assert survey.parts.filter(instrument=copy).exists()


# E-02 and E-03: the answers as they were given, and the score or none.
@pytest.mark.parametrize(
    ("key", "answers", "expected"),
    [
        ("ngse", [4] * 8, 4.0),
        ("ngse", [5, 3, 4, 4, 4, 4, 4, None], 4.0),
        ("ngse", [4] * 6 + [None] * 2, None),
        ("belonging", [5, 5, 5, 1], 5.0),  # the last is turned round
        ("belonging", [1, 1, 1, 5], 1.0),
        ("belonging", [4, 4, None, 4], None),  # three of four are less than four fifths
        ("belonging", [4, None, None, 4], None),
        ("career-clarity", [3, 3, None], None),
        ("networking", [None] * 4, None),
    ],
)
def test_scores_follow_each_instruments_own_rule(key: str, answers: list, expected: float | None) -> None:
    reference.load()
    instrument = Instrument.objects.get(key=key)
    items = list(instrument.items.select_related("instrument"))
    given = dict(zip([item.pk for item in items], answers, strict=True))
    assert score(instrument, items, given) == expected
