"""Leaving a circle and joining one late; and what PostgreSQL refuses whoever asks."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts import clock
from circles.models import Circle, Membership, Session
from circles.services import membership
from circles.services.board import FormationError
from circles.services.sessions import invite, plan_sessions
from cohorts.models import Format
from organisations.services import merge_organisations
from outbox.models import Message
from participants.models import Enrolment
from tests.circles.circle import published
from tests.circles.forming import enrol
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    NominationFactory,
    OrganisationFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    made = CircleFactory(capacity=10)
    MembershipFactory(circle=made, seat=0, enrolment=EnrolmentFactory(cohort=made.cohort, role="mentor"))
    return made


def refused(constraint: str, **values: object) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        MembershipFactory(**values)
    assert error.value.__cause__.diag.constraint_name == constraint


# --- the database -----------------------------------------------------------------------------
def test_a_seat_beyond_the_capacity_does_not_exist(circle):
    Circle.objects.filter(pk=circle.pk).update(capacity=2)
    MembershipFactory(circle=circle, seat=2)
    refused("membership_within_capacity", circle=circle, seat=3)


def test_nobody_of_another_cohort_gets_a_seat(circle):
    refused("membership_same_cohort", circle=circle, seat=1, enrolment=EnrolmentFactory(cohort=CohortFactory()))


def test_a_member_has_no_lead_s_seat_and_a_lead_no_member_s(circle):
    mentor = EnrolmentFactory(cohort=circle.cohort, role="mentor")
    refused("membership_seat_follows_side", circle=circle, seat=1, enrolment=mentor)
    other = CircleFactory(cohort=circle.cohort)
    refused("membership_seat_follows_side", circle=other, seat=0, enrolment=EnrolmentFactory(cohort=circle.cohort))


def test_nobody_is_led_by_a_colleague(circle):
    lead = circle.memberships.get(seat=0).enrolment
    colleague = EnrolmentFactory(cohort=circle.cohort, organisation=lead.organisation)
    refused("membership_own_organisation", circle=circle, seat=1, enrolment=colleague)


def test_a_lead_is_not_seated_over_a_colleague():
    circle = CircleFactory()
    member = MembershipFactory(circle=circle, seat=1).enrolment
    lead = EnrolmentFactory(cohort=circle.cohort, role="mentor", organisation=member.organisation)
    refused("membership_own_organisation", circle=circle, seat=0, enrolment=lead)


def test_two_colleagues_among_the_members_are_not_forbidden(circle):
    first = MembershipFactory(circle=circle, seat=1).enrolment
    MembershipFactory(
        circle=circle, seat=2, enrolment=EnrolmentFactory(cohort=circle.cohort, organisation=first.organisation)
    )
    assert circle.memberships.count() == 3


def test_the_format_says_whether_colleagues_are_wanted(circle):
    Format.objects.update(own_organisation="required")
    lead = circle.memberships.get(seat=0).enrolment
    refused("membership_own_organisation", circle=circle, seat=1)
    MembershipFactory(
        circle=circle, seat=1, enrolment=EnrolmentFactory(cohort=circle.cohort, organisation=lead.organisation)
    )
    Format.objects.update(own_organisation="allowed")
    MembershipFactory(circle=circle, seat=2)


def test_who_has_left_is_history_and_breaks_no_rule(circle):
    lead = circle.memberships.get(seat=0).enrolment
    colleague = EnrolmentFactory(cohort=circle.cohort, organisation=lead.organisation)
    MembershipFactory(circle=circle, seat=1, enrolment=colleague, left_at=circle.created_at)


def test_a_circle_keeps_room_for_those_who_sit_in_it(circle):
    MembershipFactory(circle=circle, seat=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Circle.objects.filter(pk=circle.pk).update(capacity=4)
    Circle.objects.filter(pk=circle.pk).update(capacity=5)


def test_somebody_who_sits_in_a_circle_keeps_their_cohort_and_side(circle):
    lead = circle.memberships.get(seat=0).enrolment
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=lead.pk).update(cohort=CohortFactory())


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_for_ten_seats_never_make_an_eleventh_member():
    circle = CircleFactory(capacity=10)
    people = [EnrolmentFactory(cohort=circle.cohort) for _ in range(12)]
    staff = StaffFactory()

    def join(enrolment: Enrolment) -> str:
        try:
            membership.add_to_circle(enrolment=enrolment, circle=circle, by=staff)
        except FormationError:
            return "refused"
        finally:
            connection.close()
        return "seated"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(join, people))
    assert sorted(outcomes) == ["refused"] * 2 + ["seated"] * 10
    assert sorted(circle.memberships.values_list("seat", flat=True)) == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
def test_twelve_raw_inserts_at_once_never_make_an_eleventh_member():
    circle = CircleFactory(capacity=10)
    people = [EnrolmentFactory(cohort=circle.cohort) for _ in range(12)]

    def insert(numbered: tuple[int, Enrolment]) -> bool:
        seat, enrolment = numbered
        try:
            Membership.objects.create(circle=circle, enrolment=enrolment, seat=seat)
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(insert, enumerate(people, start=1)))
    assert outcomes.count(True) == 10
    assert circle.memberships.count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_lead_and_a_colleague_seated_at_the_same_moment_are_not_both_seated():
    circle = CircleFactory()
    lead = EnrolmentFactory(cohort=circle.cohort, role="mentor")
    colleague = EnrolmentFactory(cohort=circle.cohort, organisation=lead.organisation)

    def insert(numbered: tuple[int, Enrolment]) -> bool:
        try:
            Membership.objects.create(circle=circle, enrolment=numbered[1], seat=numbered[0])
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(insert, [(0, lead), (1, colleague)]))
    assert outcomes.count(True) == 1


# --- closed circles, and organisations that change -------------------------------------------------
def closed_circle() -> Circle:
    return CircleFactory(closed_at=clock.now())


def refuses(constraint: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert error.value.__cause__.diag.constraint_name == constraint


def test_nobody_is_seated_in_a_closed_circle(circle):
    closed = closed_circle()
    refused("membership_not_in_closed_circle", circle=closed, seat=1)
    seat = MembershipFactory(circle=CircleFactory(cohort=closed.cohort), seat=1)
    refuses("membership_not_in_closed_circle", lambda: Membership.objects.filter(pk=seat.pk).update(circle=closed))
    gone = MembershipFactory(circle=closed, seat=1, left_at=clock.now())
    refuses("membership_not_in_closed_circle", lambda: Membership.objects.filter(pk=gone.pk).update(left_at=None))


def test_a_circle_in_which_somebody_sits_is_not_closed(circle):
    refuses("circle_empty_when_closed", lambda: Circle.objects.filter(pk=circle.pk).update(closed_at=clock.now()))
    circle.memberships.update(left_at=clock.now())
    Circle.objects.filter(pk=circle.pk).update(closed_at=clock.now())


def test_a_closed_circle_has_no_session_to_come():
    circle, now = CircleFactory(), clock.now()
    past = SessionFactory(circle=circle, starts_at=now - dt.timedelta(days=20))
    coming = SessionFactory(circle=circle, number=2)
    refuses("circle_without_sessions_when_closed", lambda: Circle.objects.filter(pk=circle.pk).update(closed_at=now))
    Session.objects.filter(pk=coming.pk).update(state="cancelled")
    Circle.objects.filter(pk=circle.pk).update(closed_at=now)
    refuses("session_before_circle_closed", lambda: SessionFactory(circle=circle, number=3))
    refuses("session_before_circle_closed", lambda: Session.objects.filter(pk=coming.pk).update(state="planned"))
    later = now + dt.timedelta(days=1)
    refuses("session_before_circle_closed", lambda: Session.objects.filter(pk=past.pk).update(starts_at=later))


def test_only_a_closed_circle_is_merged_and_never_into_itself(circle):
    other = CircleFactory(cohort=circle.cohort)
    refuses("circle_merged_is_closed", lambda: Circle.objects.filter(pk=other.pk).update(merged_into=circle))
    closed = {"closed_at": clock.now(), "merged_into": other}
    refuses("circle_merged_is_closed", lambda: Circle.objects.filter(pk=other.pk).update(**closed))
    Circle.objects.filter(pk=other.pk).update(closed_at=clock.now(), merged_into=circle)


@pytest.mark.parametrize("who", ["lead", "member"])
def test_a_change_of_organisation_puts_nobody_over_their_own_colleague(circle, who):
    lead = circle.memberships.get(seat=0).enrolment
    member = MembershipFactory(circle=circle, seat=1).enrolment
    one, other = (lead, member) if who == "lead" else (member, lead)
    changing = Enrolment.objects.filter(pk=one.pk)
    refuses("enrolment_own_organisation", lambda: changing.update(organisation=other.organisation))
    changing.update(organisation=OrganisationFactory())
    member.memberships.update(left_at=clock.now())
    changing.update(organisation=other.organisation)


def test_one_organisation_required_may_change_for_everybody_at_once(circle):
    Format.objects.update(own_organisation="required")
    lead = circle.memberships.get(seat=0).enrolment
    member = EnrolmentFactory(cohort=circle.cohort, organisation=lead.organisation)
    MembershipFactory(circle=circle, seat=1, enrolment=member)
    both, new = Enrolment.objects.filter(pk__in=[lead.pk, member.pk]), OrganisationFactory()
    refuses("enrolment_own_organisation", lambda: both.filter(pk=member.pk).update(organisation=new))
    both.update(organisation=new)


def test_two_organisations_that_are_one_are_not_merged_over_a_rule(circle):
    lead = circle.memberships.get(seat=0).enrolment
    member = MembershipFactory(circle=circle, seat=1).enrolment
    with pytest.raises(ValidationError, match="who leads whom"):
        merge_organisations(keep=lead.organisation, duplicate=member.organisation, by=StaffFactory())
    member.refresh_from_db()
    assert member.organisation != lead.organisation


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Whether each act went through; all begin at the same moment."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> bool:
        try:
            start.wait()
            act()
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_closing_a_circle_and_taking_a_seat_in_it_at_once_do_not_both_happen(attempt):
    circle = CircleFactory()
    late = EnrolmentFactory(cohort=circle.cohort)
    outcomes = at_once(
        lambda: Circle.objects.filter(pk=circle.pk).update(closed_at=clock.now()),
        lambda: Membership.objects.create(circle=circle, enrolment=late, seat=1),
    )
    assert outcomes.count(True) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_taking_a_seat_and_changing_organisation_at_once_do_not_both_happen(attempt):
    circle = CircleFactory()
    lead = MembershipFactory(
        circle=circle, seat=0, enrolment=EnrolmentFactory(cohort=circle.cohort, role="mentor")
    ).enrolment
    late = EnrolmentFactory(cohort=circle.cohort)
    outcomes = at_once(
        lambda: Membership.objects.create(circle=circle, enrolment=late, seat=1),
        lambda: Enrolment.objects.filter(pk=late.pk).update(organisation=lead.organisation),
    )
    assert outcomes.count(True) == 1


# --- leaving ----------------------------------------------------------------------------------
@pytest.fixture
def running(move_clock):
    made = published(launch=CohortFactory().launch_from)
    plan_sessions(circle=made.circle, by=None)
    for enrolment in made.everybody:
        for session in made.circle.sessions.all():
            invite(session=session, enrolment=enrolment)
    return made


def test_who_withdraws_leaves_the_circle_is_told_and_loses_the_sessions_to_come(running):
    person, other = running.members
    membership.withdraw(enrolment=person, by=StaffFactory(), note="New job")
    person.refresh_from_db()
    assert person.state == "withdrawn"
    assert person.changes.get().note == "New job"
    assert not person.memberships.current().exists()
    cancelled = Message.objects.filter(kind="circles.session_cancelled")
    assert set(cancelled.values_list("recipient", flat=True)) == {person.user_id}
    assert cancelled.count() == running.circle.sessions.count()
    assert Message.objects.get(kind="circles.left").recipient == person.user
    assert other.memberships.current().exists()


def test_withdrawing_twice_changes_nothing(running):
    person = running.members[0]
    membership.withdraw(enrolment=person, by=None)
    person.refresh_from_db()
    before = Message.objects.count()
    membership.withdraw(enrolment=person, by=None)
    assert Message.objects.count() == before
    assert person.changes.count() == 1


def test_withdrawing_frees_the_organisation_s_place():
    participation = ParticipationFactory()
    nomination = NominationFactory(participation=participation, state="accepted")
    enrolment = EnrolmentFactory(
        cohort=participation.cohort, organisation=participation.organisation, nomination=nomination
    )
    membership.withdraw(enrolment=enrolment, by=None)
    nomination.refresh_from_db()
    assert (nomination.state, nomination.place) == ("withdrawn", None)


def test_a_circle_goes_on_when_its_lead_leaves(running):
    membership.withdraw(enrolment=running.lead, by=None)
    assert running.circle.memberships.current().count() == 2
    assert not running.circle.memberships.current().filter(seat=0).exists()


# --- joining late -----------------------------------------------------------------------------
def test_a_late_member_gets_the_free_seat_and_the_sessions_to_come(running):
    membership.withdraw(enrolment=running.members[0], by=None)
    late = enrol(running.circle.cohort)
    seat = membership.add_to_circle(enrolment=late, circle=running.circle, by=StaffFactory())
    assert seat.seat == 1
    invited = Message.objects.filter(kind="circles.session_invited", recipient=late.user)
    assert invited.count() == running.circle.sessions.count()
    assert Message.objects.filter(kind="circles.placed", recipient=late.user).count() == 1


def test_a_reserve_mentor_takes_the_lead_s_seat(running):
    membership.withdraw(enrolment=running.lead, by=None)
    reserve = enrol(running.circle.cohort, role="mentor")
    assert membership.add_to_circle(enrolment=reserve, circle=running.circle, by=None).is_lead


def test_a_late_member_is_refused_where_a_colleague_leads(running):
    late = enrol(running.circle.cohort, organisation=running.lead.organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.add_to_circle(enrolment=late, circle=running.circle, by=None)
    assert not Message.objects.filter(recipient=late.user).exists()


def test_nobody_joins_a_closed_circle(running):
    for seat in running.everybody:
        membership.leave_circle(enrolment=seat, by=None)
    Session.objects.filter(circle=running.circle).update(state="cancelled")
    Circle.objects.filter(pk=running.circle.pk).update(closed_at=clock.now())
    with pytest.raises(FormationError, match="is closed"):
        membership.add_to_circle(enrolment=enrol(running.circle.cohort), circle=running.circle, by=None)


def test_nobody_joins_two_circles(running):
    with pytest.raises(FormationError, match="sits in a circle already"):
        membership.add_to_circle(enrolment=running.members[0], circle=running.circle, by=None)


def test_somebody_of_another_cohort_is_refused(running):
    with pytest.raises(FormationError, match="not enrolled in"):
        membership.add_to_circle(enrolment=EnrolmentFactory(), circle=running.circle, by=None)
