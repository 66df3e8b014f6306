"""Words and addresses of the team that can’t be used."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from cohorts.replies import is_ours
from outbox import wording
from staff.attention.base import Item, Rule


def broken_wordings(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Kinds of message that go in the shipped words because the team's are broken."""
    return [
        Item(None, f"“{kind.title}”: {found.fault}", reverse("admin:wording", args=[kind.key]))
        for kind, found in wording.broken()
    ]


def foreign_addresses(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Cohorts whose reply address was the programme's own once: MAIL_REPLY_DOMAINS does not name its domain now."""
    page, instead = "admin:cohorts_cohort_change", settings.MAIL_REPLY_TO
    return [
        Item(one.pk, f"{one.reply_address}; answers go to {instead}", reverse(page, args=[one.pk]))
        for one in cohorts
        if one.reply_address and not is_ours(one.reply_address)
    ]


RULES = [
    Rule(
        key="wording_broken",
        says="The team’s words for a message can’t be used, so it goes as it was shipped",
        action="Mend the words",
        permission="outbox.change_wording",
        find=broken_wordings,
    ),
    Rule(
        key="reply_address_foreign",
        says="The cohort’s reply address is not the programme’s own, so mail does not name it",
        action="Change the address",
        permission="cohorts.change_cohort",
        find=foreign_addresses,
    ),
]
