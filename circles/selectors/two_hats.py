"""Members of the team who take part in a cohort themselves: what that means, said where it matters.

Somebody may be staff and a mentor. They then act on people with whom they sit, so colleagues should; and what those
people tell in confidence is not shown to them. Where nobody else could take it up, that is said as well.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from circles.models import Circle, Membership
from circles.selectors.concerns import PERMISSION
from cohorts.models import Cohort, StaffAssignment
from cohorts.permissions import ROLE_PERMISSIONS, grants
from participants.models import Enrolment, EnrolmentState


@dataclass(frozen=True)
class TwoHats:
    """One member of the team in one cohort. `alone`: nobody else could take up a concern from their circle."""

    enrolment: Enrolment
    roles: str
    circle: Circle | None
    leads: bool
    alone: bool

    @property
    def what(self) -> str:
        """“programme manager, and leads Circle 3”."""
        part = f"{'leads' if self.leads else 'sits in'} {self.circle}" if self.circle else "is enrolled"
        return f"{self.roles}, and {part}"

    @property
    def note(self) -> str:
        """What follows from it, for the page of their circle."""
        words = (
            f"{self.enrolment.user} is {self.what}. Let a colleague decide about this circle: who joins, leaves or "
            "moves, and who leads it. Concerns from it are not shown to them."
        )
        return f"{words} {NOBODY_ELSE}" if self.alone else words


NOBODY_ELSE = "Nobody else of the team could take one up: give somebody else a role in this cohort."


def two_hats(cohort: Cohort, circle: Circle | None = None) -> list[TwoHats]:
    """In order of their names; of one circle where it is given. Three queries, however many they are."""
    assigned = _assigned(cohort)
    if not assigned:
        return []
    people = cohort.enrolments.filter(user__in=assigned).exclude(state=EnrolmentState.WITHDRAWN)
    seats = _seats(people, circle)
    rows = people.filter(pk__in=seats) if circle else people
    takers = {user for user, roles in assigned.items() if any(_takes_up(role) for role, _ in roles)}
    found = []
    for one in rows.select_related("user").order_by("user__sort_name"):
        seat = seats.get(one.pk)
        among = _with(seat.circle) if seat else set()
        alone = seat is not None and not takers - among
        words = ", ".join(dict.fromkeys(label.lower() for _, label in assigned[one.user_id]))
        found.append(TwoHats(one, words, seat.circle if seat else None, seat is not None and seat.is_lead, alone))
    return found


def _assigned(cohort: Cohort) -> dict[Any, list[tuple[str, str]]]:
    """The roles of everybody who works on a cohort, each with its words."""
    rows = StaffAssignment.objects.filter(Q(cohort=cohort) | Q(cohort=None), user__is_active=True, user__is_staff=True)
    found = defaultdict(list)
    for one in rows.order_by("role"):
        found[one.user_id].append((one.role, one.get_role_display()))
    return found


def _seats(people: QuerySet[Enrolment], circle: Circle | None) -> dict[Any, Membership]:
    rows = Membership.objects.current().filter(enrolment__in=people).select_related("circle__cohort__format")
    return {seat.enrolment_id: seat for seat in (rows.filter(circle=circle) if circle else rows)}


def _with(circle: Circle) -> set[Any]:
    """Everybody who has sat in a circle: none of them is shown its concerns."""
    return set(circle.memberships.values_list("enrolment__user", flat=True))


def _takes_up(role: str) -> bool:
    return grants(ROLE_PERMISSIONS[role], PERMISSION)


def hidden_from(user: User) -> list[str]:
    """Where somebody of the team takes part or acts for an employer, so that its concerns are not shown to them."""
    seats = Membership.objects.filter(enrolment__user=user, circle__cohort__closed_at=None)
    circles = [f"{seat.circle} of {seat.circle.cohort}" for seat in seats.select_related("circle__cohort__format")]
    employers = user.coordinations.select_related("organisation")
    return [*dict.fromkeys(circles), *dict.fromkeys(str(one.organisation) for one in employers)]


def said_of(found: Iterable[TwoHats]) -> str:
    return " ".join(one.note for one in found)
