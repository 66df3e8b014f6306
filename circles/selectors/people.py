"""Who sits in a circle, as one of them may see it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import User, full_name
from accounts.prepared import prepared
from circles.models import Attendance, Certificate, Circle, Membership, Session
from circles.selectors.sessions import sat_through
from cohorts.models import Cohort, Role
from organisations.models import Organisation
from participants.models import Enrolment, EnrolmentState
from privacy.models import Purpose
from privacy.selectors import agreed, agrees_to

LEFT = "Somebody who has left"
NO_DETAILS, NOT_BY_NAME = "Has chosen not to show their details", "The others don’t see your name"


@dataclass(frozen=True)
class Person:
    """A seat in a circle: name, job title and employer, each only where the person agreed to show it.

    `shared` is whether the viewer sees the name.
    """

    enrolment_id: UUID
    name: str
    detail: str
    is_lead: bool
    is_you: bool
    shared: bool


class _Seat(NamedTuple):
    """What of a seat decides how its person is shown, as a query reads it; the last three by their consents."""

    enrolment_id: UUID
    user_id: UUID
    number: int
    role: str
    job_title: str
    first_name: str
    last_name: str
    email: str
    organisation: str
    shows_name: bool
    shows_job: bool
    shows_employer: bool

    @property
    def is_lead(self) -> bool:
        return self.number == Membership.LEAD_SEAT


def roster(circle: Circle, viewer: User) -> list[Person]:
    """Everyone in a circle, the lead first: a mentor's name always, all else of anybody by their own consent."""
    return [_person(_Seat(*row), circle, viewer) for row in _seats_today(circle.pk)]


@prepared
def _seats_today(circle: UUID) -> QuerySet[Membership, tuple[Any, ...]]:
    return _seats(Membership.objects.current().filter(circle=circle))


def _seats(seats: QuerySet[Membership], *also: str) -> QuerySet[Membership, tuple[Any, ...]]:
    """The rows of `_Seat`, the lead first: no objects, of which a page would make four for each."""
    part, user = "enrolment__", "enrolment__user__"
    return (
        seats.order_by("seat")
        .annotate(
            shows_name=agrees_to(Purpose.SHARE_WITH_CIRCLE, "enrolment__user"),
            shows_job=agrees_to(Purpose.SHARE_JOB_TITLE, "enrolment__user"),
            shows_employer=agrees_to(Purpose.SHARE_EMPLOYER, "enrolment__user"),
        )
        .values_list(
            "enrolment_id", f"{part}user_id", "seat", f"{part}role", f"{part}job_title", f"{user}first_name",
            f"{user}last_name", f"{user}email", f"{part}organisation__name", "shows_name", "shows_job",
            "shows_employer", *also,
        )
    )  # fmt: skip


def _person(seat: _Seat, circle: Circle, viewer: User) -> Person:
    """A seat as the viewer may see it. Of themselves they see their name, and else what others see."""
    is_you = seat.user_id == viewer.pk
    # A mentor is known to those they lead; of two partners neither leads, so each one's own consent decides.
    is_named = seat.shows_name or (seat.is_lead and seat.role != Role.PARTNER)
    hidden = NOT_BY_NAME if is_you else NO_DETAILS
    return Person(
        enrolment_id=seat.enrolment_id,
        name=full_name(seat.first_name, seat.last_name, seat.email) if is_named or is_you else _unnamed(seat, circle),
        detail=_detail(seat) if is_named else hidden,
        is_lead=seat.is_lead,
        is_you=is_you,
        shared=is_named or is_you,
    )


def lead_named(people: list[Person]) -> str:
    """Who leads, as the viewer of this roster may know it; blank where nobody does, or shows no name."""
    return next((one.name for one in people if one.is_lead and one.shared), "")


def names_in(people: list[Person]) -> dict[UUID, str]:
    """What each of a roster is called there, by enrolment; the viewer is “You”."""
    return {one.enrolment_id: "You" if one.is_you else one.name for one in people}


def name_for(enrolment: Enrolment, circle: Circle, viewer: User) -> str:
    """What one person is called to another of their circle; whoever has left it has no name there any more."""
    for row in _seats(circle.memberships.current().filter(enrolment=enrolment)):
        return _person(_Seat(*row), circle, viewer).name
    return LEFT


