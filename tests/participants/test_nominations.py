"""Putting people forward, and what becomes of them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from organisations.models import Place
from outbox.models import Message
from participants import selectors, services
from participants.models import Enrolment, Nomination
from participants.services import RefusedError
from privacy.models import AuditEvent
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    NominationFactory,
    ParticipationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def participation():
    return ParticipationFactory(places={"mentee": 1, "mentor": 1})


def put(participation, number=1, role="mentee", by=None):
    return services.nominate(
        participation=participation, role=role, first_name="Nia", last_name=f"Person{number}",
        email=f"P{number}@Employer.example ", reason="", by=by,
    )  # fmt: skip


def states(*nominations):
    return [Nomination.objects.get(pk=nomination.pk).state for nomination in nominations]


def sent(kind):
    return Message.objects.filter(kind=f"participants.{kind}")


def test_the_first_gets_the_place_and_the_second_is_told_that_they_wait(participation):
    coordinator = UserFactory()
    first, second = put(participation, 1, by=coordinator), put(participation, 2)

    assert states(first, second) == ["invited", "reserve"]
    assert first.email == "p1@employer.example"
    assert sent("nominated").get().about == first
    assert sent("on_reserve_list").get().about == second
    assert AuditEvent.objects.filter(verb="nomination.made", actor=coordinator).exists()


def test_places_are_counted_per_role(participation):
    assert states(put(participation, 1), put(participation, 2, "mentor")) == ["invited", "invited"]


@pytest.mark.parametrize("email", ["p1@employer.example", "P1@EMPLOYER.EXAMPLE "])
def test_nobody_is_put_forward_twice_and_another_employer_learns_nothing(participation, email):
    put(participation, 1)
    elsewhere = ParticipationFactory(cohort=participation.cohort)

    for where, words in [(participation, "has already been put forward here"), (elsewhere, "We can’t invite anybody")]:
        with pytest.raises(RefusedError, match=words):
            services.nominate(
                participation=where, role="mentee", first_name="A", last_name="B", email=email, reason="", by=None
            )


def test_somebody_who_is_enrolled_is_not_put_forward_again(participation):
    EnrolmentFactory(cohort=participation.cohort, user__email="p1@employer.example", state="withdrawn")

    with pytest.raises(RefusedError):
        put(participation, 1)


def test_only_the_formats_roles_and_only_until_the_last_day(participation, move_clock):
    with pytest.raises(RefusedError, match="no such role"):
        put(participation, 1, "partner")
    move_clock(participation.cohort.recruitment_until)
    put(participation, 1)
    move_clock(participation.cohort.recruitment_until + dt.timedelta(days=1))
    with pytest.raises(RefusedError, match="have closed"):
        put(participation, 2)


def test_withdrawing_frees_the_place_tells_the_person_and_invites_the_next(participation):
    first, second = put(participation, 1), put(participation, 2)

    services.withdraw_nomination(nomination=first, by=None)
    services.withdraw_nomination(nomination=first, by=None)

    assert states(first, second) == ["withdrawn", "invited"]
    assert sent("nomination_withdrawn").get().about == first
    assert {m.about for m in sent("nominated")} == {first, second}


def test_who_waits_is_told_of_a_withdrawal(participation):
    put(participation, 1)
    second = put(participation, 2)

    services.withdraw_nomination(nomination=second, by=None)

    assert states(second) == ["withdrawn"]
    assert sent("nomination_withdrawn").get().about == second


def test_who_waits_can_say_no_until_the_last_day(participation, move_clock):
    CoordinatorFactory(organisation=participation.organisation)
    _, second, third = put(participation, 1), put(participation, 2), put(participation, 3)

    services.decline_nomination(nomination=second, reason="time")

    assert states(second) == ["declined"]
    assert sent("not_taking_part").get().occurrence == "reserve"
    with pytest.raises(services.RefusedError):
        services.accept_nomination(nomination=third)
    move_clock(participation.cohort.recruitment_until + dt.timedelta(days=1))
    with pytest.raises(services.RefusedError, match="last day"):
        services.decline_nomination(nomination=third)


def test_whoever_waits_and_has_not_heard_is_written_to_once(participation):
    put(participation, 1)
    second = put(participation, 2)
    sent("on_reserve_list").delete()  # put forward before this mail existed

    services.fill_freed_places()
    services.fill_freed_places()

    assert sent("on_reserve_list").get().about == second


def test_nobody_is_told_to_wait_who_gets_the_place(participation):
    put(participation, 1)
    applied = NominationFactory(participation=participation, state="applied", origin="applied", role="mentor")
    services.confirm_application(nomination=applied, by=None)
    waits = NominationFactory(participation=participation, state="applied", origin="applied")
    services.confirm_application(nomination=waits, by=None)

    assert sent("on_reserve_list").get().about == waits


def test_declining_invites_the_next_and_tells_todays_coordinators(participation):
    first, second = put(participation, 1), put(participation, 2)
    now = CoordinatorFactory(organisation=participation.organisation)
    CoordinatorFactory(organisation=participation.organisation, ended_at="2020-01-01T00:00Z")

    services.decline_nomination(nomination=first, reason="time")

    assert states(first, second) == ["declined", "invited"]
    assert [m.recipient for m in sent("not_taking_part")] == [now.user]
    with pytest.raises(RefusedError):
        services.decline_nomination(nomination=first)
    with pytest.raises(RefusedError):
        services.accept_nomination(nomination=first)


def test_accepting_makes_an_account_and_an_enrolment_with_history(participation):
    nomination = put(participation, 1)

    enrolment = services.accept_nomination(nomination=nomination)

    assert (enrolment.state, enrolment.side, enrolment.organisation) == (
        "started", "member", participation.organisation,
    )  # fmt: skip
    assert [change.state for change in enrolment.changes.all()] == ["started"]
    assert enrolment.user.get_full_name() == "Nia Person1"
    with pytest.raises(RefusedError):
        services.accept_nomination(nomination=nomination)


def test_accepting_uses_an_account_that_exists(participation):
    known = UserFactory(email="P1@employer.example", first_name="Known")

    assert services.accept_nomination(nomination=put(participation, 1)).user == known
    assert User.objects.get(pk=known.pk).first_name == "Known"


def test_a_second_enrolment_is_refused_with_nothing_done(participation):
    nomination = put(participation, 1)
    EnrolmentFactory(cohort=participation.cohort, user__email="p1@employer.example")

    with pytest.raises(RefusedError, match="already take part"):
        services.accept_nomination(nomination=nomination)
    assert states(nomination) == ["invited"]


def test_the_reserve_list_is_ordered_within_its_role(participation):
    put(participation, 0)
    one, two, three = (put(participation, n) for n in (1, 2, 3))

    services.move_reserve(nomination=three, direction="first", by=None)
    services.move_reserve(nomination=one, direction="down", by=None)

    assert list(selectors.reserve_list(participation, "mentee")) == [three, two, one]


def test_more_places_invite_the_reserve_list(participation):
    first, second = put(participation, 1), put(participation, 2)
    Place.objects.create(participation=participation, role="mentee", number=2)

    assert services.fill_freed_places() == 1
    assert services.fill_freed_places() == 0
    assert states(first, second) == ["invited", "invited"]


# --- what the calendar does --------------------------------------------------------------------


def test_after_the_last_day_the_unanswered_expire_and_thirty_days_later_are_forgotten(participation, move_clock):
    until = participation.cohort.recruitment_until
    accepted = put(participation, 9, "mentor")
    services.accept_nomination(nomination=accepted)
    invited, reserve = put(participation, 1), put(participation, 2)

    move_clock(until)
    assert services.expire_nominations() == 0
    move_clock(until + dt.timedelta(days=1))
    assert (services.expire_nominations(), services.expire_nominations()) == (2, 0)
    assert states(accepted, invited, reserve) == ["accepted", "expired", "expired"]
    move_clock(until + dt.timedelta(days=30))
    assert services.erase_unanswered() == 0
    move_clock(until + dt.timedelta(days=31))
    assert (services.erase_unanswered(), services.erase_unanswered()) == (2, 0)

    invited.refresh_from_db()
    assert (invited.first_name, invited.email, invited.reason, invited.sort_name) == ("Erased", "", "", "erased")
    accepted.refresh_from_db()
    assert accepted.first_name == "Nia"
    assert not Message.objects.about(invited).exclude(address="").exists()


def test_who_said_no_is_forgotten_thirty_days_after_it(participation, move_clock):
    nomination = put(participation, 1)
    services.decline_nomination(nomination=nomination)
    nomination.refresh_from_db()
    Nomination.objects.update(answered_at=nomination.answered_at - dt.timedelta(days=29))
    assert services.erase_unanswered() == 0
    Nomination.objects.update(answered_at=nomination.answered_at - dt.timedelta(days=31))

    assert services.erase_unanswered() == 1


def test_nobody_is_invited_after_the_last_day(participation, move_clock):
    put(participation, 1)
    second = put(participation, 2)
    move_clock(participation.cohort.recruitment_until + dt.timedelta(days=1))

    services.expire_nominations()

    assert states(second) == ["expired"]
    assert sent("nominated").count() == 1


# --- what PostgreSQL holds itself ---------------------------------------------------------------


def test_a_place_is_held_by_one_and_only_while_the_nomination_lives(participation):
    held = put(participation, 1)
    for values in ({"place": held.place, "state": "invited"}, {"place": None, "state": "invited"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NominationFactory(participation=participation, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=held.pk).update(state="withdrawn")


def test_a_second_enrolment_of_a_person_cannot_be_stored():
    enrolment = EnrolmentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentFactory(cohort=enrolment.cohort, user=enrolment.user, role="mentor")
    assert Enrolment.objects.filter(user=enrolment.user).count() == 1
    EnrolmentFactory(cohort=CohortFactory(), user=enrolment.user)
