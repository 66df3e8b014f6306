"""What this app and the accounts below it hold about a person."""

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import AddressChange, User
from privacy import registry
from privacy.erasure import ERASED_DOMAIN
from privacy.models import ConsentEvent, Erasure
from privacy.registry import Entry, Holding


def export_account(user: User) -> list[Entry]:
    return [
        {
            "First name": user.first_name,
            "Last name": user.last_name,
            "E-mail address": user.email,
            "Account made on": user.created_at,
            "Last signed in on": user.last_login,
        }
    ]


def export_consents(user: User) -> list[Entry]:
    """With what they said while they had another account: its rows can't be moved."""
    accounts = [user.pk, *user.merged.values_list("pk", flat=True)]
    events = ConsentEvent.objects.filter(user__in=accounts).select_related("wording").order_by("at")
    return [
        {"Asked": event.wording.text, "Agreed": event.given, "When": event.at, "Where": event.how} for event in events
    ]


def export_erasures(user: User) -> list[Entry]:
    return [
        {"Asked on": one.asked_at, "To be answered by": one.due_on, "State": one.get_outcome_display(),
         "Why not": one.why_refused}
        for one in user.erasures.order_by("asked_at")
    ]  # fmt: skip


def export_address_change(user: User) -> list[Entry]:
    rows = AddressChange.objects.filter(user=user)
    return [{"New address, not confirmed yet": one.address, "Asked for on": one.created_at} for one in rows]


def erase_address_change(user: User) -> int:
    return AddressChange.objects.filter(user=user).delete()[0]


def in_use(since: dt.datetime) -> QuerySet:
    """Accounts of the team, new ones, ones with which somebody signs in, and ones that were merged into such."""
    used = Q(is_active=True, is_staff=True) | Q(is_superuser=True) | Q(created_at__gt=since) | Q(last_login__gt=since)
    kept = ~Q(merged_into=None) & ~Q(merged_into__email__endswith=f"@{ERASED_DOMAIN}")
    return User.objects.filter(used | kept).values("pk")


def asking_to_be_erased(since: dt.datetime) -> QuerySet:
    """They wait for an answer, and are told of it."""
    return Erasure.objects.open().values("user")


def register() -> None:
    registry.need("accounts", in_use)
    registry.need("erasures", asking_to_be_erased)
    registry.register(
        Holding(
            key="erasures",
            title="That you asked to be erased",
            export=export_erasures,
            kept_because="We must be able to show that we answered, and whom a backup must not bring back.",
            position=80,
        )
    )
    registry.register(
        Holding(
            key="address_change",
            title="Another address that you asked for",
            export=export_address_change,
            erase=erase_address_change,
            position=10,
        )
    )
    registry.register(
        Holding(
            key="account",
            title="Your account",
            export=export_account,
            kept_because="Your account lasts as long as your part in the programme; ask us to close it.",
            position=90,
        )
    )
    registry.register(
        Holding(
            key="consents",
            title="What you agreed to",
            export=export_consents,
            kept_because="We must be able to show what you agreed to and when you withdrew it.",
            position=80,
        )
    )
