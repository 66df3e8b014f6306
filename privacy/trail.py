"""A line of the audit trail in words: what was done, and what is written of it."""

import re
from typing import Any

from django.db import models
from django.utils.text import capfirst

from privacy.models import AuditEvent, Why

# Those that don't read as English when their parts are put side by side; every other verb does.
WORDS = {
    "account.copied": "Copied what we hold about them",
    "calendar_link.ended": "Ended the private address of their calendar",
    "calendar_link.made": "Made a private address of their calendar",
    "calendar_wording.discreet": "Chose how their calendar words things",
    "cohort.figures_released_again": "Figures released again",
    "cohort.forgotten": "Forgotten what the cohort left behind",
    "cohort.load_undone": "Loading undone",
    "cohort.loaded": "Loaded from a file",
    "cohort.plans_taken": "Took over the plans of another cohort",
    "cohort.prepared": "Ceremonies, reminders and surveys made",
    "complaint.answered": "Complaint answered",
    "complaint.done_written": "What was done about the complaint written down",
    "complaint.looked_into": "Complaint looked into",
    "coordinator.ended": "Stopped coordinating",
    "complaint.readdressed": "Written again to whoever complained",
    "coordinator.handed_over": "Coordination handed over",
    "coordinator.taken_back": "Invitation to coordinate taken back",
    "demand.recorded": "Asked to take part",
    "enrolment.access_needs_changed": "Changed what they need to take part",
    "enrolment.access_needs_seen": "Looked at their access needs",
    "enrolment.answered_again": "Enrolment answers given again",
    "enrolment.asked_again": "Asked to take part again",
    "enrolment.completed": "Programme completed",
    "enrolment.dates_changed": "Dates that don’t work changed",
    "enrolment.enrolled": "Enrolled",
    "enrolment.leaving_asked": "Asked to leave",
    "enrolment.leaving_taken_back": "No longer asks to leave",
    "enrolment.started": "Nomination accepted, enrolment begun",
    "enrolment.withdrawn": "Withdrawn from the cohort",
    "erasure.asked": "Erasure asked for",
    "erasure.taken_back": "Erasure no longer asked for",
    "formation.done": "Forming circles finished",
    "formation.dropped": "Draft of circles thrown away",
    "formation.kept_apart": "Two people kept apart",
    "formation.let_together": "Two people no longer kept apart",
    "formation.moved": "Somebody moved in the draft",
    "formation.started": "Forming circles started",
    "formation.stopped": "Forming circles stopped",
    "formation.taken_up": "Draft taken up",
    "formation.undone": "Last step of the draft undone",
    "list.exported": "List downloaded",
    "list.imported": "File taken in",
    "mail.wanted": "Chose which mail they want",
    "message.retried": "Message sent again",
    "nomination.address_corrected": "Address of somebody put forward corrected",
    "nomination.holds_again": "Nomination holds again",
    "nomination.made": "Put forward",
    "nomination.reordered": "Moved on the reserve list",
    "nominations.copied": "Copied the list of people put forward",
    "note.sent": "Note sent to the team",
    "people.acted_on": "Acted on many people at once",
    "person.address_asked": "Confirming a new e-mail address asked for",
    "person.address_changed": "E-mail address changed",
    "person.erased": "Erased",
    "person.forgotten": "Forgotten, since nothing needs the account any more",
    "person.merged": "Another account of theirs merged into this one",
    "poll.answered": "Proposed dates answered",
    "session.kept_on_closed_day": "Session kept on a closed day",
    "session.replied": "Said whether they come",
    "shared_goal.added": "Goal of the circle added",
    "shared_goal.changed": "Goal of the circle changed",
    "shared_goal.reached": "Goal of the circle reached",
    "shared_goal.taken_away": "Goal of the circle taken away",
    "user.added": "Person added",
    "user.changed": "Person changed",
}
ROW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}")


def said(event: AuditEvent) -> str:
    """“Nomination withdrawn”, “Session moved”."""
    return WORDS.get(event.verb) or said_of(event.verb, event.content_type.model_class())


def said_of(verb: str, model: type[models.Model] | None = None) -> str:
    """A verb in words; `model` is what it was done to, and gives its own name to the verbs that begin with it."""
    if verb in WORDS:
        return WORDS[verb]
    noun, _, act = verb.partition(".")
    if model is not None and noun == model._meta.model_name:
        noun = str(model._meta.verbose_name)
    return capfirst(f"{noun} {act}".replace("_", " ").strip())


def details(event: AuditEvent) -> list[str]:
    """“Fields: name, sector”. Keys of rows, which say nothing to a reader, are left out, and so is what is empty."""
    found = ((capfirst(key.replace("_", " ")), _value(_said(key, value))) for key, value in event.data.items())
    return [f"{key}: {value}" for key, value in found if value]


def _said(key: str, value: Any) -> Any:
    """A purpose in the words in which it was chosen."""
    return dict(Why.choices).get(value, value) if key == "purpose" and isinstance(value, str) else value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_value, value)))
    if isinstance(value, dict):
        return ", ".join(f"{str(key).replace('_', ' ')} {_value(one)}" for key, one in value.items() if _value(one))
    text = "" if value is None else str(value)
    return "" if ROW.fullmatch(text) else text.replace("_", " ")
