"""Each person's own address for the answers that their calendar sends: it says, by a signature, whose they are."""

import base64
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User

PREFIX = "reply+"
MARK = 12  # bytes


def reply_address(user: User) -> str:
    """Where a person's calendar sends its answers; blank where no domain takes mail for us.

    In small letters, and short enough for the part of an address before the @: some servers change both.
    """
    if not settings.INBOUND_DOMAIN:
        return ""
    token = base64.b32encode(user.pk.bytes + _mark(user.pk, settings.SECRET_KEY)).decode().rstrip("=").lower()
    return f"{PREFIX}{token}@{settings.INBOUND_DOMAIN}"


def owner_of(address: str) -> UUID | None:
    """The key of the user whose address this is; None for one that we did not make."""
    local, _, domain = address.strip().lower().rpartition("@")
    if domain != settings.INBOUND_DOMAIN.lower() or not local.startswith(PREFIX):
        return None
    token = local.removeprefix(PREFIX).upper()
    try:
        raw = base64.b32decode(token + "=" * (-len(token) % 8))
        key, mark = UUID(bytes=raw[:-MARK]), raw[-MARK:]
    except ValueError:
        return None
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return key if any(hmac.compare_digest(mark, _mark(key, secret)) for secret in secrets) else None


def _mark(key: UUID, secret: str) -> bytes:
    return salted_hmac("circles.addresses", key.bytes, secret=secret, algorithm="sha256").digest()[:MARK]
