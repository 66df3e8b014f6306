"""The copy of a notice that goes to everybody else in the circle."""

from circles import links
from circles.emails import glossary
from circles.models import Membership
from circles.selectors.people import name_for
from outbox import kinds
from outbox.models import Message

NOTICE = "circles.notice"


def context(message: Message) -> kinds.Context:
    notice = message.about
    return {
        "first_name": message.recipient.first_name,
        "group_word": notice.circle.cohort.format.group_word,
        "writer": name_for(notice.written_by, notice.circle, message.recipient),
        "notice": notice.text,
        "board_url": links.page("portal:notices", notice.circle_id),
    }


def still_due(message: Message) -> str:
    if message.about.taken_down_at is not None:
        return "It was taken down."
    seats = Membership.objects.current().filter(circle=message.about.circle_id, enrolment__user=message.recipient_id)
    return "" if seats.exists() else "The person is not in the circle any more."


kinds.register(
    kinds.MessageKind(
        key=NOTICE,
        title="A notice in the circle",
        audience="Everybody in the circle but who wrote it",
        context=context,
        still_due=still_due,
        variables=glossary.NOTICE,
        required=("notice", "board_url"),
        category=kinds.Category.CIRCLE,
    )
)
