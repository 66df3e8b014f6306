"""Kinds of message that this app sends, and to whom."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts import clock
from organisations.models import Coordinator
from outbox import hours, kinds, services
from outbox.models import Message, State
from outbox.rendering import Url
from participants import links, steps
from participants.models import (
    LIVE,
    Enrolment,
    EnrolmentState,
    EventReply,
    Nomination,
    NominationState,
    Reply,
)
from privacy.erasure import erased_among
from ui.dates import uk_date, uk_datetime

NOMINATED = "participants.nominated"
CONFIRMED = "participants.application_confirmed"
REMINDED = "participants.nomination_reminder"
RECEIVED = "participants.application_received"
WITHDRAWN = "participants.nomination_withdrawn"
REFUSED = "participants.application_refused"
RESERVED = "participants.on_reserve_list"
NOT_TAKING_PART = "participants.not_taking_part"
TAKES_PART_AGAIN = "participants.takes_part_again"
OFFER_TAKEN_BACK = "participants.offer_taken_back"
ENROLLED = "participants.enrolled"
UNFINISHED = "participants.unfinished"
PLACE_FREE = "participants.event_place"
# The occurrence of a coordinators' mail about somebody who held no place.
WAITED = "reserve"
# Why a mail to a nominee is not sent to the address that they had before.
ELSEWHERE = "Their address has been put right since."


def invite(nomination: Nomination) -> None:
    """The first mail to a nominee, or the good news to an applicant."""
    applied = nomination.origin == Nomination.Origin.APPLIED
    _to_nominee(CONFIRMED if applied else NOMINATED, nomination, occurrence=f"link-{nomination.link_version}")


def remind(nomination: Nomination) -> None:
    """Once a day at most; the link is the one that they have."""
    _to_nominee(REMINDED, nomination, occurrence=f"reminder-{clock.today()}")


def tell_reserve(nomination: Nomination) -> None:
    """Who waits for a place hears at once that they were put forward and what is held (UK GDPR, Article 14)."""
    _to_nominee(RESERVED, nomination, occurrence=f"link-{nomination.link_version}")


def acknowledge_application(nomination: Nomination) -> None:
    _to_nominee(RECEIVED, nomination)


def tell_withdrawn(nomination: Nomination) -> None:
    applied = nomination.origin == Nomination.Origin.APPLIED
    _to_nominee(REFUSED if applied else WITHDRAWN, nomination)


def _to_nominee(kind: str, nomination: Nomination, occurrence: str = "") -> None:
    services.queue(
        kind=kind, about=nomination, address=nomination.email, name=nomination.full_name, occurrence=occurrence
    )


def tell_coordinators(nomination: Nomination, *, waited: bool = False, occurrence: str = "") -> None:
    """Somebody with a place, or who `waited` for one, will not take part; why is nobody's business at work.

    `occurrence` tells who leaves a second time from the first.
    """
    for coordinator in acting_coordinators(nomination):
        services.queue(
            kind=NOT_TAKING_PART, about=nomination, to=coordinator.user, occurrence=WAITED if waited else occurrence
        )


def acting_coordinators(nomination: Nomination) -> list[Coordinator]:
    """Those who act today for the organisation that put somebody forward."""
    coordinators = nomination.participation.organisation.coordinators.filter(ended_at__isnull=True)
    return list(coordinators.select_related("user"))


def tell_takes_part_again(nomination: Nomination) -> None:
    """To the coordinators who have been told that somebody left: it was undone. Who has not been told hears nothing."""
    told = Message.objects.about(nomination).filter(kind=NOT_TAKING_PART, state__in=[State.SENT, State.SENDING])
    for message in told.select_related("recipient"):
        services.queue(
            kind=TAKES_PART_AGAIN, about=nomination, to=message.recipient, occurrence=message.occurrence or "1"
        )


def tell_offer_taken_back(nomination: Nomination) -> None:
    """The place that somebody was offered is not free after all; they wait again, first in line."""
    _to_nominee(OFFER_TAKEN_BACK, nomination, occurrence=f"link-{nomination.link_version}")


def confirm_enrolment(enrolment: Enrolment) -> None:
    services.queue(kind=ENROLLED, about=enrolment, to=enrolment.user)


def our_page(name: str, *args: Any) -> Url:
    return Url(settings.BASE_URL + reverse(name, args=args))


def _nominator(nomination: Nomination) -> str:
    person = nomination.nominated_by
    return person.get_full_name() if person else "The coordinator of your organisation"


def _nomination_context(message: Message) -> kinds.Context:
    nomination: Nomination = message.about
    cohort = nomination.cohort
    return {
        "reader": message.recipient.first_name if message.recipient else "",
        "first_name": nomination.first_name,
        "full_name": nomination.full_name,
        "email": nomination.email,
        "nominator": _nominator(nomination),
        "organisation": nomination.participation.organisation.name,
        "cohort": cohort.name,
        "format": cohort.format.name,
        "role": nomination.get_role_display().lower(),
        "reason": " ".join(nomination.reason.split()),
        "sessions": cohort.session_count,
        "launch": uk_date(cohort.launch_from),
        "deadline": uk_date(cohort.recruitment_until),
        "accept_url": Url(links.invitation_url(nomination)),
        "decline_url": Url(links.invitation_url(nomination, "invitation_decline")),
        "organisation_url": our_page("portal:organisation", nomination.participation_id),
        "privacy_url": our_page("portal:privacy"),
        "contact": Url(settings.MAIL_REPLY_TO),
        "entered_by_team": nomination.entered_by_team,
        "applied": nomination.origin == Nomination.Origin.APPLIED,
        "waited": message.occurrence == WAITED,
    }


def _reserve_due(message: Message) -> str:
    nomination = message.about
    if nomination is None or nomination.state != NominationState.RESERVE:
        return "The person does not wait for a place any more."
    # One that was queued by an earlier release may have no occurrence.
    return (message.occurrence and _link_ended(message)) or _asked_to_be_forgotten(nomination)


def _invitation_due(message: Message) -> str:
    return _reminder_due(message) or _link_ended(message) or _asked_to_be_forgotten(message.about)


def _link_ended(message: Message) -> str:
    newest = message.occurrence == f"link-{message.about.link_version}"
    return "" if newest else "A newer mail has been sent."


def _asked_to_be_forgotten(nomination: Nomination) -> str:
    """Whoever asked us to erase them hears from us again only where they come to us themselves."""
    if nomination.origin == Nomination.Origin.APPLIED or not erased_among({nomination.email}):
        return ""
    return "Whoever has this address asked to be erased."


def _reminder_due(message: Message) -> str:
    nomination = message.about
    if nomination is None or nomination.state != NominationState.INVITED:
        return "The invitation has been answered or taken back."
    return "The last day to answer has passed." if nomination.cohort.recruitment_until < clock.today() else ""


def _to_them(due: Callable[[Message], str]) -> Callable[[Message], str]:
    """`due`, and it goes where they read it: what was in hand while their address was put right has the old one."""

    def still_due(message: Message) -> str:
        return due(message) or ("" if message.address == message.about.email.lower() else ELSEWHERE)

    return still_due


def _tells_coordinator(message: Message) -> str:
    if why := _not_back(message):
        return why
    acting = message.about.participation.organisation.coordinators.filter(ended_at=None, user=message.recipient_id)
    return "" if acting.exists() else "This person is not a coordinator any more."


def _not_back(message: Message) -> str:
    """That somebody does not take part, to who has not been told before it was undone."""
    if message.about is not None and message.about.state in LIVE:
        return "They take part after all."
    return _not_erased(message)


def _takes_part(message: Message) -> str:
    holds = message.about is not None and message.about.state == NominationState.ACCEPTED
    return "" if holds else "They do not take part any more."


def _not_erased(message: Message) -> str:
    return "" if message.about is not None and message.about.erased_at is None else "The person has been forgotten."


def _enrolment_context(message: Message) -> kinds.Context:
    enrolment: Enrolment = message.about
    cohort = enrolment.cohort
    return {
        "first_name": enrolment.user.first_name,
        "cohort": cohort.name,
        "group": cohort.format.group_word,
        "onboarding": uk_date(cohort.onboarding_from),
        "launch": uk_date(cohort.launch_from),
        "sessions": cohort.session_count,
        "enrolment_url": our_page("portal:enrolment", enrolment.pk),
        "home_url": our_page("portal:home"),
    }


def _unfinished_context(message: Message) -> kinds.Context:
    enrolment: Enrolment = message.about
    cohort = enrolment.cohort
    return {
        "first_name": enrolment.user.first_name,
        "cohort": cohort.name,
        "role": enrolment.get_role_display().lower(),
        "group": cohort.format.group_word,
        "questions": len(steps.open_steps(enrolment)),
        "deadline": uk_date(cohort.recruitment_until),
        "is_over": cohort.recruitment_until < clock.today(),
        "go_on_url": our_page("portal:enrolment", enrolment.pk),
        "leave_url": our_page("portal:enrolment_leave", enrolment.pk),
    }


def _still_unfinished(message: Message) -> str:
    enrolment = message.about
    if enrolment is None or enrolment.state == EnrolmentState.WITHDRAWN:
        return "They do not take part."
    if enrolment.state != EnrolmentState.STARTED:
        return "They have finished enrolling."
    if enrolment.cohort.published_at or enrolment.cohort.closed_at:
        return "The circles or pairs have been made: nobody can finish enrolling."
    return ""


def _still_enrolled(message: Message) -> str:
    enrolment = message.about
    return "" if enrolment is not None and enrolment.state == "enrolled" else "No longer enrolled."


NOMINATION_GLOSSARY: dict[str, tuple[str, object]] = {
    "reader": ("The first name of the coordinator who reads it; blank for who was put forward", "Sam"),
    "first_name": ("The person’s first name", "Nia"),
    "full_name": ("The person’s name", "Nia Osei"),
    "email": ("The person’s address", "nia@employer.example"),
    "nominator": ("Who put them forward", "Sam Coordinator"),
    "organisation": ("The organisation’s name", "Fernhill Housing"),
    "cohort": ("The cohort’s name", "Cohort 15"),
    "format": ("The format’s name", "Mentoring circles"),
    "role": ("In which role they would take part", "mentee"),
    "reason": ("Why, in the nominator’s or applicant’s words; may be blank", "She listens, and others follow."),
    "sessions": ("How many sessions there are", 6),
    "launch": ("The day of the launch", "Tuesday 12 January 2027"),
    "deadline": ("The last day to answer", "Friday 30 October 2026"),
    "accept_url": ("The person’s own page, on which they read more and accept", "/invitation/abc/"),
    "decline_url": ("The page on which the person says no", "/invitation/abc/decline/"),
    "organisation_url": ("The coordinator’s page of places and nominations", "/organisation/1/"),
    "privacy_url": ("The privacy notice", "/privacy/"),
    "contact": ("The address of the programme team", "programme@charity.example"),
    "applied": ("Whether the person applied; otherwise they were nominated", False),
    "waited": ("Whether the person was on the reserve list", False),
    "entered_by_team": ("Whether the team wrote the nomination down, on the nominator’s word", False),
}
ENROLLED_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "cohort": ("The cohort’s name", "Cohort 15"),
    "group": ("“circle” or “pair”", "circle"),
    "onboarding": ("The day on which onboarding begins", "Monday 9 November 2026"),
    "launch": ("The day of the launch", "Tuesday 12 January 2027"),
    "sessions": ("How many sessions there are", 6),
    "enrolment_url": ("The person’s answers, to be changed or withdrawn", "/enrolment/1/"),
    "home_url": ("The person’s own page", "/home/"),
}
UNFINISHED_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "cohort": ("The cohort’s name", "Cohort 15"),
    "role": ("In which role they take part", "mentee"),
    "group": ("“circle” or “pair”", "circle"),
    "questions": ("How many questions are still open; 0 where only the last button is left", 4),
    "deadline": ("The last day of recruitment and enrolment", "Friday 30 October 2026"),
    "is_over": ("Whether that day has passed", False),
    "go_on_url": ("The person’s own page, on which they go on", "/enrolment/1/"),
    "leave_url": ("The page on which they give their place back", "/enrolment/1/leave/"),
}
# What the law and the person's choice ask for in what they are first sent.
_CHOICE = ("accept_url", "decline_url", "deadline", "privacy_url")
REQUIRED = {
    NOMINATED: (*_CHOICE, "organisation"), CONFIRMED: _CHOICE, RESERVED: (*_CHOICE, "organisation"), REMINDED: _CHOICE,
    OFFER_TAKEN_BACK: ("decline_url",),
}  # fmt: skip


PLACE_GLOSSARY: dict[str, tuple[str, object]] = {
    "first_name": ("The person’s first name", "Nia"),
    "title": ("What the event is called", "Masterclass"),
    "when": ("When it is", "Tuesday 19 January 2027, 12:30pm (UK time)"),
    "event_url": ("The event’s page, where one signs in", "/event/1/"),
}


def tell_place_free(reply: EventReply) -> None:
    """Who waited has a place now; once for each time that they came to wait."""
    occurrence = f"{reply.replied_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}"
    services.queue(kind=PLACE_FREE, about=reply, to=reply.enrolment.user, occurrence=occurrence)


def _place_context(message: Message) -> kinds.Context:
    event = message.about.event
    return {
        "first_name": message.recipient.first_name,
        "title": event.title,
        "when": uk_datetime(event.starts_at),
        "event_url": Url(settings.BASE_URL + reverse("portal:event", args=[event.pk])),
    }


def _place_due(message: Message) -> str:
    reply = message.about
    if reply is None or reply.reply != Reply.YES or reply.waiting:
        return "They do not come any more."
    return "It has started." if reply.event.starts_at <= clock.now() else ""


_NOMINEE, _APPLICANT = "The person put forward", "The person who applied"
for _key, _title, _audience, _due in [
    (NOMINATED, "First mail to somebody who was nominated", _NOMINEE, _to_them(_invitation_due)),
    (CONFIRMED, "An application was confirmed", _APPLICANT, _to_them(_invitation_due)),
    (REMINDED, "Reminder to somebody who was put forward", _NOMINEE, _to_them(_reminder_due)),
    (RECEIVED, "An application was received", _APPLICANT, _to_them(_not_erased)),
    (RESERVED, "First mail to somebody on the reserve list", _NOMINEE, _to_them(_reserve_due)),
    (WITHDRAWN, "A nomination was taken back", _NOMINEE, _to_them(_not_erased)),
    (REFUSED, "An application was not confirmed", _APPLICANT, _to_them(_not_erased)),
    (NOT_TAKING_PART, "Somebody will not take part", "The organisation’s coordinators", _tells_coordinator),
    (TAKES_PART_AGAIN, "Somebody takes part after all", "The coordinators who were told they had left", _takes_part),
    (OFFER_TAKEN_BACK, "An offered place is not free after all", "Who had been invited to it", _to_them(_reserve_due)),
]:
    kinds.register(
        kinds.MessageKind(
            key=_key,
            title=_title,
            audience=_audience,
            context=_nomination_context,
            still_due=_due,
            variables=kinds.variables(*NOMINATION_GLOSSARY, of=NOMINATION_GLOSSARY),
            required=REQUIRED.get(_key, ()),
            hours=hours.at_once if _key == RECEIVED else hours.working_hours,
        )
    )
kinds.register(
    kinds.MessageKind(
        key=ENROLLED,
        title="Enrolment is complete",
        audience="The person enrolled",
        context=_enrolment_context,
        still_due=_still_enrolled,
        variables=kinds.variables(*ENROLLED_GLOSSARY, of=ENROLLED_GLOSSARY),
        hours=hours.at_once,
    )
)
kinds.register(
    kinds.MessageKind(
        key=UNFINISHED,
        title="Reminder to finish enrolling",
        audience="Who has accepted and not finished enrolling",
        context=_unfinished_context,
        still_due=_still_unfinished,
        variables=kinds.variables(*UNFINISHED_GLOSSARY, of=UNFINISHED_GLOSSARY),
        required=("go_on_url", "leave_url"),
    )
)
kinds.register(
    kinds.MessageKind(
        key=PLACE_FREE,
        title="A place at an event is free",
        audience="Who has waited longest for a place at a ceremony or masterclass",
        context=_place_context,
        still_due=_place_due,
        variables=kinds.variables(*PLACE_GLOSSARY, of=PLACE_GLOSSARY),
        required=("event_url",),
    )
)
