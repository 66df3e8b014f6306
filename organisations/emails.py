"""Kinds of message that this app sends."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import clock
from cohorts.models import Cohort, Role
from organisations import links
from organisations.models import CoordinatorInvitation, Demand, Interest, Participation
from organisations.routing import REPLY_WITHIN, working_days_after
from organisations.selectors import RENEWAL, agreed_places
from outbox import hours, kinds
from outbox.models import Message
from outbox.rendering import Url
from ui.dates import date_range, uk_date

# How long a colleague who is asked to coordinate may take to answer.
OPEN_FOR = dt.timedelta(days=30)
COORDINATOR_ASKED = "organisations.coordinator_asked"
COORDINATOR_ANSWERED = "organisations.coordinator_answered"
# Who answers, as the contact reads it.
ANSWERED_BY = {
    Interest.Routing.INCLUSION_ADVISER: "your Inclusion Adviser",
    Interest.Routing.RELATIONSHIP_MANAGER: "your Relationship Manager",
    Interest.Routing.ADVISORY_TEAM: "our advisory team",
}


def _address(name: str, *args: Any) -> Url:
    return Url(settings.BASE_URL + reverse(name, args=args))


def _received(message: Message) -> kinds.Context:
    """Without the contact's own message: nobody has proven the address, and we send strangers no texts of strangers."""
    interest: Interest = message.about
    answer_by = working_days_after(clock.local(interest.created_at).date(), REPLY_WITHIN)
    return {
        "contact_name": interest.contact_name,
        "organisation": interest.organisation_as_written,
        "is_registration": interest.kind == Interest.Kind.REGISTRATION,
        "cohort": interest.cohort.name if interest.cohort else "",
        "answered_by": ANSWERED_BY[Interest.Routing(interest.routing)],
        "answer_by": uk_date(answer_by),
        "site_url": _address("portal:public_home"),
    }


def _assigned(message: Message) -> kinds.Context:
    interest: Interest = message.about
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "organisation": interest.organisation.name,
        "kind": interest.get_kind_display().lower(),
        "routing": interest.get_routing_display(),
        "is_yours": interest.assigned_to_id is not None,
        "answer_by": uk_date(working_days_after(clock.local(interest.created_at).date(), REPLY_WITHIN)),
        "interest_url": _address("admin:organisations_interest_change", interest.pk),
    }


def _still_to_answer(message: Message) -> str:
    interest: Interest = message.about
    if interest.state != Interest.State.NEW:
        return "It has been answered."
    if interest.assigned_to_id and interest.assigned_to_id != message.recipient_id:
        return "Somebody else has taken it."
    return ""


def _places(participation: Participation) -> str:
    """“5 mentee places and 1 mentor place”."""
    agreed = [(Role(role).label.lower(), count) for role, count in agreed_places(participation).items() if count]
    return " and ".join(f"{count} {role} {'place' if count == 1 else 'places'}" for role, count in agreed)


def _invited(message: Message) -> kinds.Context:
    participation: Participation = message.about
    cohort = participation.cohort
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "organisation": participation.organisation.name,
        "cohort": cohort.name,
        "places": _places(participation),
        "deadline": uk_date(cohort.recruitment_until),
        "key_dates": [f"{date.label}: {date_range(date.starts, date.ends)}" for date in cohort.key_dates],
        "email": message.address,
        "home_url": _address("portal:home"),
    }


def _still_coordinates(message: Message) -> str:
    participation: Participation = message.about
    if participation.withdrawn_at:
        return "The organisation has withdrawn from the cohort."
    current = participation.organisation.coordinators.filter(user=message.recipient_id, ended_at=None)
    return "" if current.exists() else "This person is not a coordinator any more."


def _renewal(message: Message) -> kinds.Context:
    """Its occurrence is the key of the cohort that they are asked about; it is about their part in an earlier one."""
    before: Participation = message.about
    cohort = Cohort.objects.get(pk=message.occurrence)
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "organisation": before.organisation.name,
        "before": before.cohort.name,
        "cohort": cohort.name,
        "launch": uk_date(cohort.launch_from),
        "register_by": uk_date(cohort.applications_until),
        "key_dates": [f"{date.label}: {date_range(date.starts, date.ends)}" for date in cohort.key_dates],
        "register_url": _address("portal:renewal", before.pk, cohort.pk),
    }


