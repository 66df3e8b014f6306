"""Whose participations, nominations and enrolments are whose."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower

from accounts import clock
from accounts.models import User
from accounts.prepared import prepared
from cohorts.models import Cohort, Event, Role
from organisations.models import Organisation, Participation, Place
from participants.models import (
    HOLDING,
    LIVE,
    EmployerRequest,
    Enrolment,
    EnrolmentState,
    EventReply,
    Nomination,
    NominationState,
    Reply,
)
from participants.request_models import RUNS

NOT_AT_THIS_ADDRESS = "We can’t invite anybody at this address. Please ask the programme team."


def is_open(cohort: Cohort) -> bool:
    """Whether people may still be put forward and answer: until the end of the recruitment's last day."""
    return cohort.closed_at is None and clock.today() <= cohort.recruitment_until


def participations_of(user: User) -> QuerySet[Participation]:
    """The participations of the organisations that this person coordinates today, the newest cohort first."""
    return _participations(user.pk)


def _participations(user: UUID) -> QuerySet[Participation]:
    rows = Participation.objects.filter(
        organisation__coordinators__user=user,
        organisation__coordinators__ended_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    return rows.select_related("organisation", "cohort__format").order_by("-cohort__launch_from", "created_at")


def participation_of(participation: UUID, user: User) -> Participation | None:
    """One of them."""
    return next(iter(_participation_of(participation, user.pk)), None)


@prepared
def _participation_of(participation: UUID, user: UUID) -> QuerySet[Participation]:
    return _participations(user).filter(pk=participation)


def nominations_of(user: User) -> QuerySet[Nomination]:
    """The nominations that this person, as a coordinator, may act on."""
    rows = Nomination.objects.of_its_people().filter(participation__in=participations_of(user).order_by())
    return rows.select_related("participation__organisation", "cohort__format")


def enrolments_of(user: User) -> QuerySet[Enrolment]:
    """A person's own enrolments."""
    rows = Enrolment.objects.filter(user=user)
    return rows.select_related("cohort__format", "organisation", "user").order_by("-cohort__launch_from")


def own_enrolment(enrolment: UUID, user: User) -> Enrolment | None:
    """One of them, with its cohort."""
    for found in _own_enrolment(enrolment, user.pk):
        found.user = user
        return found
    return None


@prepared
def _own_enrolment(enrolment: UUID, user: UUID) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk=enrolment, user=user).select_related("cohort__format")


@prepared
def parts_of(user: UUID) -> QuerySet[Enrolment]:
    """What a person is in which cohort, and where they came from, the latest first."""
    return Enrolment.objects.filter(user=user).select_related("cohort", "organisation").order_by("-created_at")


def is_taken(cohort: Cohort, email: str) -> bool:
    """Whether somebody with this address is put forward for, or has ever been enrolled in, the cohort."""
    live = cohort.nominations.live().filter(email__iexact=email.strip())
    return live.exists() or has_been_enrolled(cohort, email)


def has_been_enrolled(cohort: Cohort, email: str) -> bool:
    """Whether somebody with this address has ever been enrolled in the cohort, whatever became of it."""
    second = Q(user__emailaddress__email__iexact=email.strip(), user__emailaddress__verified=True)
    return cohort.enrolments.filter(Q(user__email__iexact=email.strip()) | second).exists()


def reserve_list(participation: Participation, role: str) -> QuerySet[Nomination]:
    """Who waits for a place in the role, in the coordinator's order."""
    rows = participation.nominations.filter(role=role, state=NominationState.RESERVE)
    return rows.order_by("reserve_position", "created_at")


def by_address(cohort: Cohort, emails: list[str]) -> dict[str, Nomination]:
    """The nominations of these addresses in the cohort by address in lower case: the live one, else the latest."""
    rows = Nomination.objects.filter(cohort=cohort).annotate(address=Lower("email")).filter(address__in=emails)
    ordered = sorted(rows.order_by("created_at"), key=lambda nomination: nomination.state in LIVE)
    return {nomination.address: nomination for nomination in ordered}


def enrolled_addresses(cohort: Cohort, emails: list[str]) -> set[str]:
    """Which of these addresses, in lower case, belong to people enrolled in the cohort, whatever became of it."""
    rows = cohort.enrolments.annotate(address=Lower("user__email")).filter(address__in=emails)
    return set(rows.values_list("address", flat=True))


def free_places(participation: Participation) -> Counter[str]:
    """How many places of each role a newcomer could still get: those that nobody holds or waits for."""
    free = Counter(participation.places.filter(nomination__isnull=True).values_list("role", flat=True))
    waiting = participation.nominations.filter(state=NominationState.RESERVE).values_list("role", flat=True)
    free.subtract(Counter(waiting))
    return +free


