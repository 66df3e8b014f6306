"""What staff write to some of a cohort's people."""

from circles.emails import glossary
from outbox import kinds
from outbox.models import Message
from outbox.rendering import Markdown
from participants.models import EnrolmentState

ANNOUNCEMENT = "circles.announcement"
# The beginning of the occurrence of one that somebody of the team sends to themselves.
TEST = "test"


def context(message: Message) -> kinds.Context:
    announcement = message.about
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "cohort": announcement.cohort.name,
        "subject": announcement.subject,
        "text": Markdown(announcement.text),
    }


def still_due(message: Message) -> str:
    """Due to whoever is still in the cohort, or still coordinates an organisation of it; a test always is."""
    if message.occurrence.startswith(TEST) or message.recipient is None:
        return ""
    cohort = message.about.cohort_id
    if message.recipient.enrolments.filter(cohort=cohort).exclude(state=EnrolmentState.WITHDRAWN).exists():
        return ""
    held = message.recipient.coordinations.filter(ended_at=None, organisation__participations__cohort=cohort)
    return "" if held.exists() else "The person has left the cohort."


kinds.register(
    kinds.MessageKind(
        key=ANNOUNCEMENT,
        title="A message from the team",
        audience="Those of a cohort whom staff chose when they wrote it",
        context=context,
        still_due=still_due,
        variables=glossary.ANNOUNCEMENT,
        required=("text",),
        category=kinds.Category.NEWS,
    )
)
