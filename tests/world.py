"""One small programme with somebody in every role: what the URL × role matrix and the page crawl look at."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.management import call_command

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Certificate, Circle, FormationRun, Membership, Session
from cohorts.models import Cohort, Event, Format, Slot
from organisations.models import Coordinator, Interest, Organisation, Participation
from participants.models import Enrolment, Nomination
from surveys.models import Survey
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    SlotFactory,
    StaffFactory,
    UserFactory,
)

STAFF_ROLES = ["lead", "manager", "inclusion_adviser", "relationship_manager", "analyst", "read_only"]
EVERYBODY = [
    "anonymous",
    "stranger",
    "mentee",
    "other_mentee",
    "mentor",
    "coordinator",
    "other_coordinator",
    *STAFF_ROLES,
]


@dataclass
class World:
    """Who and what there is. `people` maps a role to its person; `anonymous` is nobody."""

    running: Cohort
    recruiting: Cohort
    organisation: Organisation
    participation: Participation
    recruiting_participation: Participation
    nomination: Nomination
    circle: Circle
    session: Session
    past_session: Session
    opening: Event
    mentee: Enrolment
    mentor: Enrolment
    started: Enrolment
    survey: Survey
    certificate: Certificate
    interest: Interest
    run: FormationRun
    people: dict[str, User | None] = field(default_factory=dict)


def build() -> World:
    """A running cohort with two circles, a recruiting one with a proposal, and a person in every role."""
    call_command("set_up", verbosity=0)
    circles_format = Format.objects.get(key="circles")
    running = CohortFactory(format=circles_format, number=14, launch=clock.today() - dt.timedelta(days=60))
    recruiting = CohortFactory(format=circles_format, number=15, launch=clock.today() + dt.timedelta(days=60))
    slot = SlotFactory(cohort=running)
    SlotFactory(cohort=recruiting)
    organisation, other = OrganisationFactory(name="Ashdown Rail"), OrganisationFactory(name="Birch Energy")
    third = OrganisationFactory(name="Cedar Housing")
    participation = ParticipationFactory(organisation=organisation, cohort=running)
    ParticipationFactory(organisation=other, cohort=running)
    recruiting_participation = ParticipationFactory(organisation=organisation, cohort=recruiting)
    ParticipationFactory(organisation=other, cohort=recruiting)
    world = _circle(running, slot, organisation, other, third)
    return World(
        running=running,
        recruiting=recruiting,
        organisation=organisation,
        participation=participation,
        recruiting_participation=recruiting_participation,
        nomination=NominationFactory(participation=recruiting_participation),
        started=_started(recruiting_participation),
        interest=InterestFactory(organisation=organisation, cohort=recruiting),
        run=FormationRun.objects.create(cohort=recruiting, state="done"),
        survey=_surveys(running),
        certificate=Certificate.objects.create(enrolment=world["mentee"], sessions_attended=5, sessions_held=6),
        people=_people(world, organisation, other),
        **{name: thing for name, thing in world.items() if name != "other_mentee"},
    )


def _circle(running: Cohort, slot: Slot, *organisations: Organisation) -> dict:
    home, other, third = organisations
    circle = Circle.objects.create(cohort=running, number=1, slot=slot)
    elsewhere = Circle.objects.create(cohort=running, number=2, slot=slot)
    mentor = EnrolmentFactory(cohort=running, organisation=third, role="mentor")
    mentee = EnrolmentFactory(cohort=running, organisation=home)
    other_mentee = EnrolmentFactory(cohort=running, organisation=other)
    MembershipFactory(circle=circle, enrolment=mentor, seat=Membership.LEAD_SEAT)
    MembershipFactory(circle=circle, enrolment=mentee, seat=1)
    MembershipFactory(circle=elsewhere, enrolment=other_mentee, seat=1)
    now = clock.now()
    past = Session.objects.create(circle=circle, number=1, starts_at=now - dt.timedelta(days=20))
    session = Session.objects.create(circle=circle, number=2, starts_at=now + dt.timedelta(days=8))
    Attendance.objects.create(session=past, enrolment=mentee, reply="yes", attended=True)
    opening = Event.objects.create(
        cohort=running, kind="opening", title="Opening", starts_at=now + dt.timedelta(days=3)
    )
    return {
        "circle": circle, "session": session, "past_session": past, "opening": opening, "mentor": mentor,
        "mentee": mentee, "other_mentee": other_mentee,
    }  # fmt: skip


def _started(participation: Participation) -> Enrolment:
    nomination = NominationFactory(participation=participation, state="accepted")
    return EnrolmentFactory(
        cohort=participation.cohort, organisation=participation.organisation, nomination=nomination, state="started"
    )


def _surveys(cohort: Cohort) -> Survey:
    from surveys.services import ensure_surveys

    ensure_surveys(cohort=cohort)
    return Survey.objects.get(cohort=cohort, wave="pre")


def _people(world: dict, organisation: Organisation, other: Organisation) -> dict[str, User | None]:
    people: dict[str, User | None] = {"anonymous": None, "stranger": UserFactory()}
    people |= {name: world[name].user for name in ("mentee", "other_mentee", "mentor")}
    people |= {
        "coordinator": _coordinator(organisation).user,
        "other_coordinator": _coordinator(other).user,
    }
    return people | {role: StaffFactory(role=role) for role in STAFF_ROLES}


def _coordinator(organisation: Organisation) -> Coordinator:
    return CoordinatorFactory(organisation=organisation)
