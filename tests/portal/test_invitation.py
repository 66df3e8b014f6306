"""A nominee's link, and an organisation's application link."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts import clock
from accounts.models import User
from outbox.models import Message
from participants import links, services
from participants.models import Enrolment, Nomination
from tests.factories import (
    CohortFactory,
    CoordinatorFactory,
    FormatFactory,
    NominationFactory,
    ParticipationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination():
    nominator = UserFactory(first_name="Robin", last_name="Coordinator")
    return NominationFactory(first_name="Nia", last_name="Okoro", reason="Ready for more", nominated_by=nominator)


def url(nomination, page="invitation"):
    return reverse(f"portal:{page}", args=[links.invitation_token(nomination)])


def test_the_page_says_who_why_what_is_held_and_until_when(client, nomination):
    page = client.get(url(nomination))

    assert page.status_code == 200
    for words in ["Robin Coordinator", "Ready for more", "What we hold about you", "30 days", "No, thank you"]:
        assert words in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_who_it_is_for_is_said_before_anybody_accepts_and_only_where_it_is_asked(client, nomination):
    asked = "you say yourself whether it is for you"
    page = client.get(url(nomination)).content.decode()
    assert asked in page
    assert reverse("portal:questions") in page
    mentor = NominationFactory(participation=nomination.participation, role="mentor")
    assert asked not in client.get(url(mentor)).content.decode()


def test_looking_changes_nothing(client, nomination):
    client.get(url(nomination))
    client.get(url(nomination, "invitation_decline"))

    assert client.get(url(nomination, "invitation_accept")).status_code == 405
    nomination.refresh_from_db()
    assert (nomination.state, User.objects.filter(email=nomination.email).count()) == ("invited", 0)


def test_accepting_makes_an_account_signs_in_and_opens_the_questions(client, nomination):
    answer = client.post(url(nomination, "invitation_accept"))

    enrolment = Enrolment.objects.get(nomination=nomination)
    assert answer.url == reverse("portal:enrolment", args=[enrolment.pk])
    assert client.get(answer.url).status_code == 200
    assert enrolment.user.email == nomination.email
    assert not enrolment.user.has_usable_password()


def test_a_used_link_signs_nobody_in(client, nomination):
    client.post(url(nomination, "invitation_accept"))
    client.logout()

    page = client.post(url(nomination, "invitation_accept"))

    assert page.status_code == 200
    assert "You have accepted already" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_with_an_account_signs_in_first(client, nomination):
    UserFactory(email=nomination.email)

    answer = client.post(url(nomination, "invitation_accept"))

    assert answer.url.startswith(reverse("account_request_login_code"))
    assert not Enrolment.objects.exists()
    assert "_auth_user_id" not in client.session


def test_their_own_account_accepts_when_signed_in(client, nomination):
    user = UserFactory(email=nomination.email.upper())
    client.force_login(user)

    client.post(url(nomination, "invitation_accept"))

    assert Enrolment.objects.get().user == user


def test_somebody_else_who_is_signed_in_cannot_accept(client, nomination):
    client.force_login(UserFactory())

    answer = client.post(url(nomination, "invitation_accept"), follow=True)

    assert "You are signed in as somebody else" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_declining_tells_the_coordinator_without_the_reason(client, nomination):
    coordinator = CoordinatorFactory(organisation=nomination.participation.organisation)

    answer = client.post(url(nomination, "invitation_decline"), {"reason": "support"})

    nomination.refresh_from_db()
    assert (nomination.state, nomination.decline_reason, nomination.place) == ("declined", "support", None)
    assert "Thank you for telling us" in answer.content.decode()
    assert Message.objects.get(kind="participants.not_taking_part").recipient == coordinator.user


def test_the_reason_for_declining_may_stay_unsaid(client, nomination):
    client.post(url(nomination, "invitation_decline"), {})

    nomination.refresh_from_db()
    assert (nomination.state, nomination.decline_reason) == ("declined", "")


@pytest.mark.parametrize("token", ["x", "abc.def", "0" * 32 + "-1.sig"])
def test_a_forged_link_gets_a_kind_page(client, token):
    page = client.get(reverse("portal:invitation", args=[token]))

    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()


def test_an_application_link_is_no_invitation(client, nomination):
    token = links.application_token(nomination.participation)

    assert client.get(reverse("portal:invitation", args=[token])).status_code == 404


def test_after_the_last_day_the_link_is_over(client, nomination, move_clock):
    move_clock(nomination.cohort.recruitment_until)
    assert client.get(url(nomination)).status_code == 200
    move_clock(nomination.cohort.recruitment_until + dt.timedelta(days=1))

    assert client.get(url(nomination)).status_code == 410
    assert client.post(url(nomination, "invitation_accept")).status_code == 410
    assert not Enrolment.objects.exists()


def test_a_withdrawn_nomination_says_so(client, nomination):
    services.withdraw_nomination(nomination=nomination, by=None)

    page = client.get(url(nomination))

    assert page.status_code == 410
    assert "has been taken back" in page.content.decode()


def test_an_invitation_sent_again_replaces_the_first_link(client, nomination):
    old = url(nomination)
    services.send_again(nomination=nomination, by=None)
    nomination.refresh_from_db()

    assert (client.get(old).status_code, client.get(url(nomination)).status_code) == (404, 200)


# --- applying ------------------------------------------------------------------------------------


@pytest.fixture
def applying():
    cache.clear()
    kind = FormatFactory(key="reverse", joining="application", capacity=1, minimum=1, target=1)
    return ParticipationFactory(cohort=CohortFactory(format=kind, circle_minimum=1, circle_target=1))


def apply_url(participation):
    return reverse("portal:apply", args=[links.application_token(participation)])


FORM = {"first_name": "Ken", "last_name": "Adeyemi", "email": "Ken@Employer.example", "role": "mentor", "reason": "Yes"}


def test_an_application_is_recorded_acknowledged_and_waits(client, applying):
    answer = client.post(apply_url(applying), FORM, follow=True)

    nomination = Nomination.objects.get()
    assert "Thank you for applying" in answer.content.decode()
    assert (nomination.state, nomination.origin, nomination.email) == ("applied", "applied", "ken@employer.example")
    assert Message.objects.get().kind == "participants.application_received"


def test_applying_twice_looks_the_same_and_writes_once(client, applying):
    first = client.post(apply_url(applying), FORM)
    second = client.post(apply_url(applying), FORM | {"first_name": "Other"})

    assert first.url == second.url
    assert (Nomination.objects.get().first_name, Message.objects.count()) == ("Ken", 1)


def test_an_empty_application_says_what_is_missing_and_keeps_the_rest(client, applying):
    page = client.post(apply_url(applying), {"first_name": "Ken"}).content.decode()

    for words in ["Enter a last name.", "Enter a work e-mail address.", "Choose the part that you would take."]:
        assert words in page
    assert 'value="Ken"' in page
    assert not Nomination.objects.exists()


def test_the_trap_and_the_limit_hold(client, applying, monkeypatch):
    assert client.post(apply_url(applying), FORM | {"more_about_you": "spam"}).status_code == 200
    monkeypatch.setattr("portal.views.application.APPLICATIONS_AN_HOUR", 0)

    assert client.post(apply_url(applying), FORM).status_code == 429
    assert not Nomination.objects.exists()


def test_a_renewed_link_ends_the_old_one(client, applying):
    old = apply_url(applying)
    services.renew_application_link(participation=applying, by=None)
    applying.refresh_from_db()

    assert (client.get(old).status_code, client.get(apply_url(applying)).status_code) == (404, 200)


def test_applications_close_with_recruitment(client, applying, move_clock):
    move_clock(applying.cohort.recruitment_until + dt.timedelta(days=1))

    assert client.get(apply_url(applying)).status_code == 410
    assert client.post(apply_url(applying), FORM).status_code == 410
    assert clock.today() > applying.cohort.recruitment_until
    assert not Nomination.objects.exists()


def test_who_waits_reads_that_they_do_and_can_only_say_no(client, nomination):
    waits = NominationFactory(state="reserve", reserve_position=1, participation=nomination.participation)

    page = client.get(url(waits)).content.decode()
    assert "You are on the reserve list" in page
    assert "Accept my place" not in page
    client.post(url(waits, "invitation_accept"))
    assert not Enrolment.objects.exists()
    assert "You then leave the reserve list" in client.get(url(waits, "invitation_decline")).content.decode()

    client.post(url(waits, "invitation_decline"), {"reason": "time"})
    waits.refresh_from_db()
    assert (waits.state, waits.decline_reason) == ("declined", "time")


def test_the_link_of_who_waits_lives_until_the_last_day(client, nomination, move_clock):
    waits = NominationFactory(state="reserve", reserve_position=1, participation=nomination.participation)
    move_clock(nomination.cohort.recruitment_until)
    assert client.get(url(waits, "invitation_decline")).status_code == 200
    move_clock(nomination.cohort.recruitment_until + dt.timedelta(days=1))
    assert client.get(url(waits, "invitation_decline")).status_code == 410
