"""The addresses of our pages, as mails name them."""

import re
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from outbox.markup import Url

# What goes into an address as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_:-]+")
_STAND_IN = {str: "stand-in", UUID: UUID(int=0)}


def page(name: str, *args: object) -> Url:
    """The full address of a page. Django is asked once for each page, and not once for each person."""
    if len(args) == 1 and type(args[0]) in _STAND_IN and _PLAIN.fullmatch(text := str(args[0])):
        before, after = _around(name, type(args[0]))
        return Url(f"{settings.BASE_URL}{before}{text}{after}")
    return Url(settings.BASE_URL + reverse(name, args=args))


@lru_cache(maxsize=128)
def _around(name: str, kind: type) -> tuple[str, str]:
    """What stands before and after the one part of the page's path that differs."""
    before, _, after = reverse(name, args=[_STAND_IN[kind]]).rpartition(str(_STAND_IN[kind]))
    return before, after
