"""What is written to somebody who complains about how personal data are handled: that it came, and the answer."""

from outbox import hours, kinds
from outbox.models import Message
from outbox.rendering import Markdown, Url
from privacy.complaint_models import ICO_NAME, ICO_URL, Complaint, known_to
from ui.dates import uk_date

RECEIVED, ANSWERED = "privacy.complaint_received", "privacy.complaint_answered"
ELSEWHERE = "Their address has been put right since."
WHO = "Whoever complained about how we use personal data"


def _received(message: Message) -> kinds.Context:
    """Without a word of it: nobody has proven the address, and somebody else may read the mail."""
    found = message.about
    return {"name": found.name, "number": str(found.number), "answer_by": uk_date(found.due_on), **_ico()}


def _answered(message: Message) -> kinds.Context:
    return answered_values(message.about, message.about.answer)


def answered_values(found: Complaint, answer: str) -> kinds.Context:
    """What the mail with an answer says; asked too by the page that shows it before it is sent."""
    said = {"name": found.name, "number": str(found.number), "received": uk_date(found.created_at)}
    return {**said, "answer": Markdown(answer), **_ico()}


def _ico() -> kinds.Context:
    return {"ico": ICO_NAME, "ico_url": Url(ICO_URL)}


def _still_there(message: Message) -> str:
    found = message.about
    if found is None or not found.email:
        return "Who complained has been erased."
    # What a worker had in hand when the address was put right.
    moved = message.recipient_id is None and message.address.lower() != found.reached_at.lower()
    return ELSEWHERE if moved else ""


GLOSSARY: dict[str, tuple[str, object]] = {
    "name": ("The name that they gave", "Ada Example"),
    "number": ("The number of the complaint", "12"),
    "answer_by": ("The day by which they have an answer", "Thursday 14 January 2027"),
    "received": ("The day on which it came", "Tuesday 15 December 2026"),
    "answer": ("The words of the answer", "We looked into it and put it right."),
    "ico": ("Who else hears complaints", ICO_NAME),
    "ico_url": ("Where one complains to it", ICO_URL.removeprefix("https:/")),
}
ICO = ("ico", "ico_url")
KINDS = [
    kinds.MessageKind(
        key=RECEIVED,
        title="Your complaint came",
        audience=WHO,
        context=_received,
        still_due=_still_there,
        variables=kinds.variables("name", "number", "answer_by", *ICO, of=GLOSSARY),
        required=("answer_by", "ico_url"),
        hours=hours.at_once,
        known_to=known_to,
    ),
    kinds.MessageKind(
        key=ANSWERED,
        title="Our answer to your complaint",
        audience=WHO,
        context=_answered,
        still_due=_still_there,
        variables=kinds.variables("name", "number", "received", "answer", *ICO, of=GLOSSARY),
        required=("answer", "ico_url"),
        hours=hours.at_once,
        known_to=known_to,
    ),
]
for kind in KINDS:
    kinds.register(kind)
