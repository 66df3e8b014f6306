"""One small programme with somebody in every role: what the URL × role matrix and the page crawl look at."""

import datetime as dt
import uuid
from pathlib import Path
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.core.management import call_command

from accounts import clock
from accounts.models import User
from circles import links as circle_links
from circles.models import (
    Action,
    AgendaItem,
    AgendaVote,
    Announcement,
    Attendance,
    Certificate,
    Circle,
    Concern,
    FormationRun,
    Membership,
    Notice,
    Poll,
    PollDate,
    ProposedCircle,
    ProposedSeat,
    Reflection,
    Session,
    SessionNote,
    SharedGoal,
    StandIn,
)
from circles.services.apart import keep_apart
from circles.services.feeds import make_feed
from cohorts.models import Cohort, Cover, Event, Format, OnboardingItem, StaffAssignment, Topic
from cohorts.services import default_reminder_rules
from content.models import Baseline, Faq, PageText, Resource
from organisations import links as organisation_links
from organisations.models import CoordinatorInvitation, Demand, Organisation
from outbox import preferences
from outbox.complaints import receive
from outbox.models import Message, Suppression
from participants import links, steps
from participants.models import AskedAgain, EmployerRequest, Enrolment, LeaveRequest, Nomination
from privacy.models import AuditEvent, Complaint, ConsentEvent, ConsentWording, Purpose
from privacy.services import record, set_consent
from staff.models import Contact, HandbookText, PastLoad, PutOff, SavedView, Task
from surveys.models import Instrument, IntruderTest, Snapshot, Survey, TeamNote, Testimonial
from surveys.selectors.reach import reach_figures
from surveys.services import ensure_surveys
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
from tests.surveys.people import answer

VISITORS = ["anonymous", "nominee"]  # nobody is signed in; a nominee holds the links of their mails
PEOPLE = [
    "stranger",
    "enrolling",
    "mentee",
    "other_mentee",
    "mentor",
    "partner",
    "stand_in",
    "coordinator",
    "other_coordinator",
]
TEAM = ["lead", "manager", "inclusion_adviser", "relationship_manager", "analyst", "read_only"]
ELSEWHERE = "manager_elsewhere"  # a programme manager, but of a cohort that has nothing to do with any row here
STAFF = [*TEAM, ELSEWHERE]
EVERYBODY = [*VISITORS, *PEOPLE, *STAFF]


class World(SimpleNamespace):
    """Who and what there is, by name. `people` maps a role to its person; a visitor is None."""

    people: dict[str, User | None]


def build() -> World:
    """Cohorts that run, recruit, take applications and are over, with a person in every role."""
    call_command("set_up", verbosity=0)
    w = World(missing=uuid.UUID(int=1), forged=signing.dumps("nothing", salt="forged"))
    w.organisation, w.other = OrganisationFactory(name="Ashdown Rail"), OrganisationFactory(name="Birch Energy")
    w.third = OrganisationFactory(name="Cedar Housing")
    w.coordination, w.other_coordinator = CoordinatorFactory(organisation=w.organisation), _coordinator(w.other)
    w.coordinator = w.coordination.user
    _running(w)
    _recruiting(w)
    _proposal(w)
    _applying(w)
    _pair(w)
    _people(w)
    _rows_of_the_admin(w)
    return w


def _coordinator(organisation: Organisation) -> User:
    return CoordinatorFactory(organisation=organisation).user


def _cohort(key: str, number: int, *, days: int, **values: object) -> Cohort:
    """A cohort that launches (or did) so many days from now, with one slot and its surveys."""
    launch = clock.today() + dt.timedelta(days=days)
    cohort = CohortFactory(format=Format.objects.get(key=key), number=number, launch=launch, **values)
    SlotFactory(cohort=cohort)
    ensure_surveys(cohort=cohort)
    return cohort


# --- a cohort that runs ---------------------------------------------------------------------------


