"""Asking people of an earlier cohort: who is asked and who not, that a yes signs nobody up, and what comes of it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.selectors.coming_again import candidates
from cohorts.models import Cohort
from outbox import kinds
from outbox.models import Message, OptOut
from participants import links, services
from participants.models import AskedAgain, Enrolment, Nomination
from participants.services import RefusedError
from tests.factories import (
    CircleFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def before() -> Cohort:
    return CohortFactory(name="Cohort 14", launch=clock.today() - dt.timedelta(days=300), published_at=clock.now())


@pytest.fixture
def after(before: Cohort) -> Cohort:
    return CohortFactory(name="Cohort 15", format=before.format, launch=clock.today() + dt.timedelta(days=60))


def led(cohort: Cohort, **values: object) -> Enrolment:
    one = EnrolmentFactory(cohort=cohort, role="mentor", **values)
    MembershipFactory(circle=CircleFactory(cohort=cohort), enrolment=one, seat=0)
    return one


def asked(one: Enrolment, cohort: Cohort) -> AskedAgain:
    services.ask_again(cohort=cohort, enrolments=[one], by=StaffFactory())
    return AskedAgain.objects.get(enrolment=one)


def test_who_is_asked_and_who_not_and_why(client: Client, before: Cohort, after: Cohort) -> None:
    waited, refuses, there, put_forward = (EnrolmentFactory(cohort=before) for _ in range(4))
    mentor = led(before)
    MembershipFactory(circle=mentor.memberships.get().circle, enrolment=EnrolmentFactory(cohort=before))
    EnrolmentFactory(cohort=before, state="withdrawn")
    OptOut.objects.create(user=refuses.user, category="news")
    EnrolmentFactory(cohort=after, user=there.user)
    NominationFactory(participation=ParticipationFactory(cohort=after), email=put_forward.user.email.upper())
    client.force_login(StaffFactory(role="manager"))
    url = reverse("admin:cohort_ask_again", args=[after.pk])
    page = client.get(url).context
    assert {one.enrolment for one in page["form"].can.values()} == {waited, mentor}
    assert {one.enrolment: one.why_not for one in page["others"]} == {
        refuses: "Has asked not to get news of the programme",
        there: "Is put forward or enrolled already",
        put_forward: "Is put forward or enrolled already",
    }
    client.post(url, {"people": [waited.pk], "look": "1"})
    assert not Message.objects.exists()
    client.post(url, {"people": [waited.pk], "send": "1"})
    client.post(url, {"people": [waited.pk], "send": "1"})
    mail = Message.objects.get()
    assert (mail.kind, mail.recipient) == ("participants.asked_again", waited.user)
    assert kinds.get(mail.kind).still_due(mail) == ""
    assert [one.enrolment for one in candidates(after) if not one.why_not] == [mentor]
    assert "1 asked: 0 said yes" in client.get(reverse("admin:cohort_page", args=[after.pk])).content.decode()


def test_opening_the_link_answers_nothing_and_a_yes_becomes_an_application(
    client: Client, before: Cohort, after: Cohort
) -> None:
    one = EnrolmentFactory(cohort=before)
    part = ParticipationFactory(organisation=one.organisation, cohort=after, places={"mentee": 1})
    url = reverse("portal:asked_again", args=[links.again_token(asked(one, after))])
    assert client.get(f"{url}?answer=yes").status_code == 200
    assert AskedAgain.objects.get().answer == ""
    client.post(url, {"answer": "yes"})
    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.origin, nomination.place, nomination.participation) == (
        "applied", "applied", None, part
    )  # fmt: skip
    # No after all, and yes again: while nothing has come of it.
    client.post(url, {"answer": "no"})
    assert Nomination.objects.get().state == "withdrawn"
    client.post(url, {"answer": "yes"})
    client.post(url, {"answer": "yes"})
    nomination = Nomination.objects.get(state="applied")
    assert services.confirm_application(nomination=nomination, by=None).state == "invited"
    with pytest.raises(RefusedError):
        services.answer_again(asked=AskedAgain.objects.get(), answer="no")
    assert client.get(reverse("portal:asked_again", args=["no-such-link"])).status_code == 404


def test_a_yes_waits_for_its_organisation_and_the_last_day_ends_it(before: Cohort, after: Cohort) -> None:
    one, other = EnrolmentFactory(cohort=before), EnrolmentFactory(cohort=before)
    services.answer_again(asked=asked(one, after), answer="yes")
    assert services.put_forward_waiting() == 0
    part = ParticipationFactory(organisation=one.organisation, cohort=after)
    assert (services.put_forward_waiting(), services.put_forward_waiting()) == (1, 0)
    assert part.nominations.get().email == one.user.email
    late = asked(other, after)
    Cohort.objects.filter(pk=after.pk).update(recruitment_until=clock.today() - dt.timedelta(days=1))
    with pytest.raises(RefusedError):
        services.answer_again(asked=late, answer="yes")
    with pytest.raises(RefusedError):
        services.ask_again(cohort=Cohort.objects.get(pk=after.pk), enrolments=[other], by=StaffFactory())
