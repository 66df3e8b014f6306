"""Words and addresses of the team that can’t be used, and words of theirs beside which others are shipped by now."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from cohorts.replies import is_ours
from content import shipped
from outbox import wording
from staff import handbook
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


def shipped_texts(user: User, cohorts: list[Cohort]) -> list[Item]:
    """Texts of pages, questions, guides and the handbook whose shipped words are others than those that staff saw."""
    found = [
        Item(None, f"{kind.capitalize()}: “{title}”", reverse("admin:shipped_text", args=[kind, pk]))
        for kind, pk, title in shipped.changed_since()
    ]
    pages = [(one, reverse("admin:handbook_change", args=[one.slug])) for one in handbook.changed_since()]
    return found + [Item(None, f"Handbook: “{one.title}”", page, about=one.slug) for one, page in pages]


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
    Rule(
        key="shipped_text_new",
        says="The shipped text has changed since, and yours is shown",
        action="Compare, and take it or keep yours",
        permission="staff.change_handbooktext",
        find=shipped_texts,
    ),
]
