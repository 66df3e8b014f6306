"""One real message of every kind there is, about the rows of the world."""

from typing import Any

from django.db import models

from accounts import clock
from accounts.models import AddressChange, User
from outbox import kinds, vault
from outbox.models import Message
from participants.models import EmployerChange, EmployerRequest, EventReply
from tests.world import World

SECRET = {"code": "482913", "password_reset_url": "http://127.0.0.1:8000/account/password/reset/key/1-abc/"}


def _event_reply(w: World) -> EventReply:
    return EventReply.objects.get_or_create(event=w.opening, enrolment=w.mentee, defaults={"reply": "yes"})[0]


def _address_change(w: World) -> AddressChange:
    return AddressChange.objects.get_or_create(user=w.mentee.user, defaults={"address": "new@b.example"})[0]


def _employer_change(w: World) -> EmployerChange:
    both = {"before": w.third, "after": w.organisation}
    return EmployerChange.objects.get_or_create(enrolment=w.mentee, defaults=both)[0]


def _employer_request(w: World) -> EmployerRequest:
    said = {"organisation": "Cedar Housing", "outcome": "refused", "why_refused": "x", "answered_at": clock.now()}
    return EmployerRequest.objects.get_or_create(enrolment=w.mentee, defaults=said)[0]


def _abouts(w: World) -> dict[str, tuple[models.Model, User | None]]:
    """What a message is about and to whom, by the beginning of its kind's key; the longest beginning counts."""
    lead, mentee = w.people["lead"], w.mentee.user
    seat = w.mentee.memberships.get()
    return {
        "account.": (mentee, mentee),
        "account.address_code": (_address_change(w), None),
        "circles.": (seat, mentee),
        "circles.announcement": (w.announcement, mentee),
        "circles.waiting": (w.mentee, mentee),
        "circles.returned": (w.mentee, mentee),
        "circles.left": (w.mentee, mentee),
        "circles.session_": (w.session, mentee),
        "circles.stand_in_": (w.session, w.people["stand_in"]),
        "circles.stand_in_asked": (w.asked, w.people["stand_in"]),
        "circles.stand_in_reply": (w.asked, w.people["stand_in"]),
        "circles.stand_in_answered": (w.stand_in, w.people["mentor"]),
        "circles.event_": (w.opening, mentee),
        "circles.poll_": (w.poll, mentee),
        "circles.no_session": (seat.circle, w.people["mentor"]),
        "circles.concern_": (w.rows["circles.concern"], mentee),
        "circles.notice": (w.notice, w.people["mentor"]),
        "circles.coordinator_digest": (w.recruiting_participation, w.coordinator),
        "circles.certificate_issued": (w.certificate, mentee),
        "organisations.employer_joined": (w.rows["organisations.demand"], None),
        "organisations.interest_received": (w.interest, None),
        "organisations.interest_assigned": (w.interest, lead),
        "organisations.coordinator_invited": (w.recruiting_participation, w.coordinator),
        "organisations.coordinator_asked": (w.coordinating, None),
        "organisations.coordinator_answered": (w.coordinating, w.coordinator),
        "organisations.renewal_offered": (w.participation, w.coordinator),
        "participants.": (w.nomination, None),
        "participants.not_taking_part": (w.nomination, w.coordinator),
        "participants.takes_part_again": (w.nomination, w.coordinator),
        "participants.employer_changed": (_employer_change(w), mentee),
        "participants.employer_not_changed": (_employer_request(w), mentee),
        "participants.asked_again": (w.again, w.mentor.user),
        "participants.event_place": (_event_reply(w), mentee),
        "participants.enrolled": (w.mentee, mentee),
        "participants.unfinished": (w.started, w.started.user),
        "privacy.complaint": (w.complaint, None),
        "surveys.": (w.survey, mentee),
        "surveys.check_in": (w.past_session, mentee),
        "surveys.mid_point": (w.partner, w.partner.user),
        "staff.": (lead, lead),
    }


def message_of(kind: kinds.MessageKind, w: World, **values: Any) -> Message:
    """A message of the kind. Fails for one that has no row above, so that a new kind is not forgotten."""
    abouts = _abouts(w)
    beginning = max((start for start in abouts if kind.key.startswith(start)), key=len, default="")
    assert beginning, f"Say in tests/outbox/letters.py what a message of kind {kind.key} is about."
    about, to = abouts[beginning]
    values |= {"occurrence": "2027-01"} if kind.key == "circles.no_session" else {}
    values |= {"occurrence": str(w.recruiting.pk)} if kind.key == "organisations.renewal_offered" else {}
    message = Message.objects.create(
        key=f"letters:{kind.key}", kind=kind.key, about=about, recipient=to, address=to.email if to else "a@b.example",
        name=to.get_full_name() if to else "Ada Contact", **values,
    )  # fmt: skip
    if kind.key.startswith("account."):
        vault.put(message.pk, SECRET)
    return message
