"""Somebody leaves of their own accord, at every stage, and comes back within a day."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.emails.changes import member_left_due
from cohorts.models import Cohort
from outbox.models import Message
from participants.models import Enrolment, LeaveRequest
from staff import attention
from tests.circles.changing import TODAY, circle_of, lead_of, members_of, published
from tests.circles.forming import enrol
from tests.factories import CoordinatorFactory, MembershipFactory, NominationFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture
def cohort(move_clock: Callable) -> Cohort:
    move_clock(NOON)
    return published()


def leave_page(one: Enrolment) -> str:
    return reverse("portal:enrolment_leave", args=[one.pk])


def part(one: Enrolment) -> str:
    return reverse("portal:enrolment", args=[one.pk])


def told(user: object) -> set[str]:
    return set(Message.objects.filter(recipient=user).values_list("kind", flat=True))


def test_a_member_leaves_at_once_and_comes_back_within_a_day(
    client: Client, cohort: Cohort, move_clock: Callable
) -> None:
    circle = circle_of(cohort, 3)
    one, lead = members_of(circle)[0], lead_of(circle)
    place = ParticipationFactory(organisation=one.organisation, cohort=cohort, places={"mentee": 1})
    coordinator = CoordinatorFactory(organisation=one.organisation).user
    one.nomination = NominationFactory(participation=place, state="accepted", email=one.user.email)
    one.completed_at = NOON
    one.save()
    client.force_login(one.user)
    for page in ("portal:account", "portal:circle"):
        args = [circle.pk] if page == "portal:circle" else []
        assert leave_page(one) in client.get(reverse(page, args=args)).content.decode()
    html = client.get(leave_page(one)).content.decode()
    coming = f"{circle.sessions.upcoming().count()} sessions to come"
    for words in (f"Your seat in {circle}", coming, one.organisation.name):
        assert words in html
    assert client.post(leave_page(one), {"reason": "x" * 301}).status_code == 200
    after = client.post(leave_page(one), {"reason": "I have a new job."}, follow=True).content.decode()
    assert "Come back" in after
    assert "Your reflections" in after
    one.refresh_from_db()
    left = one.changes.get()
    assert (one.state, left.by, left.note) == ("withdrawn", one.user, "I have a new job.")
    assert {"circles.left", "circles.session_cancelled"} <= told(one.user)
    assert "circles.member_left" in told(lead.user)
    assert told(coordinator) == {"participants.not_taking_part"}
    fewer = Message.objects.filter(kind="circles.member_left")
    assert {one.recipient for one in fewer} == {lead.user, *(mate.user for mate in members_of(circle))}
    # Who has joined since is told by itself: that the circle is smaller would not be true any more.
    message, joined = fewer.first(), MembershipFactory(circle=circle, seat=9, enrolment__cohort=circle.cohort)
    assert member_left_due(message).startswith("Somebody has joined since")
    joined.delete()
    # Within the day they come back to their seat; who has not been told yet is not told at all, who has is told again.
    Message.objects.filter(pk__in=fewer.exclude(recipient=lead.user)[:1]).update(state="sent", sent_at=NOON)
    knows = fewer.get(state="sent").recipient
    client.post(leave_page(one), {"come_back": "1"})
    one.refresh_from_db()
    assert (one.state, one.memberships.current().get().circle) == ("enrolled", circle)
    assert {member_left_due(message) for message in fewer.filter(state="waiting")} == {"Who left has come back."}
    assert [one.recipient for one in Message.objects.filter(kind="circles.grown")] == [knows]
    # Nor is it offered after it, or to whom the team has withdrawn.
    client.post(leave_page(one))
    move_clock(NOON + dt.timedelta(hours=25))
    assert "Come back" not in client.get(part(one)).content.decode()
    client.post(leave_page(one), {"come_back": "1"})
    one.refresh_from_db()
    assert one.state == "withdrawn"


def test_who_leads_or_is_one_of_two_tells_the_team_which_withdraws_them(client: Client, cohort: Cohort) -> None:
    circle = circle_of(cohort, 1)
    lead, member = lead_of(circle), members_of(circle)[0]
    staff = StaffFactory(role="lead")
    for one in (lead, member):
        client.force_login(one.user)
        client.post(leave_page(one), {"reason": "I move away."})
        client.post(leave_page(one), {"reason": "I move abroad."})
        one.refresh_from_db()
        assert (one.state, one.leave_requests.get().reason) == ("enrolled", "I move abroad.")
    client.post(leave_page(member), {"take_back": "1"})
    found = attention.gather(attention.RULES, staff, [cohort])
    items = [item for group in found.values() for one in group if one.rule.key == "leaving_asked" for item in one.items]
    assert [item.url for item in items] == [reverse("admin:enrolment_withdraw", args=[lead.pk])]
    assert "abroad" not in items[0].evidence
    client.force_login(staff)
    plan = client.get(items[0].url)
    assert "I move abroad." in plan.content.decode()
    client.post(items[0].url, {"option": "keep", "fingerprint": plan.context["plan"].fingerprint, "note": ""})
    lead.refresh_from_db()
    left, asked = lead.changes.get(), LeaveRequest.objects.get()
    assert (lead.state, left.note, left.by) == ("withdrawn", "I move abroad.", staff)
    assert (asked.answered_by, asked.answered_at is None) == (staff, False)
    client.force_login(lead.user)
    assert "Come back" not in client.get(part(lead)).content.decode()


def test_who_waits_leaves_at_once_and_nobody_of_a_closed_cohort(client: Client, cohort: Cohort) -> None:
    waits, stays = enrol(cohort), enrol(cohort)
    client.force_login(waits.user)
    assert part(waits) in client.get(reverse("portal:home")).content.decode()
    client.post(leave_page(waits))
    waits.refresh_from_db()
    assert waits.state == "withdrawn"
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=clock.now())
    client.force_login(stays.user)
    assert client.post(leave_page(stays)).url == part(stays)
    stays.refresh_from_db()
    assert stays.state == "enrolled"
