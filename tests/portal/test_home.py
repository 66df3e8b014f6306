"""Everybody's home and account: the next thing to do, and what they agree to."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from circles.services import sessions
from circles.services.attendance import record_all
from cohorts.services import plan_ceremonies
from outbox.models import Suppression
from participants.models import EventReply
from participants.services import nominate
from privacy.models import CIRCLE_SEES, ConsentEvent
from privacy.selectors import consents
from tests.circles.circle import Published, published
from tests.factories import (
    CertificateFactory,
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    MembershipFactory,
    NominationFactory,
    ParticipationFactory,
    StaffFactory,
    UserFactory,
)


@pytest.fixture
def ours(move_clock: Callable) -> Published:
    move_clock(dt.date(2026, 9, 1))
    made = published(dt.date(2026, 10, 1))
    sessions.plan_sessions(circle=made.circle, by=None)
    return made


def home(client: Client, person: object) -> str:
    client.force_login(person)
    response = client.get(reverse("portal:home"))
    assert response.status_code == 200
    return response.content.decode()


def test_who_has_no_part_is_told_kindly(client: Client, db: None) -> None:
    assert "Nothing waits for you" in home(client, UserFactory())


def test_an_unfinished_enrolment_comes_first(client: Client, db: None) -> None:
    enrolment = EnrolmentFactory(state="started")
    html = home(client, enrolment.user)
    assert "Finish your enrolment" in html
    assert reverse("portal:enrolment", args=[enrolment.pk]) in html


def test_enrolled_and_waiting_for_the_circles(client: Client, db: None) -> None:
    html = home(client, EnrolmentFactory().user)
    assert "you are enrolled" in html
    assert "The circles are formed before the launch" in html


def test_after_publication_the_waiting_read_something_true(client: Client, ours: Published) -> None:
    html = home(client, EnrolmentFactory(cohort=ours.circle.cohort).user)
    assert "There is no circle for you yet" in html
    reserve = EnrolmentFactory(cohort=ours.circle.cohort, role="mentor", side="lead")
    assert "You are a mentor in reserve: we ask you as soon as a circle needs one" in home(client, reserve.user)


def test_a_session_to_answer_is_the_next_step_until_it_is_answered(client: Client, ours: Published) -> None:
    me = ours.members[0]
    html = home(client, me.user)
    assert "Will you come to session 1?" in html
    assert html.count('name="reply" value="yes"') == 1
    session = ours.circle.sessions.get(number=1)
    sessions.reply(session=session, enrolment=me, reply="yes")
    html = home(client, me.user)
    assert "Will you come to session" not in html
    assert "You said: I will come" in html


def test_a_ceremony_to_answer(client: Client, ours: Published) -> None:
    plan_ceremonies(cohort=ours.circle.cohort, by=None)
    html = home(client, ours.members[0].user)
    assert "Will you come to “Opening ceremony”?" in html
    assert "Every place is taken" not in html
    opening = ours.circle.cohort.events.order_by("starts_at").first()
    opening.capacity = 1
    opening.save()
    EventReply.objects.create(event=opening, enrolment=ours.members[1], reply="yes")
    assert "Every place is taken: you would be on the waiting list." in home(client, ours.members[0].user)


def test_the_lead_is_asked_who_was_there_and_members_are_not(
    client: Client, ours: Published, move_clock: Callable
) -> None:
    move_clock(dt.date(2026, 10, 14))
    assert "Say who was there" in home(client, ours.lead.user)
    assert "Say who was there" not in home(client, ours.members[0].user)
    record_all(session=ours.circle.sessions.get(number=1), came=set(), by=ours.lead.user)
    assert "Say who was there" not in home(client, ours.lead.user)


def test_a_certificate_is_there_to_download(client: Client, db: None) -> None:
    certificate = CertificateFactory()
    html = home(client, certificate.enrolment.user)
    assert reverse("portal:certificate_pdf", args=[certificate.pk]) in html


def test_a_coordinator_sees_their_own_organisations_only(client: Client, db: None) -> None:
    coordinator, cohort = CoordinatorFactory(), CohortFactory()
    own = ParticipationFactory(organisation=coordinator.organisation, cohort=cohort)
    other = ParticipationFactory(cohort=cohort)
    html = home(client, coordinator.user)
    assert reverse("portal:organisation", args=[own.pk]) in html
    assert other.organisation.name not in html


def test_a_coordinator_is_told_of_free_places_until_the_deadline(
    client: Client, db: None, move_clock: Callable
) -> None:
    coordinator, cohort = CoordinatorFactory(), CohortFactory()
    ParticipationFactory(organisation=coordinator.organisation, cohort=cohort)
    words = f"{coordinator.organisation} has 6 free places"
    html = home(client, coordinator.user)
    assert words in html
    assert "Put people forward" in html
    move_clock(cohort.recruitment_until + dt.timedelta(days=1))
    assert words not in home(client, coordinator.user)


def test_a_coordinator_is_told_who_applied(client: Client, db: None) -> None:
    coordinator, cohort = CoordinatorFactory(), CohortFactory()
    part = ParticipationFactory(organisation=coordinator.organisation, cohort=cohort)
    NominationFactory(participation=part, state="applied", origin="applied")
    NominationFactory(participation=part)
    html = home(client, coordinator.user)
    assert "Confirm the person who applied" in html
    assert f"{coordinator.organisation} has 5 free places" in html


def test_a_coordinator_is_told_who_is_silent_and_whose_mail_came_back_before_what_can_wait(
    client: Client, db: None, count_queries: Callable
) -> None:
    coordinator, cohort = CoordinatorFactory(), CohortFactory()
    part = ParticipationFactory(organisation=coordinator.organisation, cohort=cohort)
    queries = []
    for number in (1, 3):
        for _ in range(number):
            NominationFactory(participation=part)
        html = home(client, coordinator.user)
        queries.append(count_queries(lambda: client.get(reverse("portal:home"))))
    names = {"first_name": "Nia", "last_name": "Gone", "email": "gone@employer.example", "reason": ""}
    nominate(participation=part, role="mentor", by=coordinator.user, **names)
    Suppression.objects.create(address=names["email"], why="bounced")
    html = home(client, coordinator.user)
    titles = ["One of our mails came back", "has one free place", "4 people have not answered"]
    assert sorted(titles, key=html.index) == titles
    assert reverse("portal:remind_nominees", args=[part.pk]) in html
    assert queries[0] == queries[1]


def test_staff_find_their_desk(client: Client, db: None) -> None:
    assert "Open the programme team’s desk" in home(client, StaffFactory())


def test_home_takes_as_many_queries_for_three_sessions_as_for_six(
    client: Client, ours: Published, count_queries: Callable
) -> None:
    url = reverse("portal:home")
    client.force_login(ours.members[0].user)
    client.get(url)
    six = count_queries(lambda: client.get(url))
    ours.circle.sessions.filter(number__gt=3).delete()
    assert count_queries(lambda: client.get(url)) == six


def test_the_header_leads_to_what_is_theirs(client: Client, ours: Published, count_queries: Callable) -> None:
    me, circle = ours.members[0], reverse("portal:circle", args=[ours.circle.pk])
    part = ParticipationFactory(organisation__name="Harper Bakery")
    CoordinatorFactory(organisation=part.organisation, user=me.user)
    html = home(client, me.user).split("<main")[0]
    for words in (f'href="{circle}">Circle', ">Progress<", ">Calendar<", ">Harper Bakery<"):
        assert words in html
    assert f'href="{circle}" aria-current="page"' in client.get(circle).content.decode()
    notices = reverse("portal:notices", args=[ours.circle.pk])
    assert f'href="{circle}" aria-current="true"' in client.get(notices).content.decode()
    client.force_login(EnrolmentFactory().user)
    account = reverse("portal:account")
    first, second = (count_queries(lambda: client.get(account)) for _ in range(2))
    assert first == second + 3
    assert reverse("portal:calendar") not in client.get(account).content.decode().split("<main")[0]


class TestAccount:
    def test_it_says_who_one_is(self, client: Client, ours: Published) -> None:
        client.force_login(ours.members[0].user)
        html = client.get(reverse("portal:account")).content.decode()
        assert ours.members[0].user.email in html
        assert f"Mentee in {ours.circle.cohort.name}" in html

    def test_consent_is_withdrawn_as_easily_as_given(self, client: Client, db: None) -> None:
        user = UserFactory()
        client.force_login(user)
        url = reverse("portal:set_consent", args=["share_attendance"])
        client.post(url, {"given": "yes"})
        assert consents(user)["share_attendance"]
        client.post(url, {"given": "no"})
        assert not consents(user)["share_attendance"]
        assert ConsentEvent.objects.filter(user=user).count() == 2

    def test_what_ones_circle_sees_is_chosen_item_by_item(self, client: Client, ours: Published) -> None:
        user, url = ours.members[0].user, reverse("portal:account")
        client.force_login(user)
        for ticked, says in (
            (["share_with_circle", "share_employer"], "see your name and your employer."),
            (["share_job_title"], "Nobody sees your name"),
            ([], "Nobody sees your name"),
        ):
            html = client.post(url, {"keep_circle_sees": "yes", "circle_sees": ticked}, follow=True).content.decode()
            assert says in html
            seen = {purpose: given for purpose, given in consents(user).items() if purpose in CIRCLE_SEES}
            assert seen == {purpose: purpose in ticked for purpose in CIRCLE_SEES}
            assert html.count("checked") == len(ticked)
        client.post(url, {"keep_circle_sees": "yes", "circle_sees": ["share_with_circle"]})
        client.post(url)  # no answer to anything
        assert consents(user)["share_with_circle"]

    @pytest.mark.parametrize("purpose", ["demand", "share_with_circle", "nonsense"])
    def test_other_purposes_are_not_switched_here(self, client: Client, db: None, purpose: str) -> None:
        client.force_login(UserFactory())
        assert client.post(reverse("portal:set_consent", args=[purpose]), {"given": "yes"}).status_code == 404

    def test_looking_changes_nothing(self, client: Client, db: None) -> None:
        client.force_login(UserFactory())
        assert client.get(reverse("portal:set_consent", args=["testimonial"])).status_code == 405
        client.get(reverse("portal:account"))
        assert not ConsentEvent.objects.exists()


def test_as_many_queries_for_two_circles_as_for_one(
    client: Client, ours: Published, move_clock: Callable, count_queries: Callable
) -> None:
    person, url = ours.members[0].user, reverse("portal:home")
    second = published(dt.date(2026, 11, 1))
    move_clock(dt.date(2027, 2, 28))  # nobody gets ready any more, and no session was lately
    home(client, person)
    once = count_queries(lambda: client.get(url))
    enrolled = {"cohort": second.circle.cohort, "user": person, "created_at": second.circle.created_at}
    enrolment = EnrolmentFactory(**enrolled)
    MembershipFactory(circle=second.circle, enrolment=enrolment, seat=5)
    sessions.plan_sessions(circle=second.circle, by=None)
    html = home(client, person)
    assert html.count("circle-card-name") == 2
    assert count_queries(lambda: client.get(url)) == once == 10
