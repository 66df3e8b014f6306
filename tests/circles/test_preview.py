"""What a plan says of who is told: those whom it names, and nobody else, get mail from the act."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from circles.models import Circle
from circles.selectors.standing import Standing
from circles.services.changes import Plan, StalePlanError, confirm, consequences, plan_new_lead, plan_withdrawal
from circles.services.feeds import make_feed
from circles.services.stand_ins import answer_stand_in, ask_stand_in
from cohorts.models import Cohort
from cohorts.services import plan_ceremonies
from outbox.models import Message
from participants.models import Enrolment
from participants.services import place_goes_to
from tests.circles.changing import TODAY, circle_of, lead_of, members_of, published, standing, tuesday, wednesday
from tests.circles.forming import enrol
from tests.factories import CoordinatorFactory, NominationFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db
# Which change calendars; the page says so under a heading of its own.
CALENDARS = ["circles.session_invited", "circles.session_cancelled", "circles.stand_in_cancelled"]


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(dt.datetime.combine(TODAY, dt.time(12), dt.UTC))
    # People are still put forward, so that a place that becomes free is offered at once.
    return published(recruitment_until=TODAY + dt.timedelta(days=30), onboarding_until=TODAY + dt.timedelta(days=30))


def place_of(one: Enrolment, role: str = "mentee") -> list[str]:
    """Give somebody the one place of their organisation, with two coordinators, of whom one acts, and two who wait."""
    part = ParticipationFactory(organisation=one.organisation, cohort=one.cohort, places={role: 1})
    CoordinatorFactory(organisation=one.organisation)
    CoordinatorFactory(organisation=one.organisation, ended_at=one.created_at)
    one.nomination = NominationFactory(participation=part, role=role, state="accepted", email=one.user.email)
    one.save()
    for position in (2, 1):
        NominationFactory(participation=part, role=role, state="reserve", reserve_position=position)
    return [nomination.full_name for nomination in part.nominations.filter(reserve_position=1)]


def named_and_told(
    cohort: Cohort, make: Callable[[Standing], Plan], by: User, option: str = "", *, leaves: bool = False
) -> tuple[Counter[str], Counter[str]]:
    """How often the page names each person as told, and how many messages each of them got."""
    plan = make(standing(cohort))
    chosen = next(one for one in plan.options if one.key.startswith(option))
    change = chosen.with_spare_lead_leaving().change if leaves else chosen.change
    said = consequences(plan.standing, change, by)
    before = set(Message.objects.values_list("pk", flat=True))
    confirm(cohort=cohort, make=make, option=chosen.key, fingerprint=plan.fingerprint, by=by, spare_lead_leaves=leaves)
    queued = Message.objects.exclude(pk__in=before).exclude(kind__in=CALENDARS).select_related("recipient")
    names = [name for line in said.told for name in line.people.split(", ")]
    return Counter(names), Counter(str(one.recipient) if one.recipient else one.name for one in queued)


def test_a_withdrawal_names_coordinators_and_who_gets_the_place_as_well(cohort: Cohort) -> None:
    circle, waits = circle_of(cohort, 3), enrol(cohort, slots=[tuesday(cohort)])
    one = members_of(circle)[0]
    [first] = place_of(one)
    assert [offered.full_name for offered in place_goes_to(one)] == [first]
    named, told = named_and_told(cohort, lambda found: plan_withdrawal(found, one), StaffFactory(), "seat")
    assert named == told
    coordinator = one.organisation.coordinators.get(ended_at=None).user
    assert set(named) == {str(person) for person in (one.user, waits.user, lead_of(circle).user, coordinator, first)}


def test_the_others_of_a_circle_are_named_and_hear_that_they_are_fewer(cohort: Cohort) -> None:
    circle = circle_of(cohort, 3)
    one, *others = members_of(circle)
    named, told = named_and_told(cohort, lambda found: plan_withdrawal(found, one), StaffFactory(), "keep")
    assert named == told
    assert set(named) == {str(person.user) for person in (one, *others, lead_of(circle))}


def test_a_mentor_s_withdrawal_names_those_whose_stand_in_they_were(cohort: Cohort) -> None:
    circle, other = circle_of(cohort, 3), circle_of(cohort, 3, slot=wednesday(cohort))
    one, by, asks = lead_of(circle), StaffFactory(), StaffFactory()
    place_of(one, "mentor")
    session = other.sessions.upcoming().order_by("starts_at").last()
    answer_stand_in(stand_in=ask_stand_in(session=session, enrolment=one, by=asks), will_lead=True)
    change = plan_withdrawal(standing(cohort), one).option("keep").change
    assert any("who stood in" in line for line in consequences(standing(cohort), change).calendar)
    named, told = named_and_told(cohort, lambda found: plan_withdrawal(found, one), by, "keep")
    assert named == told
    assert {str(asks), str(lead_of(other).user)} <= set(named)


def test_who_stands_in_no_more_because_a_colleague_joins_is_named(cohort: Cohort) -> None:
    circle, other = circle_of(cohort, 3), circle_of(cohort, 3, slot=wednesday(cohort))
    stands_in, by = lead_of(other), StaffFactory()
    session = circle.sessions.upcoming().order_by("starts_at").last()
    answer_stand_in(stand_in=ask_stand_in(session=session, enrolment=stands_in, by=by), will_lead=True)
    enrol(cohort, slots=[tuesday(cohort)], organisation=stands_in.organisation)
    leaves = members_of(circle)[0]
    named, told = named_and_told(cohort, lambda found: plan_withdrawal(found, leaves), by, "seat")
    assert named == told
    assert named[str(lead_of(circle).user)] == 2, "that somebody joins, and that there is no stand-in"


def test_a_mentor_who_is_replaced_and_leaves_as_well(cohort: Cohort) -> None:
    circle, reserve = circle_of(cohort, 3), enrol(cohort, role="mentor", slots=[tuesday(cohort)])
    before = lead_of(circle)
    [first] = place_of(before, "mentor")

    def make(found: Standing) -> Plan:
        return plan_new_lead(found, found.circles[str(circle.pk)])

    named, told = named_and_told(cohort, make, StaffFactory(), leaves=True)
    assert named == told
    assert {str(before.user), str(reserve.user), first} <= set(named)


def test_who_is_first_on_the_list_by_now_makes_the_plan_out_of_date(cohort: Cohort) -> None:
    one = members_of(circle_of(cohort, 3))[0]
    place_of(one)
    seen = plan_withdrawal(standing(cohort), one).fingerprint
    one.nomination.participation.nominations.filter(reserve_position=1).update(reserve_position=3)
    with pytest.raises(StalePlanError):
        confirm(
            cohort=cohort, make=lambda found: plan_withdrawal(found, one), option="keep",
            fingerprint=seen, by=None,
        )  # fmt: skip


def test_the_page_says_what_becomes_of_place_surveys_pages_and_calendar(client: Client, cohort: Cohort) -> None:
    plan_ceremonies(cohort=cohort, by=None)
    circle: Circle = circle_of(cohort, 3)
    one = members_of(circle)[0]
    [first] = place_of(one)
    make_feed(user=one.user, by=one.user)
    client.force_login(StaffFactory(role="lead"))
    shown = " ".join(client.get(reverse("admin:enrolment_withdraw", args=[one.pk])).content.decode().split())
    for words in (
        f"mentee place of {one.organisation} is offered to {first}, from the reserve list.",
        "that a place of their organisation is free, and whose it was, but not why",
        "Surveys: none of this cohort is asked of them any more",
        f"Pages: those of {circle}, its sessions and its notes are closed to them at once.",
        "Calendar: their private calendar link ends at once.",
        "taken out of the calendar of",
        "shortly afterwards.",
    ):
        assert words in shown, words
