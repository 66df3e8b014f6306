"""Whose an e-mail address is, and what is asked for of another one."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts import clock
from accounts.models import AddressChange, User

LASTS = dt.timedelta(hours=24)


def owner_of(address: str, *, other_than: User | None = None) -> User | None:
    """Whose address it is, be it their main one or one more that is theirs."""
    other = EmailAddress.objects.filter(email__iexact=address).values("user")
    people = User.objects.filter(Q(email__iexact=address) | Q(pk__in=other))
    return (people.exclude(pk=other_than.pk) if other_than else people).first()


def waiting(user: User) -> AddressChange | None:
    """What was asked for and can still be confirmed."""
    since = clock.now() - LASTS
    rows = AddressChange.objects.filter(user=user, created_at__gt=since, attempts__lt=AddressChange.MOST_ATTEMPTS)
    return rows.select_related("user").first()


def code_of(change: AddressChange) -> str:
    """Six digits, which only the server can work out."""
    mac = salted_hmac("accounts.address_change", f"{change.pk.hex}:{change.address}", algorithm="sha256").digest()
    return f"{int.from_bytes(mac[:8]) % 1_000_000:06}"
