"""A world with something of everything can be had so many times over, whatever has to be different in a copy."""

import pytest
from django.db import connection

from benchmarks.multiply import copied, multiply
from tests.world import build


@pytest.mark.django_db
def test_every_table_has_twice_as_many_rows() -> None:
    build()
    before = {model: model._base_manager.count() for model in copied()}
    multiply(2)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert {model: model._base_manager.count() for model in copied()} == {model: 2 * n for model, n in before.items()}
    assert sum(before.values()) > 100
