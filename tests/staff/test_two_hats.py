"""Staff and mentor in one person: said where it matters; and that nobody learns of a concern who may not read it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Membership
from circles.selectors.two_hats import hidden_from, two_hats
from circles.services import confidence
from cohorts.models import StaffAssignment
from outbox.models import Message
from portal.places import _known
from privacy.models import AuditEvent
from tests.factories import EnrolmentFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor() -> Membership:
    """A programme manager who leads a circle."""
    staff = StaffFactory(role="manager")
    seat = MembershipFactory(seat=0, enrolment__role="mentor", enrolment__user=staff)
    seat.circle.cohort.published_at = seat.created_at
    seat.circle.cohort.save()
    return seat


def html(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_the_conflict_is_said_on_circle_cohort_and_concerns(client: Client, mentor: Membership) -> None:
    circle, cohort = mentor.circle, mentor.circle.cohort
    EnrolmentFactory(cohort=cohort)
    [found] = two_hats(cohort)
    assert (found.what, found.alone) == (f"programme manager, and leads {circle}", True)
    assert "Nobody else of the team" in found.note
    lead = StaffFactory(role="lead")
    assert [one.alone for one in two_hats(cohort, circle)] == [False]
    client.force_login(lead)
    assert "On the team and in this cohort" in html(client, "cohort_page", cohort.pk)
    assert "Let a colleague decide about this circle" in html(client, "circles_circle_change", circle.pk)
    assert "are not listed here" not in html(client, "circles_concern_changelist")
    client.force_login(mentor.enrolment.user)
    assert "are not listed here" in html(client, "circles_concern_changelist")
    assert hidden_from(mentor.enrolment.user) == [f"{circle} of {cohort}"]


def test_the_header_leads_to_one_s_own_circle_at_once_and_asks_nothing_for_others(
    client: Client, mentor: Membership, count_queries: Callable
) -> None:
    circle, user = mentor.circle, mentor.enrolment.user
    link = f'href="{reverse("portal:circle", args=[circle.pk])}"'

    def headers() -> list[bool]:
        """Of the team's site and of one's own pages."""
        client.force_login(user)
        return [
            link in client.get(url).content.decode().split("<main")[0]
            for url in (reverse("admin:cohort_page", args=[circle.cohort_id]), reverse("portal:account"))
        ]

    assert headers() == [True, True]
    assert f"Your circle {circle.number}" in html(client, "cohort_page", circle.cohort_id)
    Membership.objects.filter(pk=mentor.pk).update(left_at=clock.now())
    assert headers() == [False, False]
    MembershipFactory(seat=0, circle=circle, enrolment=mentor.enrolment)
    assert headers() == [True, True]
    # Known, it costs no query; for who never had a seat not even the first time.
    lead, again = StaffFactory(role="lead"), lambda: html(client, "circles_circle_changelist")
    again()
    with_seat = count_queries(again)
    client.force_login(lead)
    again()
    _known.clear()
    assert count_queries(again) == with_seat


def test_a_concern_shows_in_messages_and_trail_to_those_alone_who_may_read_it(
    client: Client, mentor: Membership
) -> None:
    member = MembershipFactory(circle=mentor.circle, seat=1).enrolment
    concern = confidence.raise_concern(enrolment=member, text="He talks over me.")
    lead = StaffFactory(role="lead")
    confidence.take_up(concern=concern, by=lead)
    elsewhere = StaffFactory(role="analyst")
    StaffAssignment.objects.filter(user=elsewhere).update(role="read_only")
    # Who may only read, and who leads the very circle.
    for user in (StaffFactory(role="read_only"), elsewhere, mentor.enrolment.user):
        assert not Message.objects.for_staff(user).exists()
        assert not AuditEvent.objects.for_staff(user).filter(verb__startswith="concern.").exists()
        client.force_login(user)
        for page in (
            html(client, "outbox_message_changelist"),
            html(client, "person_messages", member.user_id),
            html(client, "enrolment_messages", member.pk),
        ):
            rows = page.split('id="changelist-filter"')[0]  # the filter names every kind there is
            assert "Your message to the team" not in rows
        assert "concern." not in html(client, "privacy_auditevent_changelist")
        message = Message.objects.first()
        assert client.get(message.get_absolute_url()).status_code == 302
    client.force_login(lead)
    assert "Your message to the team came" in html(client, "person_messages", member.user_id)
    assert "concern.taken_up" in html(client, "privacy_auditevent_changelist")
    assert Message.objects.for_staff(lead).count() == 2
