"""Django's admin in words: pictures of yes and no, names of fields, and times as they are written elsewhere."""

import re

from django.utils.safestring import SafeString, mark_safe

_PICTURE = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)[^"]*\.svg" alt="[^"]*">')
_HOUR = re.compile(r"(\d) ([ap])\.m\.")
WORDS = {"yes": "Yes", "no": '<span class="muted">No</span>', "unknown": '<span class="muted">Not known</span>'}

# Names of fields and models that are right in the code, and say little to who reads a page; in small letters, as
# Django has them.
LABELS = {
    "actor": "by whom",
    "audit event": "line of the audit trail",
    "audit events": "audit trail",
    "anchors": "words of the answers",
    "answered at": "answered",
    "at": "when",
    "attended": "came",
    "closed at": "closed",
    "closes at": "answers until",
    "consent event": "consent",
    "consent events": "consents",
    "consent wording": "words of a consent",
    "consent wordings": "words of consents",
    "created at": "added",
    "decided at": "decided",
    "decline reason": "why they declined",
    "done at": "done",
    "erased at": "erased",
    "event replies": "replies to ceremonies and masterclasses",
    "format key": "format",
    "given": "agreed",
    "has package": "has a package, they said",
    "in use": "used",
    "in your own words": "goal, in their own words",
    "is member": "is a member, they said",
    "launch from": "launch",
    "left at": "left",
    "lifted at": "lifted",
    "min items": "answers needed for a score",
    "message id": "number in the mail system",
    "next attempt at": "tried next",
    "occurrence": "which one of its kind",
    "onboarding dones": "what they ticked off before the first session",
    "onboarding item": "step before the first session",
    "onboarding items": "steps before the first session",
    "origin": "how they came",
    "participation": "for",
    "position": "place in the order",
    "proposed seats": "seats in drafts of circles",
    "reason": "why",
    "recorded at": "recorded",
    "replied at": "replied",
    "reserve position": "on the reserve list",
    "routing": "for whom",
    "scale max": "highest score",
    "scale min": "lowest score",
    "sent at": "sent",
    "sequence": "times that calendars were updated",
    "settled at": "dealt with",
    "slot": "day and time",
    "snapshot": "released figures",
    "snapshots": "released figures",
    "suppression": "address that mail does not reach",
    "suppressions": "addresses that mail does not reach",
    "survey parts": "scales, a page each",
    "threshold outside": "smallest group shown outside",
    "threshold team": "smallest group shown to the team",
    "starts at": "when",
    "user": "person",
    "week of month": "week of the month",
    "where you work": "works in",
    "why it was skipped or failed": "why not sent",
    "withdrawn at": "withdrawn",
    "wave": "when it is asked",
    "wording digest": "hash of the words",
}


def in_words(made: str) -> SafeString:
    """What Django made of a value, escaped already, with words for its pictures and “2:43pm” for “2:43 p.m.”."""
    said = _PICTURE.sub(lambda found: WORDS[found[1]], made)
    return mark_safe(_HOUR.sub(r"\1\2m", said))  # noqa: S308 - Django's own markup


def label(name: str) -> str:
    """The name of a field or model for a reader: “Person” for “User”. A capital letter stays one."""
    plain = LABELS.get(name.casefold())
    if plain is None:
        return name
    return plain[:1].upper() + plain[1:] if name[:1].isupper() else plain
