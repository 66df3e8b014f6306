"""The formats and goals of the first day."""

import pytest

from cohorts import reference
from cohorts.models import Format, Topic
from privacy import reference as wordings
from privacy.models import ConsentWording, Purpose
from privacy.services import current_wording

pytestmark = pytest.mark.django_db


def test_formats_carry_the_rules_that_differ():
    reference.load()

    told = Format.objects.values_list("key", "capacity", "own_organisation", "joining", "eligibility_side", "mutual")
    assert sorted(told) == [
        ("circles", 10, "forbidden", "nomination", "member", False),
        ("reciprocal", 1, "allowed", "self_application", "lead", True),
        ("reverse", 1, "allowed", "application", "lead", False),
    ]


def test_in_reverse_mentoring_the_junior_mentor_leads_and_partners_choose():
    reference.load()

    reverse, reciprocal = Format.objects.get(key="reverse"), Format.objects.get(key="reciprocal")
    assert (reverse.side_of("mentor"), reverse.side_of("mentee")) == ("lead", "member")
    assert reciprocal.roles == ["partner"]
    assert reciprocal.side_of("partner") == ""


def test_loading_again_keeps_what_staff_edited():
    reference.load()
    Format.objects.filter(key="circles").update(target=8)
    Topic.objects.filter(key="networks").update(name="Networks")

    reference.load()

    assert Format.objects.get(key="circles").target == 8
    assert Topic.objects.get(key="networks").name == "Networks"
    assert Topic.objects.count() == len(reference.TOPICS) >= 12


def test_every_purpose_has_words_of_its_own_after_a_bare_one_too():
    bare = current_wording(Purpose.EVALUATION)

    wordings.load()
    wordings.load()

    assert current_wording(Purpose.EVALUATION).version == bare.version + 1
    assert {p: current_wording(p).text for p in Purpose} == wordings.WORDINGS
    assert ConsentWording.objects.count() == len(Purpose.values) + 1
