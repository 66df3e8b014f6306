"""`{% url %}` and `reverse`, for pages with dozens of links that differ in a key only.

Django tries the patterns of a name again for each link. Here the address is found once for each name and sort of
values, with marks in their places; afterwards only the values are put in. Keys and numbers alone: what any text becomes
in an address, and whether it may stand there at all, is left to Django.
"""

import functools
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf
from django.urls import reverse as find
from django.utils.html import conditional_escape

_MARKS: dict[type, Callable[[], Any]] = {uuid.UUID: uuid.uuid4, int: lambda: 10**9 + secrets.randbelow(10**9)}


def reverse(name: str, *values: uuid.UUID | int) -> str:
    """The address of a view; `NoReverseMatch` as Django raises it."""
    if not all(type(one) is uuid.UUID or (type(one) is int and one >= 0) for one in values):
        return find(name, args=values)
    parts = _parts(get_urlconf(), get_script_prefix(), name, tuple(map(type, values)))
    return parts[0] + "".join(f"{value}{after}" for value, after in zip(values, parts[1:], strict=True))


@functools.lru_cache(maxsize=2_000)
def _parts(urlconf: Any, prefix: str, name: str, kinds: tuple[type, ...]) -> list[str]:
    """What stands in an address before, between and after its values."""
    marks = [_MARKS[kind]() for kind in kinds]
    left, parts = find(name, args=marks), []
    for mark in marks:
        before, left = left.split(str(mark))
        parts.append(before)
    return [*parts, left]


class FastURLNode(URLNode):
    """Django's own node for whatever is not a plain name with values in their order."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return super().render(context)
        try:
            found = reverse(self.view_name.resolve(context), *(one.resolve(context) for one in self.args))
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar is None:
            return conditional_escape(found)
        context[self.asvar] = found
        return ""


def compile_url(parser: Parser, token: Token) -> FastURLNode:
    node = parse_url(parser, token)
    return FastURLNode(node.view_name, node.args, node.kwargs, node.asvar)
