"""The team writes to some of a cohort's people."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import clock
from circles.models import Announcement, Attendance
from circles.services import announcements as services
from cohorts.models import Cohort, OnboardingItem, StaffAssignment
from organisations.models import Coordinator
from outbox.delivery import deliver_all
from outbox.models import Message, State
from participants.models import OnboardingDone
from privacy.models import AuditEvent
from staff.announcements import audience
from surveys.models import Survey
from surveys.services import ensure_surveys
from tests.factories import (
    CircleFactory,
    CohortFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    SessionFactory,
    StaffFactory,
    UserFactory,
)
from tests.surveys.people import answer

pytestmark = pytest.mark.django_db

TYPED = {
    "roles": ["mentee"],
    "group": "everybody",
    "organisation": "",
    "circle": "",
    "subject": "A room for our sessions",
    "text": "We meet in **Room 2**.\r\n\r\n[See the map](https://charity.example/map)",
}


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory()


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(StaffFactory(email="morgan@charity.example"))
    return client


def draft(cohort: Cohort, **values: Any) -> Announcement:
    values = {"subject": "A room", "text": "Room 2.", "roles": ["mentee", "mentor"], "group": "everybody"} | values
    return services.write(cohort=cohort, by=StaffFactory(), **values)


def names(found: Announcement) -> set[Any]:
    return {person.user for person in audience(found).to}


# --- who gets it ----------------------------------------------------------------------------------
def test_roles_organisation_and_circle(cohort: Cohort) -> None:
    mentee, mentor = EnrolmentFactory(cohort=cohort), EnrolmentFactory(cohort=cohort, role="mentor")
    seat = MembershipFactory(circle=CircleFactory(cohort=cohort), enrolment=mentee)
    EnrolmentFactory()  # of another cohort
    assert names(draft(cohort)) == {mentee.user, mentor.user}
    assert names(draft(cohort, roles=["mentor"])) == {mentor.user}
    assert names(draft(cohort, organisation=mentor.organisation)) == {mentor.user}
    assert names(draft(cohort, circle=seat.circle)) == {mentee.user}


def test_coordinators_of_the_cohort_alone(cohort: Cohort) -> None:
    organisation = ParticipationFactory(cohort=cohort).organisation
    coordinator = CoordinatorFactory(organisation=organisation).user
    CoordinatorFactory(organisation=ParticipationFactory().organisation)
    gone = CoordinatorFactory(organisation=organisation, ended_at=clock.now()).user
    found = audience(draft(cohort, roles=["coordinator"]))
    assert [person.user for person in found.to] == [coordinator]
    assert [(person.user, person.why_not) for person in found.left_out] == [(gone, "No longer a coordinator")]


def test_who_has_not_replied_to_their_next_session(cohort: Cohort) -> None:
    circle = CircleFactory(cohort=cohort)
    silent, replied = (
        MembershipFactory(circle=circle, seat=seat, enrolment=EnrolmentFactory(cohort=cohort)).enrolment
        for seat in (1, 2)
    )
    session = SessionFactory(circle=circle)
    SessionFactory(circle=circle, number=2, starts_at=session.starts_at + dt.timedelta(days=30))
    Attendance.objects.create(session=session, enrolment=replied, reply="no")
    EnrolmentFactory(cohort=cohort)  # in no circle
    assert names(draft(cohort, group="no_reply")) == {silent.user}


def test_who_has_not_answered_the_survey_that_is_open(cohort: Cohort) -> None:
    ensure_surveys(cohort=cohort)
    circle = CircleFactory(cohort=cohort)
    handed_in, waits = (
        MembershipFactory(
            circle=circle, seat=seat, enrolment=EnrolmentFactory(cohort=cohort, completed_at=clock.now())
        ).enrolment
        for seat in (1, 2)
    )
    SessionFactory(circle=circle)
    answer(handed_in, Survey.Wave.PRE)
    assert names(draft(cohort, group="no_answer")) == {waits.user}


def test_who_waits_for_a_seat(cohort: Cohort) -> None:
    waits = EnrolmentFactory(cohort=cohort)
    MembershipFactory(circle=CircleFactory(cohort=cohort), enrolment=EnrolmentFactory(cohort=cohort))
    EnrolmentFactory(cohort=cohort, state="withdrawn")
    assert names(draft(cohort, group="waiting")) == {waits.user}


def test_who_is_not_ready_and_who_stays_away(lead: Client, cohort: Cohort) -> None:
    item = OnboardingItem.objects.create(kind="other", title="Tell your manager", cohort=cohort)
    OnboardingItem.objects.exclude(pk=item.pk).delete()
    circle = CircleFactory(cohort=cohort)
    ready, late = (
        MembershipFactory(circle=circle, seat=seat, enrolment=EnrolmentFactory(cohort=cohort)).enrolment
        for seat in (1, 2)
    )
    OnboardingDone.objects.create(item=item, enrolment=ready)
    for number, days in ((1, 60), (2, 30)):
        session = SessionFactory(circle=circle, number=number, starts_at=clock.now() - dt.timedelta(days=days))
        for one in (ready, late):
            Attendance.objects.create(session=session, enrolment=one, attended=one == late)
    assert names(draft(cohort, group="not_ready")) == {late.user}
    assert names(draft(cohort, group="absent")) == {ready.user}
    page = lead.get(reverse("admin:cohort_onboarding", args=[cohort.pk])).content.decode()
    url = f"{reverse('admin:announcement_new', args=[cohort.pk])}?group=not_ready"
    assert url in page
    assert lead.get(url).context["form"]["group"].value() == "not_ready"


def test_who_does_not_get_it_and_why(cohort: Cohort) -> None:
    left, closed = (
        EnrolmentFactory(cohort=cohort, state="withdrawn").user,
        EnrolmentFactory(cohort=cohort, user=UserFactory(is_active=False)).user,
    )
    found = audience(draft(cohort))
    assert found.to == []
    assert {(person.user, person.why_not) for person in found.left_out} == {
        (left, "Has left the cohort"), (closed, "Their account is closed"),
    }  # fmt: skip


def test_who_is_chosen_twice_is_in_it_once(cohort: Cohort) -> None:
    mentor = EnrolmentFactory(cohort=cohort, role="mentor")
    ParticipationFactory(cohort=cohort, organisation=mentor.organisation)
    CoordinatorFactory(organisation=mentor.organisation, user=mentor.user)
    found = audience(draft(cohort, roles=["mentor", "coordinator"]))
    assert len(found.chosen) == 1


@pytest.mark.parametrize("group", Announcement.Group.values)
def test_an_audience_costs_the_same_whatever_its_size(cohort: Cohort, group: str, count_queries: Callable) -> None:
    ensure_surveys(cohort=cohort)
    ParticipationFactory(cohort=cohort, organisation=OrganisationFactory())
    SessionFactory(circle=CircleFactory(cohort=cohort))
    found = draft(cohort, group=group, roles=["mentee", "mentor", "coordinator"])

    def look() -> None:
        assert all(str(person.user) and person.organisation for person in audience(found).chosen)

    EnrolmentFactory(cohort=cohort)
    look()
    once = count_queries(look)
    EnrolmentFactory.create_batch(2, cohort=cohort)
    assert count_queries(look) == once


# --- writing --------------------------------------------------------------------------------------
def test_a_draft_is_kept_shown_and_sent_to_nobody(lead: Client, cohort: Cohort) -> None:
    EnrolmentFactory(cohort=cohort, user=UserFactory(first_name="Zola"))
    response = lead.post(reverse("admin:announcement_new", args=[cohort.pk]), TYPED, follow=True)
    html = response.content.decode()
    assert "Who gets it (1)" in html
    assert "Zola" in html
    assert "See the map:\nhttps://charity.example/map" in html
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"subject": ""}, "Enter a subject."),
        ({"text": " "}, "Enter the text."),
        ({"roles": []}, "Choose who gets it."),
        ({"subject": "For Black colleagues"}, "out of the subject"),
        ({"text": "# Big"}, "Headings begin with"),
        ({"text": "[here](https://charity.example/)"}, "does not say where it leads"),
        ({"roles": ["coordinator"], "group": "no_reply"}, "Coordinators have no circle"),
    ],
)
def test_what_can_not_be_sent_is_refused_and_nothing_typed_is_lost(
    lead: Client, cohort: Cohort, values: dict, words: str
) -> None:
    typed = TYPED | values
    for url in (reverse("admin:announcement_new", args=[cohort.pk]), draft(cohort).get_absolute_url()):
        response = lead.post(url, typed)
        html = response.content.decode()
        assert "There is a problem" in html
        assert words in html
        form = response.context["form"]
        assert (form["subject"].value(), form["text"].value()) == (typed["subject"], typed["text"])


def test_braces_are_words_and_reach_nothing(cohort: Cohort) -> None:
    person = EnrolmentFactory(cohort=cohort).user
    found = draft(cohort, text="{{ cohort }} {% load ui %} {% now 'Y' %}")
    services.send(announcement=found, to=[person], by=StaffFactory())
    deliver_all()
    assert "{{ cohort }} {% load ui %} {% now 'Y' %}" in mail.outbox[0].body


# --- sending --------------------------------------------------------------------------------------
def test_it_asks_first_and_then_sends_once_to_each(lead: Client, cohort: Cohort) -> None:
    Cohort.objects.update(reply_address="cohort@comc.example")
    people = [EnrolmentFactory(cohort=cohort).user for _ in range(3)]
    found = draft(cohort)
    url = reverse("admin:announcement_send", args=[found.pk])
    assert "Send it now?" in lead.get(url).content.decode()
    assert not Message.objects.exists()
    for _ in range(2):
        lead.post(url)
    deliver_all()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(f"{p.get_full_name()} <{p.email}>" for p in people)
    assert {sent.reply_to[0] for sent in mail.outbox} == {"cohort@comc.example"}
    assert AuditEvent.objects.get(verb="announcement.sent").data == {"people": 3}


def test_a_test_goes_to_oneself_alone_and_counts_for_nothing(lead: Client, cohort: Cohort) -> None:
    EnrolmentFactory(cohort=cohort)
    found = draft(cohort)
    lead.post(reverse("admin:announcement_test", args=[found.pk]))
    deliver_all()
    (sent,) = mail.outbox
    assert "morgan@charity.example" in sent.to[0]
    found.refresh_from_db()
    assert found.state == "draft"
    lead.post(reverse("admin:announcement_send", args=[found.pk]))
    assert lead.get(reverse("admin:announcement_progress", args=[found.pk])).json()["total"] == 1


def test_what_was_sent_is_neither_changed_nor_thrown_away(lead: Client, cohort: Cohort) -> None:
    person = EnrolmentFactory(cohort=cohort).user
    found = draft(cohort)
    services.send(announcement=found, to=[person], by=StaffFactory())
    lead.post(found.get_absolute_url(), TYPED)
    lead.post(reverse("admin:announcement_discard", args=[found.pk]))
    assert Announcement.objects.get().subject == "A room"
    with pytest.raises(services.AlreadySentError):
        services.write(cohort=cohort, by=StaffFactory(), announcement=found, subject="Other")


def test_how_it_goes_is_told_by_state(lead: Client, cohort: Cohort) -> None:
    people = [EnrolmentFactory(cohort=cohort).user for _ in range(3)]
    found = draft(cohort)
    services.send(announcement=found, to=people, by=StaffFactory())
    one, two = Message.objects.all()[:2]
    Message.objects.filter(pk=one.pk).update(state=State.SENT, sent_at=clock.now())
    Message.objects.filter(pk=two.pk).update(state=State.FAILED, reason="550 No such box")
    said = lead.get(reverse("admin:announcement_progress", args=[found.pk])).json()
    assert (said["done"], said["total"], said["running"]) == (2, 3, True)
    assert said["words"] == "1 waiting to be sent, 1 sent, 1 could not be delivered"
    html = lead.get(found.get_absolute_url()).content.decode()
    assert "See how far it is" in html
    assert "550 No such box" in html


def test_who_leaves_before_it_is_sent_does_not_get_it(cohort: Cohort) -> None:
    enrolment = EnrolmentFactory(cohort=cohort)
    coordinator = CoordinatorFactory(organisation=ParticipationFactory(cohort=cohort).organisation).user
    services.send(announcement=draft(cohort), to=[enrolment.user, coordinator], by=StaffFactory())
    enrolment.state = "withdrawn"
    enrolment.save()
    Coordinator.objects.update(ended_at=clock.now())
    deliver_all()
    assert mail.outbox == []
    assert set(Message.objects.values_list("reason", flat=True)) == {"The person has left the cohort."}


def test_a_draft_is_thrown_away_after_asking(lead: Client, cohort: Cohort) -> None:
    found = draft(cohort)
    url = reverse("admin:announcement_discard", args=[found.pk])
    assert "Throw this draft away?" in lead.get(url).content.decode()
    lead.post(url)
    assert not Announcement.objects.exists()


# --- the list, and who may ------------------------------------------------------------------------
def test_the_list_is_searched_and_filtered(lead: Client, cohort: Cohort) -> None:
    draft(cohort, subject="One")
    draft(cohort, subject="Two")
    url = reverse("admin:announcements", args=[cohort.pk])
    assert [row.subject for row, _ in lead.get(url, {"q": "tw"}).context["rows"]] == ["Two"]
    assert lead.get(url, {"state": "sent"}).context["rows"] == []


def test_three_rows_take_as_many_queries_as_one(lead: Client, cohort: Cohort, count_queries: Callable) -> None:
    url = reverse("admin:announcements", args=[cohort.pk])
    circle = CircleFactory(cohort=cohort)
    draft(cohort, circle=circle, organisation=OrganisationFactory())
    lead.get(url)
    once = count_queries(lambda: lead.get(url))
    for _ in range(2):
        draft(cohort, circle=CircleFactory(cohort=cohort), organisation=OrganisationFactory())
    assert count_queries(lambda: lead.get(url)) == once


def test_names_of_those_who_have_not_answered_are_not_shown(lead: Client, cohort: Cohort) -> None:
    ensure_surveys(cohort=cohort)
    person = EnrolmentFactory(cohort=cohort, completed_at=clock.now(), user=UserFactory(first_name="Zola"))
    circle = CircleFactory(cohort=cohort)
    MembershipFactory(circle=circle, enrolment=person)
    SessionFactory(circle=circle)
    found = draft(cohort, group="no_answer")
    html = lead.get(found.get_absolute_url()).content.decode()
    assert "Who gets it (1)" in html
    assert "Zola" not in html


def test_only_the_cohorts_own_staff(client: Client, cohort: Cohort) -> None:
    found, elsewhere = draft(cohort), UserFactory(is_staff=True)
    StaffAssignment.objects.create(user=elsewhere, role="manager", cohort=CohortFactory())
    client.force_login(elsewhere)
    for name in ("announcement", "announcement_send", "announcement_discard", "announcement_progress"):
        assert client.get(reverse(f"admin:{name}", args=[found.pk])).status_code == 404
    client.force_login(StaffFactory(role="read_only"))
    assert client.get(found.get_absolute_url()).status_code == 200
    assert client.post(reverse("admin:announcement_send", args=[found.pk])).status_code == 403