def _running(w: World) -> None:
    """Two circles. The mentor has handed in the first survey, one mentee is about to, the other has not begun."""
    w.running = _cohort("circles", 14, days=-60, published_at=clock.now() - dt.timedelta(days=62))
    w.participation = ParticipationFactory(organisation=w.organisation, cohort=w.running)
    ParticipationFactory(organisation=w.other, cohort=w.running)
    w.circle = Circle.objects.create(cohort=w.running, number=1, slot=w.running.slots.get())
    w.other_circle = Circle.objects.create(cohort=w.running, number=2, slot=w.running.slots.get())
    w.mentor = _seated(w.circle, Membership.LEAD_SEAT, w.third, role="mentor")
    w.mentee = _seated(w.circle, 1, w.organisation)
    w.other_mentee = _seated(w.other_circle, 1, w.other)
    _sessions(w)
    w.survey = w.running.surveys.get(wave=Survey.Wave.PRE)
    answer(w.mentor, Survey.Wave.PRE)
    answer(w.other_mentee, Survey.Wave.PRE, submit=False)
    w.agenda_item = AgendaItem.objects.create(circle=w.circle, text="Asking for a stretch role", added_by=w.mentee)
    _space(w)
    w.announcement = Announcement.objects.create(
        cohort=w.running, subject="A room for our sessions", text="We meet in Room 2.", roles=["mentee", "mentor"]
    )
    w.sent_announcement = Announcement.objects.create(
        cohort=w.running, subject="Thank you", text="It was good.", roles=["mentee"], state="sent", sent_at=clock.now()
    )
    w.mentee.topics.add(Topic.objects.first())
    w.certificate = Certificate.objects.create(enrolment=w.mentee, sessions_attended=5, sessions_held=6)


def _space(w: World) -> None:
    """What the people of a circle have put into its space."""
    AgendaVote.objects.create(item=w.agenda_item, enrolment=w.mentor)
    w.notice = Notice.objects.create(circle=w.circle, text="Bring one question.", written_by=w.mentee)
    w.shared_goal = SharedGoal.objects.create(circle=w.circle, text="Each asks for feedback", added_by=w.mentor)
    own = {"circle": w.circle, "owner": w.mentee, "added_by": w.mentor}
    w.action = Action.objects.create(text="Write to my manager", due_on=clock.today(), **own)
    w.note = SessionNote.objects.create(session=w.past_session, decisions="We meet at noon.", written_by=w.mentor)
    Reflection.objects.create(session=w.past_session, enrolment=w.mentee, text="I spoke too little.")
    told = {"cohort": w.running, "enrolment": w.mentee, "due_on": clock.today()}
    w.concern = Concern.objects.create(text="Somebody talks over me.", **told)


def _seated(circle: Circle, seat: int, organisation: Organisation, role: str = "mentee", **values: object) -> Enrolment:
    enrolment = EnrolmentFactory(
        cohort=circle.cohort, organisation=organisation, role=role, completed_at=clock.now(), **values
    )
    MembershipFactory(circle=circle, enrolment=enrolment, seat=seat)
    set_consent(user=enrolment.user, purpose=Purpose.EVALUATION, given=True, how="enrolment")
    return enrolment


def _sessions(w: World) -> None:
    now = clock.now()
    w.past_session = Session.objects.create(circle=w.circle, number=1, starts_at=now - dt.timedelta(days=20))
    w.session = Session.objects.create(circle=w.circle, number=2, starts_at=now + dt.timedelta(days=8))
    w.attendance = Attendance.objects.create(session=w.past_session, enrolment=w.mentee, reply="yes", attended=True)
    w.opening = Event.objects.create(
        cohort=w.running, kind="opening", title="Opening ceremony", starts_at=now + dt.timedelta(days=3)
    )
    w.poll = Poll.objects.create(circle=w.circle, session=w.session, closes_at=now + dt.timedelta(days=4))
    for days in (9, 11):
        PollDate.objects.create(poll=w.poll, starts_at=now + dt.timedelta(days=days))
    w.poll_link = circle_links.token(w.poll, w.mentee)
    _stand_ins(w)
    w.session_link = circle_links.token(w.session, w.mentee)
    w.event_link = circle_links.token(w.opening, w.mentee)
    w.no_more_nudges = preferences.token(w.mentee.user, "nudges")
    w.rule = next(rule for rule in default_reminder_rules(w.running) if rule.kind == "session_coming")
    w.calendar_token = make_feed(user=w.mentee.user, by=w.mentee.user)


