"""Mail that is derived once a month: to who leads a circle without a session, and to coordinators."""

import datetime as dt

from circles import links
from circles.emails import glossary
from circles.models import Membership
from outbox import kinds
from outbox.models import Message
from participants.models import NominationState
from participants.selectors import RoleSummary, role_summaries
from ui.dates import uk_date


def no_session_context(message: Message) -> kinds.Context:
    circle = message.about
    return {
        "first_name": message.recipient.first_name,
        "group_word": circle.cohort.format.group_word,
        "month": _month(message),
        "add_url": links.page("portal:add_session", circle.pk),
        "circle_url": links.page("portal:circle", circle.pk),
    }


def _month(message: Message) -> str:
    """The month that the message is about, “November 2026”."""
    return f"{_first_day(message):%B %Y}"


def _first_day(message: Message) -> dt.date:
    return dt.date.fromisoformat(f"{message.occurrence[:7]}-01")


def no_session_due(message: Message) -> str:
    circle, first = message.about, _first_day(message)
    leads = Membership.objects.current().filter(circle=circle, seat=Membership.LEAD_SEAT)
    if circle.closed_at or not leads.filter(enrolment__user=message.recipient_id).exists():
        return "The person does not lead the circle any more."
    planned = circle.sessions.planned().filter(starts_at__year=first.year, starts_at__month=first.month)
    return "There is a session in this month by now." if planned.exists() else ""


def digest_context(message: Message) -> kinds.Context:
    """Places in counts, and the names of those whom the coordinator waits for: they put them forward themselves."""
    participation = message.about
    roles = role_summaries(participation)
    return {
        "first_name": message.recipient.first_name,
        "organisation": participation.organisation.name,
        "cohort": participation.cohort.name,
        "places": [_places(role) for role in roles if role.agreed],
        "waiting": [n.full_name for role in roles for n in role.holding if n.state == NominationState.INVITED],
        "applied": sum(len(role.applied) for role in roles),
        "reserve": sum(len(role.reserve) for role in roles),
        "last_day": uk_date(participation.cohort.recruitment_until),
        "page_url": links.page("portal:organisation", participation.pk),
    }


def _places(role: RoleSummary) -> str:
    accepted = f", {role.accepted} of them accepted" if role.taken else ""
    return f"{role.label} places: {role.taken} of {role.agreed} used{accepted}"


def digest_due(message: Message) -> str:
    participation = message.about
    coordinating = participation.organisation.coordinators.filter(user=message.recipient_id, ended_at=None)
    if participation.withdrawn_at or not coordinating.exists():
        return "The person does not coordinate this part in the cohort any more."
    return "The cohort is closed." if participation.cohort.closed_at else ""


KINDS = [
    kinds.MessageKind(
        key="circles.no_session",
        title="No session this month",
        audience="Who leads a circle that has no session in a month in which it should meet",
        context=no_session_context,
        still_due=no_session_due,
        variables=glossary.NO_SESSION,
        required=("add_url",),
        category=kinds.Category.NUDGES,
    ),
    kinds.MessageKind(
        key="circles.coordinator_digest",
        title="Monthly summary for a coordinator",
        audience="Coordinators with free places, or with people who have not answered, while people may be put forward",
        context=digest_context,
        still_due=digest_due,
        variables=glossary.DIGEST,
        required=("page_url",),
        category=kinds.Category.DIGESTS,
    ),
]
for kind in KINDS:
    kinds.register(kind)
