"""Rules for circles that meet and cohorts that close, each with what it finds and what it lets be."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import User
from circles.models import Attendance, Circle, Membership
from cohorts.models import Cohort
from organisations.models import Demand
from outbox import bounces
from outbox.models import Message, State, Suppression
from privacy.models import ConsentEvent, ConsentWording
from staff import attention
from surveys.models import Response, Survey
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    FormatFactory,
    MembershipFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)
from tests.staff.dashboard.findings import (
    RULES,
    circle_with_lead,
    found,
    meeting,
    recruiting,
    running,
    take_back_consent,
)

pytestmark = pytest.mark.django_db


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
