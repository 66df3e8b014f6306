"""What rules find, and something for each of them to find."""

import datetime as dt
from typing import Any

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Concern
from cohorts.models import BlockedDates, Cohort
from content.models import Faq
from organisations.models import Demand
from outbox import complaints
from outbox.models import Message, Suppression, Wording
from participants.models import EmployerRequest, Enrolment, LeaveRequest
from privacy import erasure_requests
from privacy.models import Complaint, ConsentEvent, ConsentWording
from staff import attention
from staff.models import Task
from surveys.models import Survey, TeamNote
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    ParticipationFactory,
    SessionFactory,
    UserFactory,
)

RULES = {rule.key: rule for rule in attention.RULES}


def found(key: str, user: User, *cohorts: Cohort) -> list[str]:
    """The evidence that one rule gives this person about these cohorts."""
    for cohort in cohorts:
        cohort.refresh_from_db()
    groups = attention.gather([RULES[key]], user, list(cohorts))
    return [item.evidence for findings in groups.values() for finding in findings for item in finding.items]


def recruiting(days_left: int) -> Cohort:
    return CohortFactory(launch=clock.today() + dt.timedelta(days=35 + days_left))


def running(**fields: Any) -> Cohort:
    launch = clock.today() - dt.timedelta(days=80)
    return CohortFactory(launch=launch, published_at=clock.now() - dt.timedelta(days=85), **fields)


def circle_with_lead(cohort: Cohort | None = None) -> Circle:
    circle = CircleFactory(cohort=cohort or running())
    mentor = EnrolmentFactory(cohort=circle.cohort, role="mentor", user__last_name="Leader")
    MembershipFactory(circle=circle, enrolment=mentor, seat=0)
    return circle


def meeting(circle: Circle, number: int, days: int, came: bool | None = None) -> None:
    session = SessionFactory(circle=circle, number=number, starts_at=clock.now() + dt.timedelta(days=days))
    if came is not None:
        seat = circle.memberships.get(seat=0)
        Attendance.objects.create(session=session, enrolment=seat.enrolment, attended=came)


def message_to(user: User, state: str, reason: str) -> Message:
    return Message.objects.create(
        key=f"{user.pk}{state}",
        kind="account.login_code",
        recipient=user,
        address=user.email,
        state=state,
        reason=reason,
    )


def take_back_consent(user: User, days_ago: int = 0) -> None:
    """They gave it once, and have not since."""
    wording, _ = ConsentWording.objects.get_or_create(purpose="testimonial", version=1)
    for given, days in ((True, days_ago + 30), (False, days_ago)):
        moment = clock.now() - dt.timedelta(days=days)
        ConsentEvent.objects.create(user=user, wording=wording, given=given, how="settings", at=moment)


def furnish() -> None:
    """One of everything that some rule finds, in three cohorts of its own."""
    near, over, going = recruiting(5), recruiting(-1), running()
    InterestFactory()
    erasure_requests.ask(user=UserFactory(), by=None)
    InterestFactory(created_at=clock.now() - dt.timedelta(days=9))
    NominationFactory(participation=ParticipationFactory(cohort=near))
    accepted = clock.now() - dt.timedelta(days=4)
    EnrolmentFactory(cohort=over, state="started", agreed_at=None, created_at=accepted)
    EnrolmentFactory(cohort=going)
    circle = circle_with_lead(going)
    meeting(circle, 1, -40, came=False)
    meeting(circle, 2, -10, came=False)
    CircleFactory(cohort=going)
    unwanted = circle_with_lead(going)
    member = MembershipFactory(circle=unwanted, enrolment=EnrolmentFactory(cohort=going), seat=1).enrolment
    coming = SessionFactory(circle=unwanted, number=1, starts_at=clock.now() + dt.timedelta(days=3))
    Attendance.objects.create(session=coming, enrolment=member, reply="no")
    day = clock.local(coming.starts_at).date()
    BlockedDates.objects.create(cohort=going, first_day=day, last_day=day, label="Away day")
    for day in (-40, -10):
        session = unwanted.sessions.create(number=day + 50, starts_at=clock.now() + dt.timedelta(days=day))
        Attendance.objects.create(session=session, enrolment=member, attended=False)
    SessionFactory(circle=unwanted, number=5, starts_at=clock.now() - dt.timedelta(days=20))
    take_back_consent(member.user)
    name = f"Elsewhere {Demand.objects.count()}"
    Demand.objects.create(employer=name, employer_key=name.lower())
    Survey.objects.create(cohort=going, wave="pre", title="Before")
    TeamNote.objects.create(cohort=going, origin="check_in", text="x", enrolment=member, asks_for_help=True)
    Concern.objects.create(cohort=going, enrolment=member, text="x", due_on=clock.today())
    TeamNote.objects.create(cohort=going, origin="check_in", text="x", participant_key="a" * 32)
    CohortFactory(launch=clock.today() - dt.timedelta(days=206), reply_address="a@old.example")
    EmployerRequest.objects.create(enrolment=member, organisation="Cedar Housing")
    LeaveRequest.objects.create(enrolment=member)
    Enrolment.objects.filter(pk=member.pk).update(access_needs_unseen=True)
    Faq.objects.create(question="Can I join?", answer="Ask.", shipped_as="20-how-to-join", shipped_digest="0")
    user = UserFactory()
    for words in ("waits", "presses"):
        complaint = complaints.receive(name="Nia", email=user.email, text=words)
    Complaint.objects.filter(pk=complaint.pk).update(due_on=clock.today())
    Message.objects.create(
        key=user.email, kind="account.login_code", recipient=user, address=user.email, state="failed"
    )
    lying = clock.now() - dt.timedelta(hours=1)
    Message.objects.create(
        key=f"{user.email} waits", kind="account.login_code", address=user.email, next_attempt_at=lying
    )
    Suppression.objects.create(address=user.email, user=user, why="bounced")
    Task.objects.create(what="Ring them", due_on=clock.today(), cohort=going, owner=user)
    kind = ["circles.left", "circles.moved", "circles.grown"][Wording.objects.count()]
    Wording.objects.create(kind=kind, number=1, subject="x", body="{{ gone }}", fault="There is no “gone”.")
