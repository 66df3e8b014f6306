"""Messages about being placed in a circle, waiting and leaving. Subjects are neutral: colleagues may see them."""

from circles import links
from circles.emails import glossary
from circles.models import Membership, ProposedSeat
from circles.selectors.formation import BY_HAND
from circles.selectors.leavers import UNDO_WITHIN, withdrawal_of
from circles.selectors.people import lead_named, roster
from outbox import kinds
from outbox.models import Message
from participants.models import Enrolment, EnrolmentState
from ui.dates import uk_datetime

NO_SEAT_FITS = "We looked at every group by hand and found no seat that would suit you well."
NOT_IN_PROPOSAL = "Your enrolment was finished after the groups had been formed."


def _first_session(seat: Membership) -> str:
    session = seat.circle.sessions.upcoming().order_by("starts_at").first()
    return uk_datetime(session.starts_at) if session else ""


def placed_context(message: Message) -> kinds.Context:
    seat = message.about
    form, people = seat.circle.cohort.format, roster(seat.circle, message.recipient)
    return {
        "first_name": message.recipient.first_name,
        "group_word": form.group_word,
        "cohort": seat.circle.cohort.name,
        "leads": seat.is_lead,
        "pair": form.is_pair,
        "lead": lead_named(people),
        "members": len([one for one in people if not one.is_lead]),
        "first_session": _first_session(seat),
        "circle_url": links.page("portal:circle", seat.circle_id),
        "hand_over_url": links.page("portal:hand_over", seat.circle_id) if _finds_a_note(seat) else "",
    }


def _finds_a_note(seat: Membership) -> bool:
    """Whether who led the circle before has left something for its new lead to read."""
    return seat.is_lead and bool(seat.circle.hand_over)


def placed_due(message: Message) -> str:
    return "" if message.about.left_at is None else "The person has left since."


def _reason(enrolment: Enrolment) -> str:
    """Why somebody waits, in words for them."""
    seat = ProposedSeat.objects.filter(enrolment=enrolment, run__state="published").first()
    if seat is None:
        return NOT_IN_PROPOSAL
    return NO_SEAT_FITS if seat.reason in {"", BY_HAND} else seat.reason


def waiting_context(message: Message) -> kinds.Context:
    enrolment = message.about
    return {
        "first_name": message.recipient.first_name,
        "group_word": enrolment.cohort.format.group_word,
        "cohort": enrolment.cohort.name,
        "leads": enrolment.side == "lead",
        "reason": _reason(enrolment),
        "home_url": links.page("portal:home"),
    }


def waiting_due(message: Message) -> str:
    enrolment = message.about
    if enrolment.state != EnrolmentState.ENROLLED:
        return "The person has left since."
    return "The person has a seat by now." if enrolment.memberships.current().exists() else ""


def back_context(message: Message) -> kinds.Context:
    """About the seat that somebody has again."""
    seat = message.about
    return {
        "first_name": message.recipient.first_name,
        "group_word": seat.circle.cohort.format.group_word,
        "cohort": seat.circle.cohort.name,
        "leads": seat.is_lead,
        "first_session": _first_session(seat),
        "circle_url": links.page("portal:circle", seat.circle_id),
    }


def left_context(message: Message) -> kinds.Context:
    enrolment = message.about
    change = withdrawal_of(enrolment)
    return {
        "first_name": message.recipient.first_name,
        "cohort": enrolment.cohort.name,
        "by_themselves": change is not None and change.by_id == enrolment.user_id,
        "back_until": uk_datetime(change.created_at + UNDO_WITHIN) if change else "",
        "part_url": links.page("portal:enrolment", enrolment.pk),
    }


def left_due(message: Message) -> str:
    withdrawn = message.about.state == EnrolmentState.WITHDRAWN
    return "" if withdrawn else "The withdrawal was undone before they were told."


def returned_context(message: Message) -> kinds.Context:
    enrolment = message.about
    seat = enrolment.memberships.current().select_related("circle__cohort__format").first()
    return {
        "first_name": message.recipient.first_name,
        "group_word": enrolment.cohort.format.group_word,
        "cohort": enrolment.cohort.name,
        "seated": seat is not None,
        "leads": seat is not None and seat.is_lead,
        "first_session": _first_session(seat) if seat else "",
        "circle_url": links.page("portal:circle", seat.circle_id) if seat else "",
        "home_url": links.page("portal:home"),
    }


def returned_due(message: Message) -> str:
    withdrawn = message.about.state == EnrolmentState.WITHDRAWN
    return "The person has left again." if withdrawn else ""


kinds.register(
    kinds.MessageKind(
        key="circles.placed",
        title="Your circle",
        audience="Everybody who has a seat, when circles are published or they join later",
        context=placed_context,
        still_due=placed_due,
        variables=glossary.PLACED,
        required=("circle_url",),
    )
)
kinds.register(
    kinds.MessageKind(
        key="circles.waiting",
        title="No seat yet",
        audience="Those who enrolled and have no seat when circles are published",
        context=waiting_context,
        still_due=waiting_due,
        variables=glossary.WAITING,
    )
)
kinds.register(
    kinds.MessageKind(
        key="circles.left",
        title="You have left the programme",
        audience="Those who have left, or were withdrawn",
        context=left_context,
        still_due=left_due,
        variables=glossary.LEFT,
    )
)
kinds.register(
    kinds.MessageKind(
        key="circles.returned",
        title="You are back in the programme",
        audience="Those whose withdrawal was undone",
        context=returned_context,
        still_due=returned_due,
        variables=glossary.RETURNED,
    )
)
kinds.register(
    kinds.MessageKind(
        key="circles.move_undone",
        title="You are back in your circle",
        audience="Those whose move to another circle was undone",
        context=back_context,
        still_due=placed_due,
        variables=glossary.MOVE_UNDONE,
        required=("circle_url",),
    )
)
