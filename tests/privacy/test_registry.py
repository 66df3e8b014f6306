"""The registry of what is held about a person."""

from collections.abc import Iterator

import pytest

from privacy import registry
from privacy.registry import Holding
from privacy.services import set_consent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _empty() -> Iterator[None]:
    kept = dict(registry._holdings)
    registry._holdings.clear()
    yield
    registry._holdings.clear()
    registry._holdings.update(kept)


def holding(key: str, position: int = 50, **fields: object) -> Holding:
    usual = {"title": key, "export": lambda user: [{"key": key}], "erase": lambda user: position}
    return Holding(key=key, position=position, **{**usual, **fields})  # type: ignore[arg-type]  # the fields' own types


@pytest.mark.usefixtures("_empty")
class TestRegistry:
    def test_erases_in_the_order_of_position(self) -> None:
        for key, position in (("late", 90), ("early", 10), ("middle", 50)):
            registry.register(holding(key, position))
        assert list(registry.erase(UserFactory()).items()) == [("early", 10), ("middle", 50), ("late", 90)]

    def test_does_not_erase_what_is_kept(self) -> None:
        registry.register(holding("kept", erase=None, kept_because="The law says so."))
        assert registry.erase(UserFactory()) == {}

    def test_a_holding_says_what_erasing_does(self) -> None:
        with pytest.raises(ValueError, match="must say how it is erased"):
            registry.register(holding("silent", erase=None))

    def test_a_key_is_taken_once(self) -> None:
        registry.register(holding("one"))
        with pytest.raises(ValueError, match="already"):
            registry.register(holding("one", position=60))

    def test_registering_the_same_again_changes_nothing(self) -> None:
        one = holding("one")
        registry.register(one)
        registry.register(one)
        assert registry.every() == [one]

    def test_leaves_out_what_holds_nothing(self) -> None:
        registry.register(holding("empty", export=lambda user: []))
        assert registry.export(UserFactory()) == {}


def test_a_person_is_shown_their_account_and_every_change_of_mind() -> None:
    person, other = UserFactory(first_name="Mina"), UserFactory()
    for given in (True, False):
        set_consent(user=person, purpose="evaluation", given=given, how="Enrolment")
    set_consent(user=other, purpose="evaluation", given=True, how="Enrolment")
    held = registry.export(person)
    assert held["Your account"][0]["First name"] == "Mina"
    assert [entry["Agreed"] for entry in held["What you agreed to"]] == [True, False]
