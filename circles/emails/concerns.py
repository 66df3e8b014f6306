"""What is written to somebody who has told the team of a concern: that it came, that it is looked into, and no more."""

from circles.emails import glossary
from circles.selectors.concerns import known_to
from outbox import kinds
from outbox.models import Message
from ui.dates import uk_date

RECEIVED, TAKEN_UP = "circles.concern_received", "circles.concern_taken_up"


def context(message: Message) -> kinds.Context:
    return {"first_name": message.recipient.first_name, "day": uk_date(message.about.due_on)}


KINDS = [
    kinds.MessageKind(
        key=RECEIVED,
        title="Your message to the team came",
        audience="Whoever tells the team of something in confidence",
        context=context,
        variables=glossary.CONCERN,
        known_to=known_to,
    ),
    kinds.MessageKind(
        key=TAKEN_UP,
        title="Your message to the team is looked into",
        audience="Whoever told the team of something in confidence",
        context=context,
        variables=glossary.CONCERN,
        known_to=known_to,
    ),
]
for kind in KINDS:
    kinds.register(kind)
