"""Files of personal data and acts on many people, in words, as the team's front page lists those of the last days."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin import site

from accounts.models import User
from privacy import purposes
from privacy.models import EXPORTED, AuditEvent, Why
from staff import attention
from ui.admin_words import label

SHOWN = 10
MAY_READ = "privacy.view_auditevent"


@dataclass(frozen=True)
class Line:
    """Who did what, what for and when."""

    who: str
    what: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Lately:
    """The newest lines, and how many more there are."""

    lines: list[Line]
    more: int


def lately(user: User) -> Lately | None:
    """Of the last days; None for who may not read the trail. One query."""
    if not user.has_perm(MAY_READ):
        return None
    found = purposes.lately(user)
    return Lately([_line(event) for event in found[:SHOWN]], max(len(found) - SHOWN, 0))


def _line(event: AuditEvent) -> Line:
    return Line(str(event.actor), _what(event), _why(event), event.at)


def _what(event: AuditEvent) -> str:
    """“A file of 214 rows: nominations”, “Send again: 40, messages”."""
    said, of = event.data, _list_name(str(event.data.get("list", "")))
    rows = said.get("rows", 0)
    if event.verb == EXPORTED:
        return f"A file of {rows:,} {'row' if rows == 1 else 'rows'}: {of}"
    return f"{said.get('act', 'An act')}: {rows:,} {of}"


def _list_name(key: str) -> str:
    """“nominations”; of what a rule of the front page finds, what the rule says."""
    start, _, name = key.partition(".")
    if start == "attention" and (rule := attention.by_key(name)):
        return f"“{rule.says}”"
    known = {model._meta.label_lower: model._meta for model in site._registry}
    if key in known:
        return label(str(known[key].verbose_name_plural))
    return OTHER_NAMES.get(key, "people")


OTHER_NAMES = {"circles.announcement": "people of a cohort", "organisations.coordinator": "coordinators"}


def _why(event: AuditEvent) -> str:
    why = str(event.data.get("purpose", ""))
    return str(event.data.get("words", "")) if why == Why.OTHER else dict(Why.choices).get(why, "")
