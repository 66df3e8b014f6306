"""People and what they sign in with."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.fields import sort_key
from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_however_it_is_written() -> None:
    UserFactory(email="ada@employer.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="Ada@Employer.example")


def test_a_new_person_has_a_small_address_and_no_password() -> None:
    person = User.objects.create_user(" Ada@Employer.EXAMPLE ", first_name="Ada", last_name="Lovelace")
    assert person.email == "ada@employer.example"
    assert not person.has_usable_password()


def test_names_are_ordered_without_case_and_accents() -> None:
    for last in ("Zola", "émile", "Eden"):
        UserFactory(first_name="A", last_name=last)
    assert [user.last_name for user in User.objects.all()] == ["Eden", "émile", "Zola"]


def test_a_sort_key_leaves_out_what_is_blank() -> None:
    assert sort_key("Ó Briain", "", "Zoë") == "o briain zoe"


@pytest.mark.parametrize("password", ["my mentor password", "Circle2026 is fine", "COMC-comc-comc-1"])
def test_a_password_is_not_made_of_the_programmes_words(password: str) -> None:
    with pytest.raises(ValidationError, match="words of the programme"):
        validate_password(password)


def test_a_long_password_of_other_words_is_fine() -> None:
    validate_password("seven green kettles sing")
