"""Files that were chosen and wait for somebody to say yes: encrypted in the cache for two hours, and nowhere else."""

import json
import uuid
from typing import Any

from django.core.cache import cache

from accounts.models import User
from privacy.fields import decrypt, encrypt

KEPT_SECONDS = 2 * 3600
GONE = "That file is no longer kept. Please choose it again; nothing was stored from it."


def keep(user: User, purpose: str, content: Any) -> uuid.UUID:
    """Keep what JSON can say, for this person and purpose alone; returns the key it is asked for by."""
    key = uuid.uuid4()
    cache.set(_name(user, purpose, key), encrypt(json.dumps(content)), KEPT_SECONDS)
    return key


def kept(user: User, purpose: str, key: uuid.UUID) -> Any:
    """What was kept, or None when it has gone or was never theirs."""
    found = cache.get(_name(user, purpose, key))
    return None if found is None else json.loads(decrypt(found))


def forget(user: User, purpose: str, key: uuid.UUID) -> None:
    cache.delete(_name(user, purpose, key))


def _name(user: User, purpose: str, key: uuid.UUID) -> str:
    return f"upload:{purpose}:{user.pk}:{key}"
