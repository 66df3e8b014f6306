"""A second coordinator, handing over, leaving; and an organisation's answer when it is asked to take part again."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts import clock
from accounts.models import User
from organisations import services
from organisations.models import CoordinatorInvitation, Interest, RenewalAnswer
from organisations.selectors import renewal_offer, to_renew
from organisations.services import offer_renewal
from outbox.models import Message
from privacy.models import AuditEvent
from tests.factories import CohortFactory, CoordinatorFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def part():
    part = ParticipationFactory(organisation__domain="employer.example")
    CoordinatorFactory(organisation=part.organisation)
    return part


def ask(part, name="cleo", **values):
    by = part.organisation.coordinators.get(ended_at=None).user
    values = {"hand_over": False, "email": f"{name}@employer.example", "by": by} | values
    return services.ask_coordinator(organisation=part.organisation, first_name=name, last_name="C", **values)


def acting(part):
    return list(part.organisation.coordinators.filter(ended_at=None).values_list("user__email", flat=True))


def test_a_second_coordinator_acts_once_they_accept_and_the_first_is_told(part):
    first = acting(part)
    asked = ask(part)
    assert acting(part) == first
    assert not User.objects.filter(email="cleo@employer.example").exists()

    services.accept_coordinating(invitation=asked)

    assert acting(part) == [*first, "cleo@employer.example"]
    told = set(Message.objects.values_list("kind", "address"))
    assert ("organisations.coordinator_answered", first[0]) in told
    assert ("organisations.coordinator_invited", "cleo@employer.example") in told
    with pytest.raises(ValidationError, match="answered"):
        services.accept_coordinating(invitation=asked)


def test_handing_over_changes_hands_in_one_moment_and_only_when_accepted(part):
    first = acting(part)
    declined = ask(part, "dan", hand_over=True)
    with pytest.raises(ValidationError, match="already"):
        ask(part, "eve", hand_over=True)
    services.decline_coordinating(invitation=declined)
    assert acting(part) == first

    services.accept_coordinating(invitation=ask(part, "eve", hand_over=True))

    assert acting(part) == ["eve@employer.example"]
    assert AuditEvent.objects.filter(verb="coordinator.handed_over").count() == 1


def test_who_leaves_last_leaves_nobody_and_an_offer_that_stands_can_still_be_accepted(part):
    asked = ask(part, hand_over=True)
    assert services.stop_coordinating(organisation=part.organisation, by=asked.invited_by) == 0
    assert acting(part) == []
    services.accept_coordinating(invitation=asked)
    assert acting(part) == ["cleo@employer.example"]


@pytest.mark.parametrize("email", ["someone@elsewhere.example", "cleo@employer.example", "off@employer.example"])
def test_who_cannot_be_asked(part, email):
    ask(part)
    User.objects.create_user("off@employer.example", is_active=False)
    with pytest.raises(ValidationError):
        ask(part, email=email)
    with pytest.raises(ValidationError, match="do not coordinate"):
        ask(part, "dan", by=StaffFactory())


def test_who_was_asked_is_forgotten_after_thirty_days_and_the_link_is_dead(part, move_clock):
    asked = ask(part)
    move_clock(clock.now() + dt.timedelta(days=31))
    with pytest.raises(ValidationError):
        services.accept_coordinating(invitation=asked)
    assert services.erase_old_invitations() == 1
    assert services.erase_old_invitations() == 0
    asked = CoordinatorInvitation.objects.get()
    assert (asked.state, asked.email, asked.first_name) == ("expired", "", "Erased")
    assert not Message.objects.filter(address="cleo@employer.example").exists()


# --- taking part again -------------------------------------------------------------------------


@pytest.fixture
def offered(part):
    """The organisation's part in an earlier cohort, and the one that it is asked about."""
    part.cohort.launch_from -= dt.timedelta(days=40)
    after = CohortFactory(format=part.cohort.format, launch=clock.today() + dt.timedelta(days=200))
    offer_renewal(cohort=after, participations=[part], by=StaffFactory())
    return part, after


def answer(part, cohort, again, **values):
    by = part.organisation.coordinators.get().user
    given = {"places": {"mentee": 4, "mentor": 1}, "note": "More, please", "by": by} | values
    return services.answer_renewal(participation=part, cohort=cohort, again=again, **given)


def test_a_no_is_kept_and_may_become_a_yes_which_registers_interest(offered):
    part, after = offered
    answer(part, after, again=False)
    assert not Interest.objects.exists()
    assert renewal_offer(part, after).can_answer
    assert to_renew(after).get(pk=part.pk).declined_because == "More, please"

    answer(part, after, again=True)

    interest = Interest.objects.get()
    assert (interest.organisation, interest.cohort, interest.expected_mentees) == (part.organisation, after, 4)
    assert RenewalAnswer.objects.get().again
    with pytest.raises(ValidationError):
        answer(part, after, again=False)


def test_what_nobody_asked_cannot_be_answered(offered):
    part, _ = offered
    with pytest.raises(ValidationError):
        answer(part, CohortFactory(format=part.cohort.format, launch=clock.today() + dt.timedelta(days=400)), True)
