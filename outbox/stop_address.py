"""An address to which an empty mail means “no more of these”, for mail programs that unsubscribe by mail.

It says by a signature whose mail it stops, and which, and holds nothing that can be read. Nothing is stored for it.
"""

import base64
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import User
from outbox import preferences
from outbox.kinds import Category

PREFIX = "stop+"
MARK = 12  # bytes
CATEGORIES = sorted(Category.values)


def address(user: User, category: str) -> str:
    """In small letters, and short enough for the part before the @; blank where no domain takes mail for us."""
    if not settings.INBOUND_DOMAIN:
        return ""
    said = user.pk.bytes + bytes([CATEGORIES.index(category)])
    token = base64.b32encode(said + _mark(said, settings.SECRET_KEY)).decode().rstrip("=").lower()
    return f"{PREFIX}{token}@{settings.INBOUND_DOMAIN}"


def take(came_to: list[str]) -> bool:
    """Whether one of these is such an address; if so, its owner gets no more of that mail. Twice changes nothing."""
    for one in came_to:
        if (found := _read(one)) and (user := User.objects.today(found[0])):
            preferences.choose(user=user, category=found[1], wanted=False, how="mail")
            return True
    return False


def _read(text: str) -> tuple[UUID, str] | None:
    local, _, domain = text.strip().lower().rpartition("@")
    if not domain or domain != settings.INBOUND_DOMAIN.lower() or not local.startswith(PREFIX):
        return None
    token = local.removeprefix(PREFIX).upper()
    try:
        raw = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError:
        return None
    said, mark = raw[:-MARK], raw[-MARK:]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if len(said) != 17 or not any(hmac.compare_digest(mark, _mark(said, secret)) for secret in secrets):
        return None
    return (UUID(bytes=said[:16]), CATEGORIES[said[16]]) if said[16] < len(CATEGORIES) else None


def _mark(said: bytes, secret: str) -> bytes:
    return salted_hmac("outbox.stop_address", said, secret=secret, algorithm="sha256").digest()[:MARK]
