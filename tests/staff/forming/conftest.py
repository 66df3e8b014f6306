"""Who forms circles."""

import pytest
from django.test import Client

from tests.factories import StaffFactory


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory(role="manager"))
    return client
