"""How often one visitor may send a public form."""

import logging

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger("comc.limits")


def _key(request: HttpRequest, what: str) -> str:
    """Names the visitor by a keyed hash: the address itself is stored nowhere."""
    address = get_adapter().get_client_ip(request)
    return f"limit:{what}:{salted_hmac('portal.limits', address).hexdigest()}"


def within_limit(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one act of this visitor; False once there were more than `most` in this many seconds.

    Without a cache everybody is let through: a lost registration is worse than some spam.
    """
    key = _key(request, what)
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= most
    except ValueError:
        return True  # the count ran out between the two lines
    except RedisError:
        logger.warning("The cache is down: %s is not limited.", what)
        return True
