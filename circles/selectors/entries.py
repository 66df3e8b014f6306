"""What people put into their circle's space, each thing with who may correct it and who may take it away."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, QuerySet

from accounts.models import User
from circles.models import Action, AgendaItem, Circle, Membership, Notice, SharedGoal
from circles.selectors.sessions import membership_in
from cohorts.models import Role
from participants.models import Enrolment

Thing = AgendaItem | SharedGoal | Action | Notice
KINDS: dict[str, type[Model]] = {"agenda": AgendaItem, "goal": SharedGoal, "action": Action, "notice": Notice}


@dataclass(frozen=True)
class Entry:
    """One thing, as somebody who sits in its circle finds it."""

    kind: str
    what: Thing
    circle: Circle
    seat: Membership
    writer: Enrolment

    @property
    def is_mine(self) -> bool:
        return self.writer.user_id == self.seat.enrolment.user_id

    @property
    def may_go(self) -> bool:
        """Whether this person may take it away."""
        return self.is_mine or leads_others(self.seat)


def leads_others(seat: Membership) -> bool:
    """Whether this person may take away what others wrote: of two partners neither leads."""
    return seat.is_lead and seat.enrolment.role != Role.PARTNER


def entry_of(kind: str, pk: UUID, user: User) -> Entry | None:
    """Something in a circle in which the person sits today; None where they may neither change it nor take it away."""
    found = _things(kind, user).filter(pk=pk).first()
    seat = membership_in(found.circle, user) if found else None
    if found is None or seat is None:
        return None
    writer = found.written_by if kind == "notice" else found.added_by
    entry = Entry(kind, found, found.circle, seat, writer)
    return entry if entry.may_go else None


def _things(kind: str, user: User) -> QuerySet:
    things = KINDS[kind]._default_manager.filter(circle__in=Circle.objects.of(user))
    if kind == "notice":
        return things.filter(taken_down_at__isnull=True).select_related("circle__cohort__format", "written_by__user")
    return things.select_related("circle__cohort__format", "added_by__user")