def _still_to_renew(message: Message) -> str:
    before: Participation = message.about
    if not Cohort.objects.accepting_interest().filter(pk=message.occurrence).exists():
        return "The cohort takes in no more organisations."
    if before.organisation.participations.filter(cohort=message.occurrence, withdrawn_at=None).exists():
        return "The organisation is confirmed already."
    if before.organisation.interests.filter(cohort=message.occurrence).exists():
        return "The organisation has registered its interest already."
    if before.renewal_answers.filter(cohort=message.occurrence).exists():
        return "The organisation has answered already."
    current = before.organisation.coordinators.filter(user=message.recipient_id, ended_at=None)
    return "" if current.exists() else "This person is not a coordinator any more."


def _asked(message: Message) -> kinds.Context:
    asked: CoordinatorInvitation = message.about
    parts = Participation.objects.active().filter(organisation=asked.organisation).select_related("cohort")
    return {
        "first_name": asked.first_name,
        "asker": asked.invited_by.get_full_name() if asked.invited_by else "A colleague",
        "organisation": asked.organisation.name,
        "hands_over": asked.replaces_id is not None,
        "cohorts": [part.cohort.name for part in parts],
        "answer_by": uk_date(asked.created_at + OPEN_FOR),
        "answer_url": Url(links.coordinating_url(asked)),
        "privacy_url": _address("portal:privacy"),
        "contact": Url(settings.MAIL_REPLY_TO),
    }


def _still_asked(message: Message) -> str:
    asked = message.about
    if asked is None or asked.state != CoordinatorInvitation.State.OPEN:
        return "It has been answered or taken back."
    return "The last day to answer has passed." if clock.now() >= asked.created_at + OPEN_FOR else ""


def _answered(message: Message) -> kinds.Context:
    asked: CoordinatorInvitation = message.about
    return {
        "first_name": message.recipient.first_name if message.recipient else "",
        "colleague": asked.full_name,
        "organisation": asked.organisation.name,
        "accepted": asked.state == CoordinatorInvitation.State.ACCEPTED,
        "hands_over": asked.replaces_id is not None,
        "home_url": _address("portal:home"),
    }


def _not_forgotten(message: Message) -> str:
    return "" if message.about is not None and message.about.email else "The person has been forgotten."


def _joined(message: Message) -> kinds.Context:
    demand: Demand = message.about
    return {"employer": demand.employer, "individuals_url": _address("portal:individuals")}


GLOSSARY: dict[str, tuple[str, object]] = {
    "contact_name": ("The name of who filled in the form", "Sam Contact"),
    "first_name": ("The person’s first name", "Sam"),
    "organisation": ("The organisation’s name", "Fernhill Housing"),
    "employer": ("The employer’s name", "Fernhill Housing"),
    "cohort": ("The cohort’s name; may be blank in what was sent through the form", "Cohort 15"),
    "is_registration": ("Whether they registered interest; otherwise they asked a question", True),
    "answered_by": ("Who will write to them", "your Relationship Manager"),
    "answer_by": ("The day by which they hear from us, or by which they answer", "Wednesday 28 October 2026"),
    "site_url": ("The public site", "/"),
    "kind": ("A question, or a registration", "registration"),
    "routing": ("Which kind of adviser it is for", "Relationship Manager"),
    "is_yours": ("Whether it is assigned to the person written to", True),
    "interest_url": ("The page on which it is answered", "/admin/organisations/interest/1/change/"),
    "places": ("How many places the organisation has, in words", "5 mentee places and 1 mentor place"),
    "deadline": ("The last day on which people are put forward", "Friday 30 October 2026"),
    "key_dates": ("The cohort’s key dates, one by one", ["Launch and opening ceremony: 12 January 2027"]),
    "email": ("The address with which the person signs in", "sam@employer.example"),
    "home_url": ("The page where they put people forward", "/home/"),
    "before": ("The earlier cohort that they took part in", "Cohort 14"),
    "launch": ("The day of the launch", "Wednesday 20 October 2027"),
    "register_by": ("The last day on which interest can be registered", "Friday 28 May 2027"),
    "register_url": ("The page on which they say yes or no", "/organisation/1/renewal/2/"),
    "asker": ("Who asks their colleague", "Sam Coordinator"),
    "hands_over": ("Whether whoever asks stops; otherwise both coordinate", True),
    "cohorts": ("The cohorts that the organisation is in", ["Cohort 15"]),
    "answer_url": ("The person’s own page, on which they say yes or no", "/coordinating/abc/"),
    "privacy_url": ("The privacy notice", "/privacy/"),
    "contact": ("The address of the programme team", "programme@charity.example"),
    "colleague": ("Who was asked", "Nia Osei"),
    "accepted": ("Whether they said yes", True),
    "individuals_url": ("The page on how people take part", "/individuals/"),
}


