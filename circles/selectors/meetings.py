"""Where somebody meets: their seats of today with every session of them, in three queries however many there are."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from accounts import clock
from accounts.prepared import prepared
from circles.models import Attendance, Membership, Session, StandIn
from circles.selectors.sessions import sat_through
from participants.models import Enrolment


@dataclass(frozen=True)
class Meetings:
    """One enrolment's: the sessions that found the person in their seat, and what is known of them and each session."""

    seats: list[Membership]
    came_to: list[Session]
    sessions: list[Session]
    replies: dict[UUID, str]
    attended: dict[UUID, bool | None]
    attended_count: int

    @property
    def held_count(self) -> int:
        return len(self.came_to)

    def next_of(self, seat: Membership) -> Session | None:
        """The next session to come of the circle that the seat is in."""
        coming = (one for one in self.sessions if one.circle_id == seat.circle_id and one.starts_at > clock.now())
        return next((one for one in coming if one.state == Session.State.PLANNED), None)

    def unrecorded_of(self, seat: Membership) -> list[Session]:
        """Those of the seat's circle that have begun, and of which nobody has said who was there."""
        return [one for one in self.came_to if one.circle_id == seat.circle_id and not one.is_recorded]


def meetings_of(enrolments: list[Enrolment]) -> dict[UUID, Meetings]:
    """By enrolment, in their order; `enrolments` are one person's, with their cohorts."""
    known = {one.pk: one for one in enrolments}
    if not known:
        return {}
    seats, facts, found = _seats(list(known)), _facts(list(known)), _sessions(list(known))
    circles = {}
    for seat in seats:
        seat.enrolment = known[seat.enrolment_id]
        seat.circle.cohort = seat.enrolment.cohort
        circles[seat.circle_id] = seat.circle
    for one in found:
        if one.circle_id in circles:
            one.circle = circles[one.circle_id]
    return {key: _meetings(key, seats, found, facts) for key in known}


def _meetings(key: UUID, seats: list[Membership], found: list[Session], facts: list[tuple[Any, ...]]) -> Meetings:
    mine = [fact[1:] for fact in facts if fact[0] == key]
    own = [one for one in found if one.enrolment_key == key]
    return Meetings(
        seats=[seat for seat in seats if seat.enrolment_id == key],
        # Who sat in a circle twice has it once.
        came_to=list({one.pk: one for one in own if one.found_in_seat}.values()),
        sessions=own,
        replies={session: reply for session, _, reply, _ in mine},
        attended={session: attended for session, _, _, attended in mine},
        attended_count=sum(bool(attended) and state == Session.State.PLANNED for _, state, _, attended in mine),
    )


@prepared
def _seats(enrolments: list[UUID]) -> QuerySet[Membership]:
    return Membership.objects.current().filter(enrolment__in=enrolments).select_related("circle").order_by("seat")


@prepared
def _sessions(enrolments: list[UUID]) -> QuerySet[Session]:
    """The sessions of every circle that the person sits or sat in, once for each seat."""
    recorded = Attendance.objects.filter(session=OuterRef("pk"), attended__isnull=False)
    in_seat = Case(When(sat_through("circle__memberships__", "", "circle__"), then=Value(True)), default=Value(False))
    mine = Session.objects.filter(circle__memberships__enrolment__in=enrolments)
    return mine.annotate(
        enrolment_key=F("circle__memberships__enrolment"),
        found_in_seat=in_seat,
        is_recorded=Exists(recorded),
        has_stand_in=Exists(StandIn.objects.current().filter(session=OuterRef("pk"))),
    ).order_by("starts_at")


@prepared
def _facts(enrolments: list[UUID]) -> QuerySet[Attendance, tuple[Any, ...]]:
    rows = Attendance.objects.filter(enrolment__in=enrolments)
    return rows.values_list("enrolment_id", "session_id", "session__state", "reply", "attended")
