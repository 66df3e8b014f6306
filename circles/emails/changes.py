"""Messages about changes after publication. None of them names who has left, or says why."""

from django.db.models import QuerySet

from circles import links
from circles.emails import glossary
from circles.emails.formation import placed_context, placed_due
from circles.models import Membership
from circles.selectors.people import lead_named, roster
from outbox import kinds
from outbox.models import Message
from participants.models import EnrolmentState


def circle_context(message: Message) -> kinds.Context:
    """For who stays in a circle: it as it is now. The message is about a seat that somebody has just taken."""
    circle = message.about.circle
    people = roster(circle, message.recipient)
    return {
        "first_name": message.recipient.first_name,
        "group_word": circle.cohort.format.group_word,
        "cohort": circle.cohort.name,
        "leads": any(one.is_lead and one.is_you for one in people),
        "lead": lead_named(people),
        "members": len([one for one in people if not one.is_lead]),
        "circle_url": links.page("portal:circle", circle.pk),
    }


def _is_in_it(message: Message) -> bool:
    seats = Membership.objects.current().filter(circle=message.about.circle_id)
    return seats.filter(enrolment__user=message.recipient_id).exists()


def circle_due(message: Message) -> str:
    if not _is_in_it(message):
        return "The person is not in the circle any more."
    return "" if message.about.left_at is None else "Who joined has left since."


def no_lead_due(message: Message) -> str:
    seat = message.about
    if seat.left_at is not None:
        return "The person is not in the circle any more."
    led = seat.circle.memberships.current().filter(seat=Membership.LEAD_SEAT)
    return "Somebody leads the circle by now." if led.exists() else ""


def member_left_due(message: Message) -> str:
    """About the seat that was left."""
    if not _is_in_it(message):
        return "The person is not in the circle any more."
    left = message.about
    seats = Membership.objects.current().filter(circle=left.circle_id)
    if seats.filter(enrolment=left.enrolment_id).exists():
        return "Who left has come back."
    return "Somebody has joined since, which is told by itself." if _joined_since(seats, left) else ""


def _joined_since(seats: QuerySet[Membership], left: Membership) -> bool:
    return left.left_at is not None and seats.filter(created_at__gt=left.left_at).exists()


def unseated_context(message: Message) -> kinds.Context:
    seat = message.about
    form = seat.circle.cohort.format
    return {
        "first_name": message.recipient.first_name,
        "group_word": form.group_word,
        "cohort": seat.circle.cohort.name,
        "leads": seat.is_lead,
        "ends": seat.circle.closed_at is not None,
        "home_url": links.page("portal:home"),
    }


def unseated_due(message: Message) -> str:
    enrolment = message.about.enrolment
    if enrolment.state != EnrolmentState.ENROLLED:
        return "The person has left since."
    return "The person has a seat by now." if enrolment.memberships.current().exists() else ""


KINDS = [
    kinds.MessageKind(
        key="circles.moved",
        title="You have moved to another circle",
        audience="Members who are given a seat in another circle after publication",
        context=placed_context,
        still_due=placed_due,
        variables=glossary.PLACED,
        required=("circle_url",),
    ),
    kinds.MessageKind(
        key="circles.new_lead",
        title="Your circle has a new mentor",
        audience="The members of a circle that somebody else leads from now on",
        context=circle_context,
        still_due=circle_due,
        variables=glossary.CIRCLE,
    ),
    kinds.MessageKind(
        key="circles.no_lead",
        title="Your circle has no mentor for now",
        audience="The members of a circle whose mentor has left, while nobody leads it",
        context=circle_context,
        still_due=no_lead_due,
        variables=glossary.CIRCLE,
        required=("circle_url",),
    ),
    kinds.MessageKind(
        key="circles.grown",
        title="Others join your circle",
        audience="Who leads a circle that somebody joins; everybody in one that another is merged into",
        context=circle_context,
        still_due=circle_due,
        variables=glossary.CIRCLE,
    ),
    kinds.MessageKind(
        key="circles.member_left",
        title="Somebody has left your circle",
        audience="Those who stay in a circle that a member leaves, whose seat nobody takes at once",
        context=circle_context,
        still_due=member_left_due,
        variables=glossary.CIRCLE,
        required=("circle_url",),
    ),
    kinds.MessageKind(
        key="circles.unseated",
        title="You have no circle at the moment",
        audience="Those who leave their circle and wait for a seat, and mentors who are in reserve again",
        context=unseated_context,
        still_due=unseated_due,
        variables=glossary.UNSEATED,
    ),
]
for kind in KINDS:
    kinds.register(kind)
