"""Messages about polls. That a date is chosen the invitation tells, and why the team chose it."""

from circles import links
from circles.emails import glossary
from circles.models import Membership, PollAnswer
from outbox import kinds
from outbox.models import Message
from participants.models import Enrolment
from ui.dates import uk_datetime


def poll_context(message: Message) -> kinds.Context:
    poll = message.about
    enrolment = Enrolment.objects.get(cohort=poll.circle.cohort_id, user=message.recipient_id)
    dates = [uk_datetime(one.starts_at) for one in poll.dates.all()]
    return {
        "first_name": message.recipient.first_name,
        "group_word": poll.circle.cohort.format.group_word,
        "number": poll.session.number if poll.session else 0,
        "dates": "\n\n".join(dates),
        "until": uk_datetime(poll.closes_at),
        "poll_url": links.page("portal:poll_by_link", links.token(poll, enrolment)),
    }


def poll_due(message: Message) -> str:
    if not message.about.is_open:
        return "It can’t be answered any more."
    seats = Membership.objects.current().filter(circle=message.about.circle_id)
    if not seats.filter(enrolment__user=message.recipient_id).exists():
        return "The person is not in the circle any more."
    return ""


def poll_reminder_due(message: Message) -> str:
    answers = PollAnswer.objects.filter(date__poll=message.object_id, enrolment__user=message.recipient_id)
    return poll_due(message) or ("They have answered since." if answers.exists() else "")


def ended_context(message: Message) -> kinds.Context:
    poll = message.about
    chosen = poll.dates.filter(chosen=True).first()
    session = poll.session
    return {
        "first_name": message.recipient.first_name,
        "group_word": poll.circle.cohort.format.group_word,
        "number": session.number if session else 0,
        "outcome": message.occurrence,
        "because": poll.because,
        "when": uk_datetime(session.starts_at) if session else uk_datetime(chosen.starts_at) if chosen else "",
        "circle_url": links.page("portal:circle", poll.circle_id),
    }


def ended_due(message: Message) -> str:
    if message.occurrence == "taken":  # written before the invitation itself said why
        return "The invitation to the date that was chosen tells it."
    seats = Membership.objects.current().filter(circle=message.about.circle_id)
    gone = not seats.filter(enrolment__user=message.recipient_id).exists()
    return "The person is not in the circle any more." if gone else ""


KINDS = [
    kinds.MessageKind(
        key="circles.poll_opened",
        title="Which date suits?",
        audience="Everybody in the circle but who asks",
        context=poll_context,
        still_due=poll_due,
        variables=glossary.POLL,
        required=("poll_url",),
    ),
    kinds.MessageKind(
        key="circles.poll_ended",
        title="What became of the proposed dates",
        audience="Everybody in the circle but who decides, where no invitation tells it",
        context=ended_context,
        still_due=ended_due,
        variables=glossary.POLL_ENDED,
        required=("circle_url",),
    ),
    kinds.MessageKind(
        key="circles.poll_reminder",
        title="Reminder: which date suits?",
        audience="Those in the circle who have not answered, two days before it closes",
        context=poll_context,
        still_due=poll_reminder_due,
        variables=glossary.POLL,
        required=("poll_url",),
        category=kinds.Category.NUDGES,
    ),
]
for kind in KINDS:
    kinds.register(kind)
