"""One organisation under several spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.matching import find, own_domain, possible_duplicates
from organisations.models import LEGAL_FORMS, name_key
from tests.factories import OrganisationFactory

names = st.text(alphabet=st.characters(whitelist_categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)


@given(names)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(names)
def test_case_and_spaces_at_the_ends_do_not_count(name: str) -> None:
    assert name_key(f"  {name.upper()} ") == name_key(name.upper().lower())


@given(st.lists(st.sampled_from(["north", "star", "energy", "40"]), min_size=1), st.sampled_from(sorted(LEGAL_FORMS)))
def test_a_legal_form_at_the_end_does_not_count(words: list[str], form: str) -> None:
    name = " ".join(words)

    assert name_key(f"{name} {form.title()}") == name_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith & Sons Ltd", "Smith and Sons"),
        ("The Café Group", "CAFE"),
        ("Harper's Bakery plc.", "Harpers Bakery"),
        ("Harper’s Bakery", "HARPERS  BAKERY LIMITED"),
        ("North-Star Energy (UK)", "North Star Energy"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_a_name_of_legal_forms_alone_keeps_its_words() -> None:
    assert name_key("The Company") == "the company"


def test_a_name_in_another_script_has_a_key() -> None:
    assert name_key("Ακμή ΑΕ") == "ακμη αε"


@pytest.mark.parametrize(
    ("email", "domain"),
    [("Ann@Harper.example", "harper.example"), ("ann@gmail.com", ""), ("ann@NHS.net", ""), ("ann", "ann")],
)
def test_a_shared_mailbox_says_nothing_about_the_employer(email: str, domain: str) -> None:
    assert own_domain(email) == domain


@pytest.mark.django_db
class TestFinding:
    def test_by_another_spelling(self) -> None:
        harper = OrganisationFactory(name="Harper’s Bakery Ltd", domain="")

        assert find(name="HARPERS BAKERY", email="ann@gmail.com") == harper

    def test_by_domain(self) -> None:
        harper = OrganisationFactory(name="Harper Bakery", domain="harper.example")

        assert find(name="Harper Retail Division", email="ann@harper.example") == harper

    def test_the_name_counts_before_the_domain(self) -> None:
        OrganisationFactory(name="Parent", domain="parent.example")
        child = OrganisationFactory(name="Child", domain="")

        assert find(name="Child", email="ann@parent.example") == child

    def test_blank_domains_are_not_one_employer(self) -> None:
        OrganisationFactory(name="Somebody", domain="")

        assert find(name="Somebody else", email="ann@gmail.com") is None

    def test_names_without_letters_are_not_one_employer(self) -> None:
        OrganisationFactory(name="!!!", domain="")

        assert find(name="???", email="ann@gmail.com") is None


@pytest.mark.django_db
class TestDuplicates:
    def test_alike_names_and_related_domains_are_suggested(self) -> None:
        harper = OrganisationFactory(name="Harper Bakery", domain="harper.example")
        typing_slip = OrganisationFactory(name="Harpr Bakery", domain="")
        below = OrganisationFactory(name="Confectionery", domain="uk.harper.example")
        OrganisationFactory(name="Weaver Mills", domain="weaver.example")
        OrganisationFactory(name="Sharper Tools", domain="sharper.example")

        assert set(possible_duplicates(harper)) == {typing_slip, below}