def _stand_ins(w: World) -> None:
    """A mentor in reserve who leads the session to come, and led the one that is out of their reach by now."""
    reserve = EnrolmentFactory(cohort=w.running, organisation=w.third, role="mentor")
    asked = {"enrolment": reserve, "asked_by": w.mentor.user}
    w.stand_in = StandIn.objects.create(session=w.session, accepted_at=clock.now(), **asked)
    StandIn.objects.create(session=w.past_session, accepted_at=clock.now(), **asked)
    later = Session.objects.create(circle=w.circle, number=3, starts_at=clock.now() + dt.timedelta(days=38))
    w.asked = StandIn.objects.create(session=later, **asked)
    w.later_session = Session.objects.create(
        circle=w.circle, number=4, starts_at=later.starts_at + dt.timedelta(days=28)
    )
    w.asked_link = circle_links.token(w.asked, reserve)


# --- a cohort that recruits -----------------------------------------------------------------------


def _recruiting(w: World) -> None:
    w.recruiting = _cohort("circles", 15, days=60, circle_minimum=1, circle_target=1)
    w.recruiting_participation = ParticipationFactory(organisation=w.organisation, cohort=w.recruiting)
    ParticipationFactory(organisation=w.other, cohort=w.recruiting)
    own = {"participation": w.recruiting_participation, "nominated_by": w.coordinator}
    w.nomination = NominationFactory(first_name="Nadia", **own)
    w.reserve = NominationFactory(first_name="Rory", state="reserve", reserve_position=1, **own)
    w.invitation = links.invitation_token(w.nomination)
    w.started = EnrolmentFactory(
        cohort=w.recruiting, organisation=w.organisation, state="started", agreed_at=None,
        nomination=NominationFactory(state="accepted", **own),
    )  # fmt: skip
    w.interest = InterestFactory(organisation=w.organisation, cohort=w.recruiting)
    w.again = AskedAgain.objects.create(enrolment=w.mentor, cohort=w.recruiting, role="mentor")
    w.again_link = links.again_token(w.again)


def _proposal(w: World) -> None:
    """A proposal with one circle and somebody who waits."""
    lead, member, waits = (
        EnrolmentFactory(cohort=w.recruiting, organisation=organisation, role=role)
        for organisation, role in ((w.other, "mentor"), (w.organisation, "mentee"), (w.other, "mentee"))
    )
    w.run = FormationRun.objects.create(cohort=w.recruiting, state="done", cost=1.0, finished_at=clock.now())
    circle = ProposedCircle.objects.create(run=w.run, number=1, lead=lead, slot=w.recruiting.slots.get())
    ProposedSeat.objects.create(run=w.run, enrolment=member, circle=circle, because=["Free on Tuesday 12:30."])
    w.older_run = FormationRun.objects.create(
        cohort=w.recruiting, state="done", cost=2.0, created_at=w.run.created_at - dt.timedelta(hours=1)
    )
    w.kept_apart = keep_apart(first=member, second=waits, by=None)
    ProposedSeat.objects.create(run=w.run, enrolment=waits, reason="No mentor is free when they are.")
    w.placed = member


