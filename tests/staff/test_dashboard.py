"""The front page of the programme team: each rule with what it finds and what it lets be."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Concern, Membership
from cohorts.models import BlockedDates, Cohort, StaffAssignment
from content.models import Faq
from organisations.models import Demand, Interest
from outbox import bounces, complaints
from outbox.models import Message, State, Suppression, Wording
from participants.models import EmployerRequest, Enrolment, LeaveRequest
from privacy import erasure_requests
from privacy.models import AuditEvent, Complaint, ConsentEvent, ConsentWording
from staff import attention
from staff.attention.base import short_date
from staff.models import PutOff, Task
from surveys.models import Response, Survey, TeamNote
from tests.factories import (
    CircleFactory,
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    FormatFactory,
    InterestFactory,
    MembershipFactory,
    NominationFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
RULES = {rule.key: rule for rule in attention.RULES}


@pytest.fixture
def lead() -> User:
    return StaffFactory(role="lead")


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


class TestUnansweredInterest:
    @pytest.fixture(autouse=True)
    def _monday(self, move_clock: Any) -> None:
        move_clock(dt.date(2026, 11, 23))

    def test_found_after_two_working_days(self, lead: User) -> None:
        InterestFactory(organisation__name="Ashdown", created_at=clock.now() - dt.timedelta(days=4))
        assert found("interest_unanswered", lead) == ["Ashdown, since 19 November, in the team’s queue"]

    def test_a_weekend_is_not_counted(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=3))
        assert found("interest_unanswered", lead) == []

    def test_not_found_once_answered(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9), state=Interest.State.ANSWERED)
        assert found("interest_unanswered", lead) == []

    def test_a_new_one_stands_there_at_once_until_somebody_takes_it_on(self, lead: User) -> None:
        interest = InterestFactory(organisation__name="Ashdown")
        assert found("interest_in_queue", lead) == [f"Ashdown, since {short_date(clock.today())}"]
        Interest.objects.filter(pk=interest.pk).update(assigned_to=lead)
        assert found("interest_in_queue", lead) == []

    def test_a_late_one_stands_there_once(self, lead: User) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9))
        assert found("interest_in_queue", lead) == []
        assert len(found("interest_unanswered", lead)) == 1

    def test_an_adviser_sees_their_own_queue_only(self) -> None:
        mine = StaffFactory(role="relationship_manager")
        old = clock.now() - dt.timedelta(days=9)
        InterestFactory(organisation__name="Ashdown", created_at=old, assigned_to=mine)
        InterestFactory(organisation__name="Birch", created_at=old, assigned_to=StaffFactory(role="inclusion_adviser"))
        assert [evidence.split(",")[0] for evidence in found("interest_unanswered", mine)] == ["Ashdown"]

    def test_an_analyst_sees_none(self) -> None:
        InterestFactory(created_at=clock.now() - dt.timedelta(days=9))
        assert found("interest_unanswered", StaffFactory(role="analyst")) == []


class TestConfirmedOrganisation:
    def test_without_coordinator(self, lead: User) -> None:
        cohort = recruiting(60)
        ParticipationFactory(cohort=cohort, organisation__name="Ashdown")
        CoordinatorFactory(organisation=ParticipationFactory(cohort=cohort).organisation)
        former = ParticipationFactory(cohort=cohort, organisation__name="Birch")
        CoordinatorFactory(organisation=former.organisation, ended_at=clock.now())
        ParticipationFactory(cohort=cohort, withdrawn_at=clock.now())
        assert found("no_coordinator", lead, cohort) == ["Ashdown", "Birch"]

    def test_places_unfilled_near_the_deadline(self, lead: User) -> None:
        cohort = recruiting(10)
        participation = ParticipationFactory(cohort=cohort, organisation__name="Ashdown")
        for place in participation.places.all()[1:]:
            NominationFactory(participation=participation, role=place.role, place=place)
        role = participation.places.first().get_role_display().lower()
        [evidence] = found("places_unfilled", lead, cohort)
        assert evidence.startswith(f"Ashdown: 1 {role} place free until ")

    def test_no_hurry_before(self, lead: User) -> None:
        cohort = recruiting(15)
        ParticipationFactory(cohort=cohort)
        assert found("places_unfilled", lead, cohort) == []

    def test_too_late_after(self, lead: User) -> None:
        cohort = recruiting(-1)
        ParticipationFactory(cohort=cohort)
        assert found("places_unfilled", lead, cohort) == []


class TestPeopleOnTheirWay:
    @pytest.mark.parametrize(("days_left", "expected"), [(7, 1), (0, 1), (8, 0), (-1, 0)])
    def test_nominee_unanswered(self, lead: User, days_left: int, expected: int) -> None:
        cohort = recruiting(days_left)
        NominationFactory(participation=ParticipationFactory(cohort=cohort))
        assert len(found("nominee_unanswered", lead, cohort)) == expected

    def test_form_unfinished_after_recruitment(self, lead: User) -> None:
        earlier = clock.now() - dt.timedelta(days=4)
        for days, expected in ((-1, 1), (7, 1), (8, 0)):
            cohort = recruiting(days)
            EnrolmentFactory(cohort=cohort, state="started", agreed_at=None, created_at=earlier)
            EnrolmentFactory(cohort=cohort, state="started", agreed_at=None)
            EnrolmentFactory(cohort=cohort, created_at=earlier)
            assert len(found("form_unfinished", lead, cohort)) == expected

    def test_unplaced_after_publication(self, lead: User) -> None:
        cohort = running()
        EnrolmentFactory(cohort=cohort, user__first_name="Wai", user__last_name="Ting")
        EnrolmentFactory(cohort=cohort, state="withdrawn")
        MembershipFactory(circle__cohort=cohort)
        [evidence] = found("unplaced", lead, cohort)
        assert evidence.startswith("Wai Ting of ")

    def test_nobody_is_unplaced_before_it(self, lead: User) -> None:
        cohort = recruiting(-1)
        EnrolmentFactory(cohort=cohort)
        assert found("unplaced", lead, cohort) == []


class TestCircles:
    def test_not_published_after_recruitment(self, lead: User) -> None:
        waiting = recruiting(-1)
        assert len(found("circles_not_published", lead, waiting, recruiting(0), running())) == 1

    def test_without_lead(self, lead: User) -> None:
        circle = circle_with_lead()
        left = circle_with_lead(circle.cohort)
        Membership.objects.filter(circle=left).update(left_at=clock.now())
        assert found("no_lead", lead, circle.cohort) == [str(left)]

    def test_a_circle_without_lead_leads_to_finding_one_for_who_may(self, lead: User) -> None:
        circle = CircleFactory(cohort=running())
        for user, url, looks in (
            (lead, "admin:circle_mentor", ""),
            (StaffFactory(role="read_only"), "admin:circles_circle_change", "See the circle"),
        ):
            [findings] = attention.gather([RULES["no_lead"]], user, [circle.cohort]).values()
            item = findings[0].items[0]
            assert (item.url, item.looks) == (reverse(url, args=[circle.pk]), looks)

    def test_thin(self, lead: User) -> None:
        cohort = running(circle_minimum=2)
        thin, fine = circle_with_lead(cohort), circle_with_lead(cohort)
        for circle, seats in ((thin, [1]), (fine, [1, 2])):
            for seat in seats:
                MembershipFactory(circle=circle, seat=seat)
        MembershipFactory(circle=thin, seat=2, left_at=clock.now())
        assert found("thin_circle", lead, cohort) == [f"{thin}: 1 member, at least 2 are aimed at"]
        pair = CohortFactory(
            format=FormatFactory(key="pairs", capacity=1, minimum=1, target=1), published_at=clock.now()
        )
        circle_with_lead(pair)
        assert found("thin_circle", lead, pair) == []

    @pytest.mark.parametrize("key", ["no_lead", "no_next_session", "mentor_absent", "thin_circle"])
    def test_a_closed_circle_lacks_nothing(self, lead: User, key: str) -> None:
        circle = circle_with_lead()
        meeting(circle, 1, days=-20, came=False)
        meeting(circle, 2, days=-10, came=False)
        if key == "no_lead":
            Membership.objects.filter(circle=circle).update(left_at=clock.now())
        assert len(found(key, lead, circle.cohort)) == 1
        Membership.objects.filter(circle=circle).update(left_at=clock.now())
        Circle.objects.filter(pk=circle.pk).update(closed_at=clock.now())
        assert found(key, lead, circle.cohort) == []

    def test_without_next_session(self, lead: User) -> None:
        with_one, without = circle_with_lead(), circle_with_lead()
        meeting(with_one, 1, days=10)
        meeting(without, 1, days=-10)
        assert found("no_next_session", lead, with_one.cohort, without.cohort) == [f"{without}: 1 of 6 held"]

    def test_all_sessions_held_is_no_lack(self, lead: User) -> None:
        circle = circle_with_lead()
        for number in range(1, 7):
            meeting(circle, number, days=-number)
        assert found("no_next_session", lead, circle.cohort) == []

    @pytest.mark.parametrize(
        ("came", "expected"),
        [([False, False], 1), ([True, False, False], 1), ([False, True], 0), ([False], 0), ([False, None, False], 1)],
    )
    def test_absent_mentor(self, lead: User, came: list[bool | None], expected: int) -> None:
        circle = circle_with_lead()
        for number, one in enumerate(came, start=1):
            meeting(circle, number, days=30 * (number - len(came)) - 1, came=one)
        assert len(found("mentor_absent", lead, circle.cohort)) == expected


class TestClosing:
    def survey(self, cohort: Cohort) -> Survey:
        return Survey.objects.create(cohort=cohort, wave="pre", title="Before you begin")

    @pytest.mark.parametrize(("answered", "expected"), [(1, ["Before you begin: 1 of 2"]), (2, [])])
    def test_survey_behind(self, lead: User, answered: int, expected: list[str]) -> None:
        cohort = running()
        survey = self.survey(cohort)
        circle = CircleFactory(cohort=cohort)
        for seat in (1, 2):
            MembershipFactory(circle=circle, seat=seat)
        for number in range(answered):
            Response.objects.create(survey=survey, participant_key=f"key{number}", submitted_at=clock.now())
        assert found("survey_behind", lead, cohort) == expected

    def test_a_survey_has_two_weeks(self, lead: User) -> None:
        cohort = CohortFactory(launch=clock.today(), published_at=clock.now() - dt.timedelta(days=13))
        self.survey(cohort)
        MembershipFactory(circle__cohort=cohort)
        assert found("survey_behind", lead, cohort) == []

    @pytest.mark.parametrize(("since_launch", "expected"), [(205, 1), (204, 0)])
    def test_ready_to_close_on_its_last_day(self, lead: User, since_launch: int, expected: int) -> None:
        cohort = CohortFactory(launch=clock.today() - dt.timedelta(days=since_launch))
        assert len(found("ready_to_close", lead, cohort)) == expected

    def test_failed_messages(self, lead: User) -> None:
        user = UserFactory(first_name="Ola", last_name="Reed")
        for state in (State.FAILED, State.WAITING):
            Message.objects.create(
                key=state,
                kind="account.login_code",
                recipient=user,
                address=user.email,
                state=state,
                reason="No such box",
            )
        [evidence] = found("message_failed", lead)
        assert "Ola Reed" in evidence
        assert "No such box" in evidence

    def test_a_reply_address_that_is_no_longer_the_programmes(self, lead: User) -> None:
        ours, foreign = (CohortFactory(reply_address=address) for address in ("a@comc.example", "a@old.example"))
        evidence = ["a@old.example; answers go to programme@comc.example"]
        assert found("reply_address_foreign", lead, ours, foreign) == evidence

    def test_addresses_that_do_not_work_until_they_are_lifted(self, lead: User) -> None:
        user = UserFactory(first_name="Ola", last_name="Reed")
        row = Suppression.objects.create(address=user.email, user=user, why="bounced")
        [evidence] = found("address_dead", lead)
        assert evidence == f"Ola Reed: {row.get_why_display()}"
        bounces.lift(suppression=row, by=lead)
        assert found("address_dead", lead) == []


def take_back_consent(user: User, days_ago: int = 0) -> None:
    """They gave it once, and have not since."""
    wording, _ = ConsentWording.objects.get_or_create(purpose="testimonial", version=1)
    for given, days in ((True, days_ago + 30), (False, days_ago)):
        moment = clock.now() - dt.timedelta(days=days)
        ConsentEvent.objects.create(user=user, wording=wording, given=given, how="settings", at=moment)


class TestPresence:
    def test_somebody_who_missed_two_in_a_row(self, client: Client, lead: User) -> None:
        circle = circle_with_lead()
        away = MembershipFactory(circle=circle, seat=1, enrolment__user__last_name="Away").enrolment
        back = MembershipFactory(circle=circle, seat=2, enrolment__user__last_name="Back").enrolment
        for number, days in ((1, -60), (2, -30), (3, -5)):
            session = SessionFactory(circle=circle, number=number, starts_at=clock.now() + dt.timedelta(days=days))
            Attendance.objects.create(session=session, enrolment=away, attended=number == 1)
            Attendance.objects.create(session=session, enrolment=back, attended=number == 3)
        [evidence] = found("two_absences", lead, circle.cohort)
        assert "Away" in evidence
        client.force_login(lead)
        enrolments = reverse("admin:participants_enrolment_changelist")
        listed = client.get(enrolments, {"absent": "two", "cohort__id__exact": circle.cohort.pk}).context["cl"]
        assert [enrolment.pk for enrolment in listed.result_list] == [away.pk]

    def test_a_mentor_who_has_not_answered_with_days_to_go(self, lead: User) -> None:
        circle = circle_with_lead()
        meeting(circle, 1, 20)
        assert found("mentor_silent", lead, circle.cohort) == []
        meeting(circle, 2, 6)
        [evidence] = found("mentor_silent", lead, circle.cohort)
        assert "Leader" in evidence
        soon = circle.sessions.get(number=2)
        Attendance.objects.create(session=soon, enrolment=circle.memberships.get(seat=0).enrolment, reply="maybe")
        assert found("mentor_silent", lead, circle.cohort) == []

    def test_a_session_of_which_nobody_has_said_who_came(self, lead: User) -> None:
        circle = circle_with_lead()
        meeting(circle, 1, -6)
        meeting(circle, 2, -8, came=True)
        assert found("not_recorded", lead, circle.cohort) == []
        meeting(circle, 3, -8)
        assert len(found("not_recorded", lead, circle.cohort)) == 1

    def test_a_consent_taken_back_lately_and_not_given_again(self, lead: User) -> None:
        cohort = running()
        lately, long_ago, again, elsewhere = (UserFactory() for _ in range(4))
        for user in (lately, long_ago, again):
            EnrolmentFactory(cohort=cohort, user=user)
        for user, days in ((lately, 3), (long_ago, 15), (again, 3), (elsewhere, 3)):
            take_back_consent(user, days)
        ConsentEvent.objects.create(user=again, wording=ConsentWording.objects.get(), given=True, how="settings")
        [evidence] = found("consent_withdrawn", lead, cohort)
        assert evidence.startswith(str(lately))


def test_demand_from_employers_that_take_part_in_nothing(lead: User) -> None:
    part = ParticipationFactory(organisation__name="In It Ltd")
    for employer, organisation in (("Not in it", None), ("Not in it", None), ("In it", None), ("Other", part)):
        linked = organisation.organisation if organisation else None
        Demand.objects.create(employer=employer, employer_key=employer.lower(), organisation=linked)
    assert found("demand_elsewhere", lead) == ["Not in it: 2 people asked"]


class TestPuttingOff:
    def test_it_is_gone_for_the_team_until_the_day_and_then_back(
        self, client: Client, lead: User, move_clock: Any
    ) -> None:
        cohort, until = recruiting(-1), clock.today() + dt.timedelta(days=3)
        client.force_login(lead)
        url = reverse("admin:put_off", args=["circles_not_published", cohort.pk])
        assert client.post(url, {"until": until.isoformat(), "reason": "Two mentors to come"}).status_code == 302
        assert found("circles_not_published", StaffFactory(role="manager"), cohort) == []
        page = client.get("/admin/").content.decode()
        assert "Put off for now (1)" in page
        assert "Two mentors to come" in page
        event = AuditEvent.objects.get(verb="attention.put_off")
        assert (event.actor, event.data["rule"], "mentors" in str(event.data)) == (lead, "circles_not_published", False)
        move_clock(until)
        assert len(found("circles_not_published", lead, cohort)) == 1

    def test_it_can_be_brought_back(self, client: Client, lead: User) -> None:
        cohort = recruiting(-1)
        row = PutOff.objects.create(
            rule="circles_not_published", subject=cohort.pk, cohort=cohort, until="2999-01-01", reason="x", by=lead
        )
        client.force_login(lead)
        assert found("circles_not_published", lead, cohort) == []
        client.post(reverse("admin:bring_back", args=[row.pk]))
        assert len(found("circles_not_published", lead, cohort)) == 1
        assert AuditEvent.objects.filter(verb="attention.brought_back").exists()

    @pytest.mark.parametrize(("days", "reason"), [(0, "x"), (61, "x"), (3, "")])
    def test_never_without_a_reason_nor_for_too_long(self, client: Client, lead: User, days: int, reason: str) -> None:
        cohort = recruiting(-1)
        client.force_login(lead)
        url = reverse("admin:put_off", args=["circles_not_published", cohort.pk])
        until = clock.today() + dt.timedelta(days=days)
        assert client.post(url, {"until": until.isoformat(), "reason": reason}).context["form"].errors
        assert not PutOff.objects.exists()


class TestChoice:
    def test_by_owner_and_by_cohort(self, client: Client, lead: User) -> None:
        adviser = StaffFactory(role="inclusion_adviser")
        theirs, free = InterestFactory(assigned_to=adviser), InterestFactory()
        for interest in (theirs, free):
            Interest.objects.filter(pk=interest.pk).update(created_at=clock.now() - dt.timedelta(days=9))
        one, other = recruiting(-1), recruiting(-1)
        client.force_login(lead)

        def shown(**choice: str) -> tuple[int, list[Cohort]]:
            context = client.get("/admin/", choice).context
            found = [*context["general"], *(finding for desk in context["desks"] for finding in desk.findings)]
            return sum(len(finding.items) for finding in found), [desk.cohort for desk in context["desks"]]

        assert shown()[0] == 4
        assert shown(owner=str(adviser.pk))[0] == 1
        assert shown(owner="nobody")[0] == 3
        assert shown(cohort=str(one.pk)) == (1, [one])
        assert set(shown(cohort="nonsense")[1]) == {one, other}


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


def test_a_message_to_somebody_erased_still_says_so(lead: User) -> None:
    Message.objects.create(key="erased", kind="account.login_code", address="", state=State.FAILED)
    assert found("message_failed", lead) == ["Sign-in code to somebody whose details are erased"]


def test_every_rule_costs_the_same_with_one_and_three_rows(lead: User, count_queries: Any) -> None:
    def look() -> set[str]:
        groups = attention.gather(attention.RULES, lead, list(Cohort.objects.all()))
        return {finding.rule.key for findings in groups.values() for finding in findings}

    furnish()
    assert look() == set(RULES)
    once = count_queries(look)
    furnish()
    furnish()
    assert count_queries(look) == once == 52


class TestPage:
    def test_groups_by_cohort_and_links_to_what_settles_it(self, client: Client, lead: User) -> None:
        cohort = recruiting(-1)
        client.force_login(lead)
        page = client.get(reverse("admin:index")).content.decode()
        assert reverse("admin:cohort_page", args=[cohort.pk]) in page
        assert reverse("admin:formation_board", args=[cohort.pk]) in page
        assert "Recruitment is over and circles are not published" in page

    def test_shows_the_phase_and_today(self, client: Client, lead: User, move_clock: Any) -> None:
        move_clock(dt.date(2026, 11, 23))
        CohortFactory(launch=dt.date(2027, 1, 22))
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        assert "Today is Monday 23 November 2026" in page
        assert "Recruitment and enrolment" in page

    def test_says_what_to_do_when_there_is_nothing(self, client: Client, lead: User) -> None:
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        assert "No cohort is open" in page
        assert reverse("admin:cohorts_cohort_add") in page

    def test_the_rest_of_a_rule_is_a_page_away_with_all_of_it(self, client: Client, lead: User) -> None:
        cohort, other = running(), running()
        mine = [EnrolmentFactory(cohort=cohort, user__last_name=f"Number{n:02}") for n in range(7)]
        EnrolmentFactory(cohort=other, user__last_name="Elsewhere")
        type(mine[0].organisation).objects.filter(pk=mine[0].organisation_id).update(adviser=lead)
        client.force_login(lead)
        page = client.get("/admin/").content.decode()
        url = RULES["unplaced"].all_url(cohort.pk)
        assert "And 2 more" in page
        assert f'href="{url}"' in page

        listed = client.get(url)
        assert [row.item.key for row in listed.context["page"]] == [str(one.pk) for one in mine]
        words = listed.content.decode()
        assert all(reverse("admin:enrolment_seat", args=[one.pk]) in words for one in mine)
        assert f"{reverse('admin:put_off', args=['unplaced', mine[3].pk])}?cohort={cohort.pk}" in words
        assert "Elsewhere" not in words
        for choice, count in (({}, 8), ({"owner": "mine"}, 1), ({"q": "number05"}, 1), ({"cohort": "none"}, 0)):
            found = client.get(reverse("admin:attention_rule", args=["unplaced"]), choice)
            assert len(found.context["page"]) == count, choice

        # Put off from there, and back there; taken away as a file, which the trail notes.
        where = f"{reverse('admin:put_off', args=['unplaced', mine[3].pk])}?cohort={cohort.pk}"
        said = {"until": clock.today() + dt.timedelta(days=3), "reason": "x"}
        assert client.post(where, said).url == url
        assert "1 more is put off" in client.get(url).content.decode()
        assert "Choose what it is for" in client.post(url).content.decode()
        lines = client.post(url, {"purpose": "person"}).content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + 6
        assert AuditEvent.objects.get(verb="list.exported").data["rows"] == 6
        confided = reverse("admin:attention_rule", args=["concern_waiting"])
        assert (client.get(confided).status_code, client.post(confided).status_code) == (200, 403)

    def test_a_rule_shows_itself_to_nobody_without_its_permission(self, client: Client) -> None:
        EnrolmentFactory(cohort=running(), user__last_name="Unmistakable")
        client.force_login(StaffFactory(role="analyst"))
        assert client.get(reverse("admin:attention_rule", args=["unplaced"])).status_code == 403
        assert client.get(reverse("admin:attention_rule", args=["no_such_rule"])).status_code == 404

    def test_an_analyst_sees_phases_and_nobody(self, client: Client) -> None:
        cohort = running()
        EnrolmentFactory(cohort=cohort, user__last_name="Unmistakable")
        client.force_login(StaffFactory(role="analyst"))
        page = client.get("/admin/").content.decode()
        assert str(cohort) in page
        assert "Unmistakable" not in page

    def test_somebody_elses_cohort_is_not_there(self, client: Client) -> None:
        mine, other = recruiting(-1), recruiting(-1)
        person = UserFactory(is_staff=True)
        StaffAssignment.objects.create(user=person, role="manager", cohort=mine)
        client.force_login(person)
        page = client.get("/admin/").content.decode()
        assert reverse("admin:cohort_page", args=[mine.pk]) in page
        assert reverse("admin:cohort_page", args=[other.pk]) not in page

    def test_costs_the_same_with_one_and_three_cohorts(self, client: Client, lead: User, count_queries: Any) -> None:
        client.force_login(lead)
        furnish()
        once = count_queries(lambda: client.get("/admin/"))
        furnish()
        furnish()
        assert count_queries(lambda: client.get("/admin/")) == once