def _unnamed(seat: _Seat, circle: Circle) -> str:
    if seat.role == Role.PARTNER:
        return "Your partner"
    return "Your mentee" if circle.capacity == 1 else f"Member {seat.number}"


def _detail(seat: _Seat) -> str:
    """What stands beside the name; blank for who shows no more than that."""
    job = seat.job_title if seat.shows_job else ""
    employer = seat.organisation if seat.shows_employer else ""
    return ", ".join(filter(None, (job, employer)))


def seats_at(session: Session) -> QuerySet[Membership]:
    """The seats of a circle as they were when a session was held."""
    return _between(session.circle.memberships.all(), session.starts_at, session.ends_at)


def _between(seats: QuerySet[Membership], starts_at: dt.datetime, ends_at: dt.datetime) -> QuerySet[Membership]:
    return seats.filter(created_at__lte=ends_at).exclude(left_at__lte=starts_at)


def those_who_were_in_it(session: Session, viewer: User) -> tuple[list[Person], list[UUID]]:
    """The circle as it was at a session, and the enrolments of those who are recorded as having come."""
    rows = _seats_then(session.circle_id, session.pk, session.starts_at, session.ends_at)
    seats = [(_Seat(*seat), came) for *seat, came in rows]
    people = [_person(seat, session.circle, viewer) for seat, _ in seats]
    return people, [seat.enrolment_id for seat, came in seats if came]


@prepared
def _seats_then(
    circle: UUID, session: UUID, starts_at: dt.datetime, ends_at: dt.datetime
) -> QuerySet[Membership, tuple[Any, ...]]:
    came = Attendance.objects.filter(session=session, enrolment=OuterRef("enrolment"), attended=True)
    seats = _between(Membership.objects.filter(circle=circle), starts_at, ends_at)
    return _seats(seats.annotate(came=Exists(came)), "came")


# --- a cohort's people, wherever they sat ------------------------------------------------------
def with_attendance(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who have not withdrawn, each with `came`: how many sessions they came to, whichever circle they sat in.

    `held` is how many they could have come to, and never less.
    """
    planned = Q(attendances__session__state=Session.State.PLANNED)
    seats = "memberships__circle__"
    held = Count(f"{seats}sessions", filter=sat_through("memberships__", f"{seats}sessions__", seats), distinct=True)
    people = cohort.enrolments.filter(state__in=[EnrolmentState.ENROLLED, EnrolmentState.COMPLETED])
    came = Count("attendances", filter=planned & Q(attendances__attended=True), distinct=True)
    return people.annotate(came=came, held=Greatest(held, came)).order_by("user__sort_name")


def told_attendance(cohort: Cohort, organisation: Organisation) -> dict[UUID, tuple[int, int]]:
    """By enrolment, how many sessions an organisation's people came to, and of how many: of those who agreed to it.

    The number only, of each for themselves, and taken back as soon as they take their consent back.
    """
    people = list(with_attendance(cohort).filter(organisation=organisation))
    willing = agreed([one.user_id for one in people], Purpose.SHARE_ATTENDANCE)
    return {one.pk: (one.came, one.held) for one in people if one.user_id in willing and one.held}


def earned(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who came to at least as many sessions as the cohort asks for, and have no certificate yet."""
    return with_attendance(cohort).filter(came__gte=cohort.certificate_sessions, certificate__isnull=True)


def who_took_part(cohort: Cohort) -> QuerySet[Enrolment]:
    """Those who have a seat, or came to a session before their circle ended; not those who have withdrawn."""
    return cohort.enrolments.active().filter(TOOK_PART)


TOOK_PART = Exists(Membership.objects.current().filter(enrolment=OuterRef("pk"))) | Exists(
    Attendance.objects.filter(enrolment=OuterRef("pk"), attended=True, session__state=Session.State.PLANNED)
)


def certificates_of(user: User) -> QuerySet[Certificate]:
    """A person's own certificates."""
    return Certificate.objects.filter(enrolment__user=user).select_related("enrolment__cohort__format")


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate that anybody who holds its code may check."""
    found = Certificate.objects.filter(code=code)
    return found.select_related("enrolment__user", "enrolment__cohort__format").first()