def _applying(w: World) -> None:
    """A cohort that people apply for, and somebody who has only to press the last button of enrolling."""
    w.applying = _cohort("reverse", 1, days=60, name="Reverse mentoring 1")
    w.by_application = ParticipationFactory(organisation=w.organisation, cohort=w.applying)
    w.application = links.application_token(w.by_application)
    w.applied = NominationFactory(
        participation=w.by_application, state="applied", origin=Nomination.Origin.APPLIED, first_name="Amal"
    )
    w.answered = EnrolmentFactory(
        cohort=w.applying, organisation=w.organisation, user=w.started.user, state="started",
        steps_done=[step.key for step in steps.STEPS],
    )  # fmt: skip


# --- a pair at the end of its programme -----------------------------------------------------------


def _pair(w: World) -> None:
    """Two partners whose sessions are over: one has answered both surveys, the other only the first."""
    w.pairs = _cohort(
        "reciprocal", 1, days=-210, published_at=clock.now() - dt.timedelta(days=212), name="Reciprocal mentoring 1"
    )
    ParticipationFactory(organisation=w.third, cohort=w.pairs)
    w.pair = Circle.objects.create(cohort=w.pairs, number=1, capacity=1)
    now = clock.now()
    w.pair_session = Session.objects.create(circle=w.pair, number=1, starts_at=now + dt.timedelta(days=1))
    w.partner = _seated(w.pair, Membership.LEAD_SEAT, w.third, role="partner", side="lead")
    w.other_partner = _seated(w.pair, 1, w.third, role="partner", side="member")
    w.first_survey, w.last_survey = (w.pairs.surveys.get(wave=wave) for wave in ("pre", "post"))
    for partner in (w.partner, w.other_partner):
        answer(partner, Survey.Wave.PRE, 3)
    Session.objects.filter(pk=w.pair_session.pk).update(starts_at=now - dt.timedelta(days=1))
    set_consent(user=w.partner.user, purpose=Purpose.TESTIMONIAL, given=True, how="enrolment")
    answer(w.partner, Survey.Wave.POST, 4)


# --- people ---------------------------------------------------------------------------------------


def _people(w: World) -> None:
    w.elsewhere = _cohort("circles", 16, days=200)
    manager = UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=manager, role="manager", cohort=w.elsewhere)
    w.people = {
        "anonymous": None, "nominee": None, "stranger": UserFactory(), "enrolling": w.started.user,
        "mentee": w.mentee.user, "other_mentee": w.other_mentee.user, "mentor": w.mentor.user,
        "partner": w.partner.user, "stand_in": w.stand_in.enrolment.user,
        "coordinator": w.coordinator, "other_coordinator": w.other_coordinator,
        **{role: StaffFactory(role=role) for role in TEAM}, ELSEWHERE: manager,
    }  # fmt: skip
    _next_cohort(w)
    User.objects.update(password=make_password(None))  # people sign in by an e-mailed code
    for person in filter(None, w.people.values()):
        person.refresh_from_db()


def _next_cohort(w: World) -> None:
    """The coordinator's employer is asked whether it takes part again, and they ask a colleague in."""
    w.coordinating = CoordinatorInvitation.objects.create(
        organisation=w.organisation, first_name="Cleo", last_name="Colleague", email="cleo@employer.example",
        invited_by=w.coordinator,
    )  # fmt: skip
    w.coordinating_link = organisation_links.coordinating_token(w.coordinating)
    Message.objects.create(
        key="renewal", kind="organisations.renewal_offered", about=w.participation, recipient=w.coordinator,
        address=w.coordinator.email, occurrence=str(w.elsewhere.pk), state="skipped",
    )  # fmt: skip


