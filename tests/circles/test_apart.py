"""People who are kept apart, and people who have met: what the engine is told, and what PostgreSQL holds by itself."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from circles.models import Circle, FormationRun, KeptApart, Membership
from circles.selectors import formation as selectors
from circles.selectors.moves import effect, options
from circles.services import board, formation, publishing
from circles.services.apart import keep_apart, let_together
from circles.services.board import FormationError
from circles.tasks.formation import run_engine
from participants.models import Enrolment
from privacy.models import AuditEvent
from tests.circles.forming import enrol, pairs, proposed, ready
from tests.factories import CircleFactory, CohortFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


def two_together(run: FormationRun) -> list[Enrolment]:
    return [seat.enrolment for seat in run.circles.first().seats.select_related("enrolment__user")[:2]]


# --- saying so --------------------------------------------------------------------------------
def test_a_pair_is_stored_once_whichever_way_round_and_audited_without_names():
    cohort, staff = ready(), StaffFactory()
    a, b = cohort.enrolments.members()[:2]
    pair = keep_apart(first=a, second=b, by=staff)
    assert keep_apart(first=b, second=a, by=None) == pair
    assert KeptApart.objects.get().added_by == staff
    event = AuditEvent.objects.get(verb="formation.kept_apart")
    assert (event.actor, event.object_id, event.data) == (staff, cohort.pk, {})


def test_two_may_sit_together_again():
    a, b = ready().enrolments.members()[:2]
    let_together(pair=keep_apart(first=a, second=b, by=None), by=None)
    assert not KeptApart.objects.exists()
    assert AuditEvent.objects.filter(verb="formation.let_together").exists()


def test_nobody_is_kept_apart_from_themselves_or_from_another_cohort():
    one = ready().enrolments.members().first()
    with pytest.raises(FormationError, match="themselves"):
        keep_apart(first=one, second=one, by=None)
    with pytest.raises(FormationError, match="not in the same cohort"):
        keep_apart(first=one, second=enrol(CohortFactory()), by=None)


def test_what_contradicts_a_pin_is_refused_by_name():
    run = proposed(ready())
    a, b = two_together(run)
    lead = run.circles.first().lead
    board.pin(run=run, enrolment=a, pinned=True, by=None, version=1)
    with pytest.raises(FormationError, match=f"{a.user} is held in circle 1. Let them go there first."):
        keep_apart(first=a, second=lead, by=None)
    keep_apart(first=a, second=run.circles.last().lead, by=None)
    board.pin(run=run, enrolment=b, pinned=True, by=None, version=2)
    with pytest.raises(FormationError, match="are held in circle 1"):
        keep_apart(first=a, second=b, by=None)


def test_a_pin_that_contradicts_it_is_refused_by_name():
    run = proposed(ready())
    a, b = two_together(run)
    keep_apart(first=a, second=b, by=None)
    board.pin(run=run, enrolment=a, pinned=True, by=None, version=1)
    with pytest.raises(FormationError, match="are kept apart"):
        board.pin(run=run, enrolment=b, pinned=True, by=None, version=2)
    with pytest.raises(FormationError, match="are kept apart"):
        board.pin_all(run=run, circle=None, pinned=True, by=None, version=2)
    assert run.seats.filter(pinned=True).count() == 1


# --- what it does -----------------------------------------------------------------------------
def test_the_engine_keeps_them_apart_whatever_it_costs():
    cohort = ready(leads=1, members=4)
    lead, out = cohort.enrolments.get(side="lead"), cohort.enrolments.members().first()
    keep_apart(first=out, second=lead, by=None)
    run = formation.start_run(cohort=cohort, by=None, seconds=1)
    run_engine(run.pk)
    seat = run.seats.get(enrolment=out)
    assert (seat.circle, seat.reason) == (None, "Every mentor who is left is to be kept apart.")


def test_a_move_beside_them_is_refused_by_name():
    run = proposed(ready())
    person = run.circles.first().seats.first().enrolment
    second = run.circles.last()
    other = second.seats.first().enrolment
    keep_apart(first=person, second=other, by=None)
    seen = effect(run=run, enrolment=person, circle=second)
    assert not seen.allowed
    assert f"{other.user} and {person.user} are kept apart" in seen.broken or (
        f"{person.user} and {other.user} are kept apart" in seen.broken
    )


def test_a_proposal_in_which_they_sit_together_is_not_published():
    run = proposed(ready())
    a, b = two_together(run)
    keep_apart(first=a, second=b, by=None)
    with pytest.raises(FormationError, match="are kept apart"):
        publishing.publish(run=run, by=None)


def test_it_holds_among_partners_too():
    cohort = pairs(2, mutual=True)
    lead, member = cohort.enrolments.leads().first(), cohort.enrolments.members().first()
    keep_apart(first=lead, second=member, by=None)
    run = proposed(cohort)
    assert not run.seats.filter(enrolment=member, circle__lead=lead).exists()
    problem = selectors.problem_of(cohort)
    assert frozenset((str(lead.pk), str(member.pk))) in problem.apart
    assert [option.effect.allowed for option in options(run=run, enrolment=member) if option.key == str(lead.pk)] in (
        [],
        [False],
    )


def test_who_has_left_is_not_told_to_the_engine():
    cohort = ready()
    a, b = cohort.enrolments.members()[:2]
    keep_apart(first=a, second=b, by=None)
    Enrolment.objects.filter(pk=a.pk).update(state="withdrawn")
    assert selectors.problem_of(cohort).apart == frozenset()


# --- what PostgreSQL holds --------------------------------------------------------------------
def refused(constraint: str):  # type: ignore[no-untyped-def]
    return pytest.raises(IntegrityError, match=constraint)


def ordered(a: Enrolment, b: Enrolment) -> dict[str, Enrolment]:
    first, second = sorted((a, b), key=lambda one: one.pk)
    return {"first": first, "second": second}


def test_nobody_is_stored_beside_whom_they_are_kept_apart_from():
    circle = CircleFactory()
    a, b = enrol(circle.cohort), enrol(circle.cohort)
    keep_apart(first=a, second=b, by=None)
    MembershipFactory(circle=circle, enrolment=a, seat=1)
    with refused("kept apart from"), transaction.atomic():
        MembershipFactory(circle=circle, enrolment=b, seat=2)
    elsewhere = MembershipFactory(circle=CircleFactory(cohort=circle.cohort), enrolment=b, seat=1)
    with refused("kept apart from"), transaction.atomic():
        Membership.objects.filter(pk=elsewhere.pk).update(circle=circle, seat=2)
    with refused("kept apart from"), transaction.atomic():
        Membership.objects.filter(pk=elsewhere.pk).delete()
        rows = [Membership(circle=Circle.objects.last(), enrolment=one, seat=n) for n, one in enumerate((b, a), 3)]
        Membership.objects.filter(enrolment=a).delete()
        Membership.objects.bulk_create(rows)


def test_who_has_left_sits_beside_nobody():
    circle = CircleFactory()
    a, b = enrol(circle.cohort), enrol(circle.cohort)
    keep_apart(first=a, second=b, by=None)
    MembershipFactory(circle=circle, enrolment=a, seat=1, left_at=circle.created_at)
    MembershipFactory(circle=circle, enrolment=b, seat=1)
    with refused("kept apart from"), transaction.atomic():
        Membership.objects.filter(enrolment=a).update(left_at=None, seat=2)


def test_two_who_sit_together_in_a_published_circle_are_not_kept_apart():
    circle = CircleFactory()
    a, b = enrol(circle.cohort), enrol(circle.cohort, role="mentor")
    MembershipFactory(circle=circle, enrolment=a, seat=1)
    MembershipFactory(circle=circle, enrolment=b, seat=0)
    with pytest.raises(FormationError, match=f"They sit together in circle {circle.number}"):
        keep_apart(first=a, second=b, by=None)
    with refused("sit in one circle"), transaction.atomic():
        KeptApart.objects.create(cohort=circle.cohort, **ordered(a, b))


def test_a_pair_is_of_two_people_of_its_own_cohort_in_order():
    cohort = CohortFactory()
    a, b, stranger = enrol(cohort), enrol(cohort), enrol(CohortFactory())
    pair = ordered(a, b)
    with refused("kept_apart_in_order"), transaction.atomic():
        KeptApart.objects.create(cohort=cohort, first=a, second=a)
    with refused("kept_apart_in_order"), transaction.atomic():
        KeptApart.objects.create(cohort=cohort, first=pair["second"], second=pair["first"])
    with refused("another cohort"), transaction.atomic():
        KeptApart.objects.create(cohort=cohort, **ordered(a, stranger))
    KeptApart.objects.create(cohort=cohort, **pair)
    with refused("kept_apart_once"), transaction.atomic():
        KeptApart.objects.create(cohort=cohort, **pair)
    with refused("keeps their cohort"), transaction.atomic():
        Enrolment.objects.filter(pk=a.pk).update(cohort=stranger.cohort)


def test_the_key_order_of_python_is_that_of_postgresql():
    keys = [uuid.uuid4() for _ in range(200)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT k FROM unnest(%s::uuid[]) k ORDER BY k", [keys])
        assert [row[0] for row in cursor.fetchall()] == sorted(keys)


# --- people who have met ----------------------------------------------------------------------
def test_those_who_shared_a_circle_of_an_earlier_cohort_have_met_the_mentor_too():
    cohort = ready(leads=1, members=3)
    earlier = CohortFactory(launch=cohort.launch_from.replace(year=cohort.launch_from.year - 1))
    later = CohortFactory(launch=cohort.launch_from.replace(year=cohort.launch_from.year + 1))
    lead = cohort.enrolments.get(side="lead")
    a, b, c = cohort.enrolments.members()
    circle, other = CircleFactory(cohort=earlier), CircleFactory(cohort=earlier)
    for seat, (one, role) in enumerate([(lead, "mentor"), (a, "mentee"), (b, "mentee")]):
        before = enrol(earlier, user=one.user, role=role)
        left = circle.created_at if one == b else None
        MembershipFactory(circle=circle, enrolment=before, seat=seat, left_at=left)
    MembershipFactory(circle=other, enrolment=enrol(earlier, user=c.user), seat=1)
    follows = CircleFactory(cohort=later)
    for seat, one in enumerate((a, c), start=1):
        MembershipFactory(circle=follows, enrolment=enrol(later, user=one.user), seat=seat)
    met = {frozenset(pair) for pair in ((lead, a), (lead, b), (a, b))}
    assert selectors.problem_of(cohort).met == {frozenset(str(one.pk) for one in pair) for pair in met}
