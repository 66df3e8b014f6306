"""What is written when somebody changes employer, and when people of an earlier cohort are asked to come again."""

from accounts import clock
from cohorts.models import Side
from outbox import kinds, services
from outbox.models import Message
from outbox.rendering import Url
from participants import links
from participants.emails import our_page
from participants.models import AskedAgain, EmployerChange, EmployerRequest
from ui.dates import uk_date

EMPLOYER_CHANGED = "participants.employer_changed"
EMPLOYER_NOT_CHANGED = "participants.employer_not_changed"
ASKED_AGAIN = "participants.asked_again"


# --- another employer -----------------------------------------------------------------------------
def tell_employer_changed(change: EmployerChange) -> None:
    services.queue(kind=EMPLOYER_CHANGED, about=change, to=change.enrolment.user)


def _employer_context(message: Message) -> kinds.Context:
    change: EmployerChange = message.about
    cohort = change.enrolment.cohort
    return {
        "first_name": message.recipient.first_name,
        "cohort": cohort.name,
        "organisation": change.after.name,
        "takes_part": cohort.participations.filter(organisation=change.after_id, withdrawn_at=None).exists(),
        "place_moved": change.place_moved,
        "account_url": our_page("portal:account"),
    }


def _employer_due(message: Message) -> str:
    change = message.about
    return "" if change.enrolment.organisation_id == change.after_id else "They have changed employer again."


EMPLOYER_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "cohort": ("The cohort’s name", "Cohort 15"),
    "organisation": ("The new employer", "Fernhill Housing"),
    "takes_part": ("Whether the new employer takes part in the cohort", True),
    "place_moved": ("Whether the person uses a place of the new employer", True),
    "account_url": ("The page on which the person chooses what is shared", "/you/"),
}
kinds.register(
    kinds.MessageKind(
        key=EMPLOYER_CHANGED,
        title="Another employer",
        audience="Somebody whose employer the team has changed",
        context=_employer_context,
        still_due=_employer_due,
        variables=kinds.variables(*EMPLOYER_GLOSSARY, of=EMPLOYER_GLOSSARY),
    )
)


def tell_employer_not_changed(asked: EmployerRequest) -> None:
    """That there is an answer, and not which: the address may be that of the employer whom they leave."""
    services.queue(kind=EMPLOYER_NOT_CHANGED, about=asked, to=asked.enrolment.user)


def _answered_context(message: Message) -> kinds.Context:
    return {"first_name": message.recipient.first_name, "answer_url": our_page("portal:employer")}


ANSWERED_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "answer_url": ("The person’s own page, on which they read the answer", "/you/employer/"),
}
kinds.register(
    kinds.MessageKind(
        key=EMPLOYER_NOT_CHANGED,
        title="An answer about your employer",
        audience="Somebody who told us of another employer, when the team does not note it",
        context=_answered_context,
        variables=kinds.variables(*ANSWERED_GLOSSARY, of=ANSWERED_GLOSSARY),
        required=("answer_url",),
    )
)


# --- another cohort -------------------------------------------------------------------------------
AGAIN_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "before": ("The cohort that they were in", "Cohort 14"),
    "cohort": ("The one that they are asked about", "Cohort 15"),
    "led": ("Whether they led a circle; otherwise they waited for a seat", False),
    "role": ("The role in which they would take part", "mentee"),
    "organisation": ("Their employer", "Fernhill Housing"),
    "takes_part": ("Whether the employer takes part already", True),
    "launch": ("The day of the launch", "Wednesday 20 October 2027"),
    "sessions": ("How many sessions there are", 6),
    "deadline": ("The last day to answer", "Friday 3 September 2027"),
    "answer_url": ("The person’s own page on which they say yes or no", "/again/abc/"),
}


def _again_context(message: Message) -> kinds.Context:
    asked: AskedAgain = message.about
    cohort, before = asked.cohort, asked.enrolment
    return {
        "first_name": message.recipient.first_name,
        "before": before.cohort.name,
        "cohort": cohort.name,
        "led": before.side == Side.LEAD,
        "role": asked.get_role_display().lower(),
        "organisation": before.organisation.name,
        "takes_part": cohort.participations.filter(organisation=before.organisation_id, withdrawn_at=None).exists(),
        "launch": uk_date(cohort.launch_from),
        "sessions": cohort.session_count,
        "deadline": uk_date(cohort.recruitment_until),
        "answer_url": Url(links.again_url(asked)),
    }


def _again_due(message: Message) -> str:
    asked: AskedAgain = message.about
    if asked.answer:
        return "They have answered already."
    if asked.cohort.closed_at or asked.cohort.recruitment_until < clock.today():
        return "The last day to answer has passed."
    return "They take part already." if asked.cohort.enrolments.filter(user=message.recipient_id).exists() else ""


kinds.register(
    kinds.MessageKind(
        key=ASKED_AGAIN,
        title="Will you take part again?",
        audience="People of earlier cohorts who waited for a seat or led a circle, when the team asks them",
        context=_again_context,
        still_due=_again_due,
        variables=kinds.variables(*AGAIN_GLOSSARY, of=AGAIN_GLOSSARY),
        required=("answer_url", "deadline"),
        category=kinds.Category.NEWS,
    )
)