kinds.register(
    kinds.MessageKind(
        key="organisations.employer_joined",
        title="An individual’s employer has joined",
        audience="Somebody who asked to be told when their employer joins",
        context=_joined,
        variables=kinds.variables("employer", "individuals_url", of=GLOSSARY),
    )
)
kinds.register(
    kinds.MessageKind(
        key="organisations.interest_received",
        title="Interest received",
        audience="The contact who filled in the interest form",
        context=_received,
        variables=kinds.variables(
            "contact_name",
            "organisation",
            "is_registration",
            "cohort",
            "answered_by",
            "answer_by",
            "site_url",
            of=GLOSSARY,
        ),
        hours=hours.at_once,
    )
)
kinds.register(
    kinds.MessageKind(
        key="organisations.interest_assigned",
        title="Interest to answer",
        audience="The organisation’s adviser, or the programme team",
        context=_assigned,
        variables=kinds.variables(
            "first_name", "organisation", "kind", "routing", "is_yours", "answer_by", "interest_url", of=GLOSSARY
        ),
        required=("interest_url",),
        still_due=_still_to_answer,
    )
)
kinds.register(
    kinds.MessageKind(
        key="organisations.coordinator_invited",
        title="Coordinator invited",
        audience="The coordinator of an organisation that is confirmed in a cohort",
        context=_invited,
        variables=kinds.variables(
            "first_name", "organisation", "cohort", "places", "deadline", "key_dates", "email", "home_url", of=GLOSSARY
        ),
        required=("home_url",),
        still_due=_still_coordinates,
    )
)
kinds.register(
    kinds.MessageKind(
        key=RENEWAL,
        title="Renewal offered",
        audience="The coordinators of an organisation that took part before, when the team asks whether it will again",
        context=_renewal,
        variables=kinds.variables(
            "first_name", "organisation", "before", "cohort", "launch", "register_by", "key_dates", "register_url",
            of=GLOSSARY,
        ),
        required=("register_url",),
        still_due=_still_to_renew,
        category=kinds.Category.NEWS,
    )
)  # fmt: skip
kinds.register(
    kinds.MessageKind(
        key=COORDINATOR_ASKED,
        title="Asked to coordinate",
        audience="A colleague whom a coordinator asks to coordinate too, or to take over",
        context=_asked,
        variables=kinds.variables(
            "first_name", "asker", "organisation", "hands_over", "cohorts", "answer_by", "answer_url", "privacy_url",
            "contact", of=GLOSSARY,
        ),
        required=("answer_url", "privacy_url", "organisation"),
        still_due=_still_asked,
    )
)  # fmt: skip
kinds.register(
    kinds.MessageKind(
        key=COORDINATOR_ANSWERED,
        title="A colleague answers about coordinating",
        audience="The coordinator who asked",
        context=_answered,
        variables=kinds.variables(
            "first_name", "colleague", "organisation", "accepted", "hands_over", "home_url", of=GLOSSARY
        ),
        still_due=_not_forgotten,
    )
)