def _rows_of_the_admin(w: World) -> None:
    """One row of every model that the admin shows, by the model's label; none is somebody's who looks at it."""
    record(by=w.people["lead"], verb="test", about=w.organisation)
    testimonial = Testimonial.objects.create(enrolment=w.mentee, quote="It changed how I ask.", attribution="Mentee")
    note = TeamNote.objects.create(enrolment=w.mentee, cohort=w.running, origin="check_in", text="The room is cold.")
    snapshot = Snapshot.objects.create(cohort=w.pairs, kind="reach", figures=reach_figures(w.pairs), digest="0" * 64)
    message = Message.objects.create(key="one", kind="circles.placed", address="someone@employer.example")
    suppression = Suppression.objects.create(address="someone@employer.example", why="bounced")
    w.resource = Resource.objects.create(title="Asking well", summary="How to ask.", body="Ask.")
    w.onboarding_item = OnboardingItem.objects.create(kind="other", title="Write to your circle")
    w.demand = Demand.objects.create(employer="Dale Mills", employer_key="dale mills")
    w.put_off = PutOff.objects.create(
        rule="no_lead", subject=str(w.missing), cohort=w.running, until=clock.today() + dt.timedelta(days=7), reason="x"
    )
    w.contact = Contact.objects.create(
        organisation=w.organisation, spoken_on=clock.today(), channel="telephone", spoke_with="Sam", said="They ask.",
        written_by=w.people["lead"],
    )  # fmt: skip
    w.task = Task.objects.create(
        what="Send the dates", due_on=clock.today(), organisation=w.organisation, cohort=w.running,
        owner=w.people["lead"], asked_by=w.people["lead"],
    )  # fmt: skip
    HandbookText.objects.create(
        slug="enquiry", number=1, title="An enquiry", summary="Who answers.", body="Ring them.", based_on="0",
        written_by=w.people["lead"],
    )  # fmt: skip
    EmployerRequest.objects.create(enrolment=w.mentee, organisation="Dale Mills")
    LeaveRequest.objects.create(enrolment=w.mentor, reason="I move away.")
    cover = Cover.objects.create(
        person=w.people["manager"], covered_by=w.people["lead"], first_day="2020-01-06", last_day="2020-01-10"
    )
    w.complaint = receive(name="Ada Contact", email="a@b.example", text="You told my employer.", wish="Say so.")
    Complaint.objects.update(done="We asked the sender.", answer="It was a mistake.")
    w.saved_view = SavedView.objects.create(of_list="organisations.interest", name="Mine", owner=w.people["lead"])
    past = _cohort("circles", 9, days=-900, closed_at=clock.now() - dt.timedelta(days=700))
    w.past_load = PastLoad.objects.create(cohort=past, by=w.people["lead"])
    test = IntruderTest.objects.create(done_on="2026-01-05", tried_by="Robin", tried="All figures.", outcome="nobody")
    w.new_survey = w.elsewhere.surveys.get(wave="pre")
    rows = [
        AuditEvent.objects.first(), ConsentEvent.objects.first(), ConsentWording.objects.first(), w.running.format,
        Topic.objects.first(), w.recruiting, w.people["stranger"], Instrument.objects.first(), w.survey, testimonial,
        note, snapshot, w.concern, w.circle, w.session, w.poll, w.attendance, w.certificate, w.nomination, w.mentee,
        w.interest, w.organisation, w.participation, w.demand,
        PageText.objects.first(), Faq.objects.first(), w.resource,
        w.onboarding_item, Baseline.objects.get(), message, suppression, test, w.task, cover, w.complaint,
    ]  # fmt: skip
    w.rows = {row._meta.label_lower: row for row in rows}


LETTER = """\
From: team@charity.example
To: someone@employer.example
Subject: Your circle
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="part"

--part
Content-Type: text/plain; charset="utf-8"

Your circle meets on Tuesday.
--part
Content-Type: text/html; charset="utf-8"

<!doctype html><html lang="en"><head><title>Your circle</title><style>p { margin: 0 }</style></head>
<body><main><h1>Your circle</h1><p>Your circle meets on Tuesday.</p></main></body></html>
--part--
"""


def put_letter(folder: Path) -> str:
    """A sent mail where the demonstration's mail page looks for it; its name."""
    Path(folder, "1767225600000-1.eml").write_text(LETTER, encoding="utf-8")
    return "1767225600000-1"
