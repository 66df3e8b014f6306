"""Django's admin in words: pictures of yes and no, names of fields, and times as they are written elsewhere."""

import re

from django.utils.safestring import SafeString, mark_safe

_PICTURE = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*\.svg" alt="[^"]*">')
_HOUR = re.compile(r"(\d) ([ap])\.m\.")
WORDS = {"yes": "Yes", "no": '<span class="muted">No</span>', "unknown": '<span class="muted">Not known</span>'}

# Names of fields that are right in the code, and say little to who reads a page. In small letters, as fields have them.
LABELS = {
    "actor": "by whom",
    "adviser": "its adviser",
    "answered at": "answered",
    "at": "when",
    "attended": "came",
    "closed at": "closed",
    "closes at": "answers until",
    "created at": "added",
    "decided at": "decided",
    "decline reason": "why they declined",
    "done at": "done",
    "erased at": "erased",
    "format key": "format",
    "given": "agreed",
    "has package": "has a package, they said",
    "in use": "used",
    "in your own words": "goal, in their own words",
    "is member": "is a member, they said",
    "launch from": "launch",
    "left at": "left",
    "lifted at": "lifted",
    "message id": "number in the mail system",
    "next attempt at": "tried next",
    "occurrence": "which one of its kind",
    "origin": "how they came",
    "participation": "for",
    "position": "place in the order",
    "reason": "why",
    "recorded at": "recorded",
    "replied at": "replied",
    "reserve position": "on the reserve list",
    "routing": "for whom",
    "sent at": "sent",
    "sequence": "times that calendars were updated",
    "settled at": "dealt with",
    "slot": "day and time",
    "starts at": "when",
    "user": "person",
    "week of month": "week of the month",
    "where you work": "works in",
    "why it was skipped or failed": "why not sent",
    "withdrawn at": "withdrawn",
    "wording digest": "hash of the words",
}


def in_words(made: str) -> SafeString:
    """What Django made of a value, escaped already, with words for its pictures and “2:43pm” for “2:43 p.m.”."""
    said = _PICTURE.sub(lambda found: WORDS[found[1]], made)
    return mark_safe(_HOUR.sub(r"\1\2m", said))  # noqa: S308 - Django's own markup


def label(name: str) -> str:
    """The name of a field for a reader: “Person” for “User”. A capital letter stays one."""
    plain = LABELS.get(name.casefold())
    if plain is None:
        return name
    return plain[:1].upper() + plain[1:] if name[:1].isupper() else plain
