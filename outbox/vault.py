"""Secrets of messages on their way: encrypted in the cache for ten minutes, never in the database."""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.core.cache import cache

from privacy.fields import decrypt, encrypt

SECONDS = 600


def put(key: object, secret: dict[str, Any]) -> None:
    cache.set(f"vault:{key}", encrypt(json.dumps(secret)), SECONDS)


def take(key: object) -> dict[str, Any] | None:
    """The secret, or None once it has expired."""
    kept = cache.get(f"vault:{key}")
    return json.loads(decrypt(kept)) if kept else None


def digest(address: str) -> str:
    """A key for an address that can't be read back, not even by trying addresses, without the server's own secret."""
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
