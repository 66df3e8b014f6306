"""Words of the team that could not be used."""

from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from outbox import wording
from staff.attention.base import Item, Rule


def broken_wordings(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Kinds of message that go in the shipped words because the team's are broken."""
    return [
        Item(None, f"“{kind.title}”: {found.fault}", reverse("admin:wording", args=[kind.key]))
        for kind, found in wording.broken()
    ]


RULES = [
    Rule(
        key="wording_broken",
        says="The team’s words for a message can’t be used, so it goes as it was shipped",
        action="Mend the words",
        permission="outbox.change_wording",
        find=broken_wordings,
    ),
]
