"""Who looks at the front page."""

import pytest

from accounts.models import User
from tests.factories import StaffFactory


@pytest.fixture
def lead() -> User:
    return StaffFactory(role="lead")
