"""Makes a variable that a template of ours prints but nobody passed fail the test that renders it.

Django's own admin templates rely on undefined variables, and so do the overrides that extend them; those are let be.
"""

import sys
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.template.base import UNKNOWN_SOURCE, Node

OURS = (Path(settings.BASE_DIR, "templates"), Path(settings.BASE_DIR, "ui", "templates"))
# Overrides of other people's templates, which are written for their way with variables.
LENIENT = ("admin", "account", "mfa", "allauth", "bootstrap5")


class UndefinedVariableError(Exception):
    """A template of ours prints a variable that it was not given."""


def _template_in_use() -> str:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return str(node.origin.name)
        frame = frame.f_back
    return UNKNOWN_SOURCE


def is_ours(template: str) -> bool:
    for root in OURS:
        if Path(template).is_relative_to(root):
            return Path(template).relative_to(root).parts[0] not in LENIENT
    return False


class Undefined(str):
    """Stands for `string_if_invalid`; Django asks it for its text with the variable's name."""

    def __contains__(self, _part: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        template = _template_in_use()
        if is_ours(template):
            raise UndefinedVariableError(f"{template} prints “{variable}”, which is not defined.")
        return ""
