"""A withdrawal taken back within a day: place, seat, calendar and messages; and when it can't be."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Circle, Membership
from circles.selectors.movers import just_moved
from circles.services import changes, membership
from circles.services.changes import ChangeError, StalePlanError
from cohorts.models import Cohort
from outbox.models import Message, State
from participants.models import Enrolment, Nomination
from privacy.models import AuditEvent
from tests.circles.changes.doing import do
from tests.circles.changing import TODAY, circle_of, lead_of, members_of, published, tuesday
from tests.circles.forming import enrol
from tests.factories import CoordinatorFactory, MembershipFactory, NominationFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(NOON)
    # People are still put forward, so that a place that becomes free is offered at once.
    return published(recruitment_until=TODAY + dt.timedelta(days=30), onboarding_until=TODAY + dt.timedelta(days=30))


@pytest.fixture
def nominated(cohort: Cohort) -> Enrolment:
    """Somebody in a circle who holds the one mentee place of their organisation."""
    one = members_of(circle_of(cohort, 3))[0]
    part = ParticipationFactory(organisation=one.organisation, cohort=cohort, places={"mentee": 1})
    CoordinatorFactory(organisation=one.organisation)
    one.nomination = NominationFactory(participation=part, state="accepted", email=one.user.email)
    one.save()
    return one


def undo(one: Enrolment) -> changes.Undo:
    return changes.undo_withdrawal(
        enrolment=one, fingerprint=changes.plan_undo(fresh(one)).fingerprint, by=StaffFactory()
    )


def fresh(one: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("cohort__format", "user", "organisation").get(pk=one.pk)


def kinds_to(user: object) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("created_at").values_list("kind", flat=True))


def test_seat_place_calendar_and_history_come_back(nominated: Enrolment) -> None:
    one, circle = nominated, nominated.memberships.get().circle
    waits = NominationFactory(participation=one.nomination.participation, state="reserve", reserve_position=1)
    membership.withdraw(enrolment=one, by=StaffFactory(), note="By mistake")
    waits.refresh_from_db()
    assert waits.state == "invited"
    Message.objects.filter(kind="participants.not_taking_part").update(state=State.SENT, sent_at=NOON)
    found = changes.plan_undo(fresh(one))
    assert (found.why_not, found.sits_again, found.place.offered_to) == ("", True, waits)
    undo(one)
    one, waits = fresh(one), Nomination.objects.get(pk=waits.pk)
    assert (one.state, one.nomination.state, one.nomination.place is not None) == ("enrolled", "accepted", True)
    assert (waits.state, waits.place, waits.link_version) == ("reserve", None, 2)
    assert one.memberships.current().get().circle == circle
    told = kinds_to(one.user)
    assert told.count("circles.returned") == 1
    assert told.count("circles.placed") == 0
    for session in circle.sessions.upcoming():
        last = Message.objects.about(session).filter(recipient=one.user).order_by("-created_at").first()
        assert (last.kind, last.occurrence) == ("circles.session_invited", str(session.sequence))
    assert Message.objects.filter(kind="participants.offer_taken_back", address=waits.email).count() == 1
    assert Message.objects.filter(kind="participants.takes_part_again").count() == 1
    assert [change.state for change in one.changes.all()] == ["withdrawn", "enrolled"]
    assert AuditEvent.objects.filter(verb="enrolment.withdrawal_undone", object_id=one.pk).count() == 1
    # Once it is undone there is nothing to undo; and who leaves again is told again.
    with pytest.raises(ChangeError):
        undo(one)
    membership.withdraw(enrolment=one, by=StaffFactory())
    assert kinds_to(one.user).count("circles.left") == 2


def test_a_reserve_who_accepted_or_a_day_that_passed_keeps_it_from_being_undone(
    nominated: Enrolment, move_clock: Callable
) -> None:
    waits = NominationFactory(participation=nominated.nomination.participation, state="reserve", reserve_position=1)
    membership.withdraw(enrolment=nominated, by=StaffFactory())
    before = changes.plan_undo(fresh(nominated)).fingerprint
    Nomination.objects.filter(pk=waits.pk).update(state="accepted")
    found = changes.plan_undo(fresh(nominated))
    assert "has accepted the place since" in found.why_not
    assert found.needs_place
    with pytest.raises(StalePlanError):
        changes.undo_withdrawal(enrolment=nominated, fingerprint=before, by=StaffFactory())
    assert fresh(nominated).state == "withdrawn"
    Nomination.objects.filter(pk=waits.pk).update(state="invited")
    move_clock(NOON + dt.timedelta(hours=25))
    assert changes.plan_undo(fresh(nominated)).why_not.startswith("More than a day has passed")


def test_a_seat_that_is_lost_is_said_and_they_come_back_without_it(cohort: Cohort) -> None:
    circle, led = circle_of(cohort, 2, capacity=2), circle_of(cohort, 2)
    member, lead = members_of(circle)[0], lead_of(led)
    for one in (member, lead):
        membership.withdraw(enrolment=one, by=StaffFactory())
    membership.add_to_circle(enrolment=enrol(cohort, slots=[tuesday(cohort)]), circle=circle, by=None)
    MembershipFactory(circle=led, seat=0, enrolment=enrol(cohort, role="mentor"))
    assert "Every seat" in undo(member).seat_lost
    assert "leads" in undo(lead).seat_lost
    assert not Membership.objects.current().filter(enrolment__in=[member, lead]).exists()
    assert fresh(lead).state == "enrolled"
    # Their own colleague leads by now.
    third = circle_of(cohort, 2, led=False)
    mentee = members_of(third)[0]
    membership.withdraw(enrolment=mentee, by=StaffFactory())
    MembershipFactory(circle=third, seat=0, enrolment=enrol(cohort, role="mentor", organisation=mentee.organisation))
    assert "of their own organisation" in undo(mentee).seat_lost


def test_the_page_shows_it_first_and_the_cohort_leads_to_it(client: Client, cohort: Cohort) -> None:
    client.force_login(StaffFactory(role="manager"))
    one = members_of(circle_of(cohort, 3))[0]
    membership.withdraw(enrolment=one, by=StaffFactory())
    url = reverse("admin:enrolment_undo", args=[one.pk])
    for page in ("admin:cohort_page", "admin:cohort_changes"):
        assert url in client.get(reverse(page, args=[cohort.pk])).content.decode()
    shown = client.get(url).content.decode()
    assert "they sit there again" in shown
    assert fresh(one).state == "withdrawn"
    client.post(url, {"fingerprint": changes.plan_undo(fresh(one)).fingerprint})
    assert fresh(one).state == "enrolled"


# --- a move ---------------------------------------------------------------------------------------
def moved(one: Enrolment, there: Circle) -> None:
    """By the team, to one circle; the clock does not stand still meanwhile."""
    do(
        one.cohort,
        partial(changes.plan_move, enrolment=fresh(one)),
        f"{'lead' if one.side == 'lead' else 'seat'}:{there.pk}",
    )


def arrived(*kinds: str) -> None:
    Message.objects.filter(kind__in=kinds).update(state=State.SENT, sent_at=NOON)


def undo_named(one: Enrolment) -> None:
    """Undo a move; who hears of it are those whom the plan has named, and nobody else."""
    plan, by = changes.plan_undo_move(fresh(one)), StaffFactory()
    before = set(Message.objects.values_list("pk", flat=True))
    changes.undo_move(enrolment=one, fingerprint=plan.fingerprint, by=by)
    told = Message.objects.exclude(pk__in=before).exclude(kind__startswith="circles.session_")
    assert Counter(m.recipient for m in told) == Counter([one.user, *plan.hear_back, *plan.hear_gone])
    assert {m.recipient for m in told.filter(kind="circles.move_undone")} == {one.user}


def test_a_move_is_undone_with_seat_calendar_and_messages(cohort: Cohort, move_clock: Callable) -> None:
    here, there = circle_of(cohort, 4), circle_of(cohort, 3)
    one = members_of(here)[0]
    mates, joined = members_of(here)[1:], lead_of(there)
    moved(one, there)
    move_clock(NOON + dt.timedelta(minutes=5))
    # Nobody has been told yet: nobody but they hears of it.
    plan = changes.plan_undo_move(fresh(one))
    assert (plan.why_not, plan.hear_back, plan.hear_gone) == ("", (), ())
    arrived("circles.member_left", "circles.grown")
    with pytest.raises(StalePlanError):
        changes.undo_move(enrolment=one, fingerprint=plan.fingerprint, by=StaffFactory())
    plan = changes.plan_undo_move(fresh(one))
    assert set(plan.hear_back) == {mate.user for mate in [lead_of(here), *mates]}
    assert plan.hear_gone == (joined.user,)
    undo_named(one)
    assert one.memberships.current().get().circle == here
    assert [change.note for change in one.changes.all()] == [f"Moved from {here} to {there}.", "The move was undone."]
    assert kinds_to(joined.user).count("circles.member_left") == 1
    for circle, kind in ((here, "circles.session_invited"), (there, "circles.session_cancelled")):
        for session in circle.sessions.upcoming():
            last = Message.objects.about(session).filter(recipient=one.user).order_by("-created_at").first()
            assert (last.kind, last.occurrence) == (kind, str(session.sequence))
    assert changes.plan_undo_move(fresh(one)).move is None, "it can't be undone twice"
    assert not just_moved(cohort).exists()


def test_a_mentor_s_move_is_undone_and_both_circles_hear(cohort: Cohort, move_clock: Callable) -> None:
    here, there = circle_of(cohort, 2), circle_of(cohort, 2)
    membership.leave_circle(enrolment=lead_of(there), by=None)
    lead = lead_of(here)
    for _ in range(2):  # as often as it happens
        moved(lead, there)
        arrived("circles.no_lead", "circles.new_lead")
        move_clock(clock.now() + dt.timedelta(minutes=5))
        undo_named(lead)
        move_clock(clock.now() + dt.timedelta(minutes=5))
    assert lead_of(here) == lead
    for one in members_of(here) + members_of(there):
        assert (kinds_to(one.user).count("circles.no_lead"), kinds_to(one.user).count("circles.new_lead")) == (2, 2)


def test_what_keeps_a_move_from_being_undone_is_said(client: Client, cohort: Cohort, move_clock: Callable) -> None:
    here, there = circle_of(cohort, 3, capacity=3), circle_of(cohort, 3)
    one = members_of(here)[0]
    assert "There is no move" in changes.plan_undo_move(fresh(one)).why_not
    moved(one, there)
    seat = membership.add_to_circle(enrolment=enrol(cohort, slots=[tuesday(cohort)]), circle=here, by=None)
    assert changes.plan_undo_move(fresh(one)).why_not == f"Every seat of {here} is taken by now."
    assert just_moved(cohort).exists()
    client.force_login(StaffFactory(role="manager"))
    page = client.get(reverse("admin:enrolment_undo", args=[one.pk])).content.decode()
    for words in ("Every seat of", reverse("admin:enrolment_move", args=[one.pk])):
        assert words in page
    membership.leave_circle(enrolment=seat.enrolment, by=None)
    assert not changes.plan_undo_move(fresh(one)).why_not
    session = there.sessions.upcoming().order_by("starts_at").first()
    there.sessions.filter(pk=session.pk).update(starts_at=NOON + dt.timedelta(hours=2))
    move_clock(NOON + dt.timedelta(hours=3))
    assert f"{session} of {there} has been held since the move" in changes.plan_undo_move(fresh(one)).why_not
    move_clock(NOON + dt.timedelta(hours=25))
    assert changes.plan_undo_move(fresh(one)).why_not.startswith("More than a day has passed")


def test_who_was_taken_out_and_given_a_seat_again_has_no_move_to_undo(cohort: Cohort) -> None:
    here, there = circle_of(cohort, 3), circle_of(cohort, 3)
    one = members_of(here)[0]
    moved(one, there)
    membership.leave_circle(enrolment=one, by=None)
    membership.add_to_circle(enrolment=one, circle=there, by=None)
    assert changes.plan_undo_move(fresh(one)).move is None


def test_words_of_somebody_who_withdrew_are_no_move(cohort: Cohort) -> None:
    one = members_of(circle_of(cohort, 3))[0]
    one.changes.create(state="withdrawn", note="Moved from Leeds to Cardiff.")
    assert not just_moved(cohort).exists()
