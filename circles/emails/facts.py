"""What the messages about sessions and events must know, read in a few queries for all that leave together."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from circles.emails.shared import was_tried
from circles.models import Attendance, DiscreetWording, Membership, Session, StandIn
from outbox.models import Message, State
from participants.models import Enrolment

# A circle, cohort, session or event, and a person.
Pair = tuple[UUID, UUID]
EVENT_CANCELLED = "circles.event_cancelled"


@dataclass(frozen=True)
class Facts:
    """Of sessions and events and the people who are written to about them. `seats` knows circles and cohorts."""

    enrolments: dict[Pair, Enrolment]
    seats: dict[Pair, set[int]]
    attendance: dict[Pair, Attendance]
    written: dict[Pair, list[Message]]
    led_by: dict[UUID, str]
    discreet: set[UUID]

    def enrolment(self, message: Message) -> Enrolment:
        """With which the recipient is, or was, in the cohort. Raises KeyError for who never was."""
        return self.enrolments[_cohort(message.about), message.recipient_id]

    def sits(self, message: Message) -> bool:
        """Whether the recipient has a seat in the session's circle, or in any circle of the event's cohort."""
        return bool(self.seats.get((getattr(message.about, "circle_id", _cohort(message.about)), message.recipient_id)))

    def leads(self, message: Message) -> bool:
        return Membership.LEAD_SEAT in self.seats.get((message.about.circle_id, message.recipient_id), ())

    def attended(self, message: Message) -> Attendance:
        """What is known of the recipient and the session; blank where nothing is."""
        return self.attendance.get((message.object_id, message.recipient_id)) or Attendance()

    def earlier(self, message: Message, kind: str) -> bool:
        """Whether the person was sent another message of the kind about the same thing, at the same address."""
        sent = (one for one in self._others(message, kind) if one.state in {State.SENT, State.SENDING})
        return any(one.pk != message.pk and one.address == message.address for one in sent)

    def may_have(self, message: Message, kind: str) -> bool:
        """The same, or one of which nobody knows whether the mail server took it."""
        others = (one for one in self._others(message, kind) if one.pk != message.pk)
        return self.earlier(message, kind) or any(was_tried(one) and one.address == message.address for one in others)

    def replaced(self, message: Message) -> bool:
        """Whether a later message of the kind, about the same thing, is on its way to the person."""
        return any(one.created_at > message.created_at for one in self._others(message, message.kind))

    def cancelled_before(self, message: Message) -> int:
        """How often the event was taken out of the person's calendar before this message."""
        return sum(one.created_at < message.created_at for one in self._others(message, EVENT_CANCELLED))

    def _others(self, message: Message, kind: str) -> list[Message]:
        return [one for one in self.written[message.object_id, message.recipient_id] if one.kind == kind]


def _cohort(about: Any) -> UUID:
    return about.circle.cohort_id if isinstance(about, Session) else about.cohort_id


def of(message: Message) -> Facts:
    """What was read with the others that leave together; else it is read for this message alone."""
    if message.facts is None:
        message.facts = read([message])
    return message.facts


def read(messages: list[Message]) -> Facts:
    """As many queries for twenty messages as for one."""
    rows = [message for message in messages if message.about is not None]
    people = {message.recipient_id for message in rows}
    about = {message.object_id for message in rows}
    cohorts = {_cohort(message.about) for message in rows}
    enrolments = Enrolment.objects.filter(cohort__in=cohorts, user__in=people).only("cohort_id", "user_id")
    # Of those in hand the rows themselves: how one has gone counts at once for the next.
    written = defaultdict(list)
    others = Message.objects.filter(recipient__in=people, object_id__in=about).exclude(pk__in=[one.pk for one in rows])
    known = ("kind", "state", "attempts", "created_at", "object_id", "recipient_id", "address")
    for one in [*rows, *others.only(*known)]:
        written[one.object_id, one.recipient_id].append(one)
    attendance = Attendance.objects.filter(session__in=about, enrolment__user__in=people).select_related("enrolment")
    attendance = attendance.only("session_id", "reply", "attended", "enrolment__user_id")
    leading = StandIn.objects.accepted().filter(session__in=about).select_related("enrolment__user")
    return Facts(
        enrolments={(one.cohort_id, one.user_id): one for one in enrolments},
        seats=_seats(cohorts, people),
        attendance={(one.session_id, one.enrolment.user_id): one for one in attendance},
        written=written,
        led_by={one.session_id: one.enrolment.user.get_full_name() for one in leading},
        discreet=set(DiscreetWording.objects.filter(user__in=people).values_list("user", flat=True)),
    )


def _seats(cohorts: set[UUID], people: set[UUID]) -> dict[Pair, set[int]]:
    found = defaultdict(set)
    current = Membership.objects.current().filter(circle__cohort__in=cohorts, enrolment__user__in=people)
    for circle, cohort, user, seat in current.values_list("circle", "circle__cohort", "enrolment__user", "seat"):
        found[circle, user].add(seat)
        found[cohort, user].add(seat)
    return dict(found)
