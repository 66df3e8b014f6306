"""What has happened to a circle since it was published, as the audit trail has it: without anybody's name."""

from collections import Counter
from typing import Any

from django.contrib.contenttypes.models import ContentType

from circles.models import Circle
from privacy.models import AuditEvent
from ui.dates import uk_date

WORDS = {
    "circle.opened": "Opened",
    "circle.closed": "Closed",
    "circle.sessions_planned": "Sessions planned",
    "circle.link_changed": "Meeting link changed",
    "circle.hand_over_written": "Hand-over note written",
}


def history_of(circle: Circle) -> list[tuple[str, str]]:
    """The day and what was done, the latest first; the same on one day is one line with its number."""
    kind = ContentType.objects.get_for_model(Circle)
    events = AuditEvent.objects.filter(content_type=kind, object_id=circle.pk).order_by("-at")
    lines = Counter((uk_date(event.at), *words_of(event.verb, event.data)) for event in events)
    return [(day, one if number == 1 else f"{number} {many}") for (day, one, many), number in lines.items()]


def words_of(verb: str, data: dict[str, Any]) -> tuple[str, str]:
    """What was done, said of one and of several: “A member joined”, “members joined”."""
    if verb in {"circle.joined", "circle.left"}:
        what, who = verb.removeprefix("circle."), "mentor" if data.get("lead") else "member"
        return f"A {who} {what}", f"{who}s {what}"
    if verb == "circle.merged":
        return f"Number {data['other']} joined it", "others joined it"
    words = f"Closed, and merged into number {data['into']}" if data.get("into") else WORDS.get(verb, verb)
    return words, f"times: {words[:1].lower()}{words[1:]}"