@dataclass
class RoleSummary:
    """One role of a participation as its coordinator sees it: agreed places and who is where."""

    role: str
    label: str
    agreed: int
    holding: list[Nomination] = field(default_factory=list)
    reserve: list[Nomination] = field(default_factory=list)
    applied: list[Nomination] = field(default_factory=list)
    ended: list[Nomination] = field(default_factory=list)
    elsewhere: int = 0

    @property
    def taken(self) -> int:
        """With those held by people who work elsewhere by now: counted, and not shown."""
        return len(self.holding) + self.elsewhere

    @property
    def free(self) -> int:
        return max(self.agreed - self.taken, 0)

    @property
    def accepted(self) -> int:
        return sum(nomination.state == NominationState.ACCEPTED for nomination in self.holding) + self.elsewhere

    @property
    def enrolled(self) -> int:
        """How many have finished enrolling; who works elsewhere by now is not among them."""
        done = {EnrolmentState.ENROLLED, EnrolmentState.COMPLETED}
        return sum(getattr(one, "enrolment", None) is not None and one.enrolment.state in done for one in self.holding)

    def file(self, nomination: Nomination) -> None:
        lists = {NominationState.RESERVE: self.reserve, NominationState.APPLIED: self.applied}
        target = self.holding if nomination.state in HOLDING else lists.get(nomination.state, self.ended)
        target.append(nomination)


def works_elsewhere(nomination: Nomination, participation: Participation) -> bool:
    """Whether somebody has changed employer since they were put forward; needs their enrolment loaded beside it."""
    enrolment = getattr(nomination, "enrolment", None)
    return enrolment is not None and enrolment.organisation_id != participation.organisation_id


def role_summaries(participation: Participation) -> list[RoleSummary]:
    """Every role of the participation with its people; two queries however many there are."""
    agreed = Counter(role for (role,) in _places(participation.pk))
    roles = participation.cohort.format.roles
    summaries = {role: RoleSummary(role, Role(role).label, agreed[role]) for role in roles}
    for nomination in _put_forward(participation.pk):
        nomination.participation = participation
        if nomination.role not in summaries:
            continue
        if works_elsewhere(nomination, participation):
            summaries[nomination.role].elsewhere += nomination.state in HOLDING
        else:
            summaries[nomination.role].file(nomination)
    return list(summaries.values())


@prepared
def _places(participation: UUID) -> QuerySet[Place, tuple[str]]:
    return Place.objects.filter(participation=participation).values_list("role")


@prepared
def _put_forward(participation: UUID) -> QuerySet[Nomination]:
    people = Nomination.objects.filter(participation=participation, erased_at__isnull=True)
    return people.select_related("enrolment").order_by(F("reserve_position"), "sort_name")


@dataclass(frozen=True)
class Held:
    """What whoever coordinates an organisation has in hand in one cohort, in counts."""

    participation: Participation
    people: int
    unanswered: int
    reserve: int


def held_by(organisation: Organisation) -> list[Held]:
    """For each cohort that an organisation is in and that is not over; one query."""
    live = Q(nominations__state__in=LIVE)
    rows = Participation.objects.active().filter(organisation=organisation).select_related("cohort", "organisation")
    counted = rows.annotate(
        people=Count("nominations", filter=live),
        unanswered=Count("nominations", filter=Q(nominations__state=NominationState.INVITED)),
        reserve=Count("nominations", filter=Q(nominations__state=NominationState.RESERVE)),
    )
    return [Held(one, one.people, one.unanswered, one.reserve) for one in counted.order_by("cohort__launch_from")]


# --- another employer -------------------------------------------------------------------------
def running(user: User) -> QuerySet[Enrolment]:
    """Where somebody takes part, as far as their employer there can still change."""
    rows = user.enrolments.filter(state__in=RUNS, cohort__closed_at=None)
    return rows.select_related("cohort", "organisation").order_by("cohort__launch_from", "created_at")


def employer_requests_of(user: User) -> QuerySet[EmployerRequest]:
    """What somebody told us of another employer in each cohort that runs, the latest alone."""
    rows = EmployerRequest.objects.filter(enrolment__in=running(user)).select_related("enrolment__cohort")
    return rows.order_by("enrolment_id", "-created_at").distinct("enrolment_id")


# --- ceremonies and masterclasses -------------------------------------------------------------
def waiting_position(event: Event, enrolment: Enrolment) -> int:
    """Where somebody stands on the waiting list of an event, from 1; 0 for who does not wait."""
    waiting = EventReply.objects.filter(event=event, waiting=True).exclude(enrolment__state="withdrawn")
    order = list(waiting.order_by("replied_at", "pk").values_list("enrolment", flat=True))
    return order.index(enrolment.pk) + 1 if enrolment.pk in order else 0


def places_left(event: Event) -> int | None:
    """How many may still say yes; None where everybody may."""
    if event.capacity is None:
        return None
    coming = EventReply.objects.filter(event=event, reply=Reply.YES, waiting=False)
    return max(event.capacity - coming.exclude(enrolment__state="withdrawn").count(), 0)
