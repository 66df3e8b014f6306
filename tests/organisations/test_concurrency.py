"""Two at once, on real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from organisations import services
from organisations.models import Interest, Organisation
from tests.organisations.test_services import submission

pytestmark = pytest.mark.django_db(transaction=True)


def register(data: dict[str, Any]) -> None:
    try:
        services.register_interest(data=data)
    finally:
        connection.close()


def test_first_submissions_at_the_same_moment_make_one_organisation() -> None:
    spellings = ["Harper Bakery", "HARPER BAKERY LTD", "The Harper Bakery", "harper bakery plc"]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(register, [submission(organisation=name, contact_email="a@gmail.com") for name in spellings]))

    assert Organisation.objects.count() == 1
    assert Interest.objects.count() == 4


def test_the_button_pressed_four_times_at_once_is_one_submission() -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(register, [submission()] * 4))

    assert Interest.objects.count() == 1
