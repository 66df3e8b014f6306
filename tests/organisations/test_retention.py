"""What the privacy notice promises to forget is forgotten, no sooner and no later; that it was is written down."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts import clock
from organisations import services
from organisations.models import Demand, Interest
from organisations.tasks import erase_old
from outbox.models import Message, State
from privacy.models import AuditEvent
from tests.factories import OrganisationFactory, ParticipationFactory, StaffFactory
from tests.organisations.test_services import submission

pytestmark = pytest.mark.django_db
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)


def ask(**changes: object) -> Interest:
    return services.register_interest(data=submission(**changes))


def erased() -> set[str]:
    return set(Interest.objects.filter(contact_email="").values_list("message", flat=True))


def test_a_contact_is_kept_for_a_year_and_then_forgotten(move_clock: Callable) -> None:
    StaffFactory(role="lead")
    interest = ask(contact_name="Ann Harper", message="Call me on 0113")
    began = clock.now()

    move_clock(began + YEAR - DAY)
    erase_old()
    interest.refresh_from_db()
    assert (interest.contact_name, interest.message) == ("Ann Harper", "Call me on 0113")

    move_clock(began + YEAR + DAY)
    erase_old()
    erase_old()
    interest.refresh_from_db()
    told = (interest.contact_name, interest.contact_email, interest.contact_role, interest.message)
    assert told == ("Erased", "", "", "")
    assert interest.state == "closed"
    sent = Message.objects.about(interest).filter(recipient=None)
    assert set(sent.values_list("address", "name")) == {("", "")}
    line = AuditEvent.objects.get(verb="interest.erased", object_id=interest.pk)
    assert line.data == {"before": "new"}
    assert AuditEvent.objects.filter(verb="interest.registered", object_id=interest.pk).exists()


def test_an_answer_or_another_word_of_the_same_person_is_a_contact(move_clock: Callable) -> None:
    lead, began = StaffFactory(role="lead"), clock.now()
    answered, again, other = (
        ask(contact_email="ann@harper.example"),
        ask(contact_email="bo@harper.example"),
        ask(contact_email="cy@harper.example"),
    )
    move_clock(began + 200 * DAY)
    services.answer_interest(interest=answered, by=lead)
    ask(contact_email="Bo@Harper.example", message="Are you there?")

    move_clock(began + YEAR + DAY)
    assert services.erase_old_contacts() == 1
    assert [Interest.objects.get(pk=row.pk).contact_email == "" for row in (answered, again, other)] == [
        False,
        False,
        True,
    ]

    move_clock(began + 200 * DAY + YEAR + DAY)
    assert (services.erase_old_contacts(), services.erase_old_contacts()) == (3, 0)


def test_one_that_was_confirmed_stays_so(move_clock: Callable) -> None:
    interest = ask()
    Interest.objects.update(state="confirmed")
    move_clock(clock.now() + YEAR + DAY)
    services.erase_old_contacts()
    interest.refresh_from_db()
    assert (interest.state, interest.contact_email) == ("confirmed", "")


def test_the_team_reads_that_a_contact_was_forgotten(client: Client, move_clock: Callable) -> None:
    interest = ask()
    move_clock(clock.now() + YEAR + DAY)
    services.erase_old_contacts()
    client.force_login(StaffFactory(role="lead"))
    page = client.get(reverse("admin:organisations_interest_change", args=[interest.pk])).content.decode()
    assert "Erased, 12 months after the last contact" in page
    assert 'value="Erased"' not in client.get(reverse("admin:confirm_interest", args=[interest.pk])).content.decode()


def test_who_waits_for_their_employer_is_forgotten_after_a_year(move_clock: Callable) -> None:
    demand, began = services.record_demand(employer="Ivy", email="me@ivy.example", may_tell_employer=True), clock.now()
    move_clock(began + YEAR - DAY)
    assert services.erase_old_demand() == 0
    move_clock(began + YEAR + DAY)
    assert (services.erase_old_demand(), services.erase_old_demand()) == (1, 0)
    demand.refresh_from_db()
    assert demand.email == ""
    assert AuditEvent.objects.filter(verb="demand.erased", object_id=demand.pk).exists()
    assert Demand.objects.count() == 1


@pytest.mark.parametrize(("state", "address"), [(State.WAITING, "me@ivy.example"), (State.SENT, "")])
def test_the_address_goes_with_its_one_message_and_not_before(state: str, address: str) -> None:
    demand = services.record_demand(employer="Ivy", email="me@ivy.example", may_tell_employer=True)
    participation = ParticipationFactory(organisation=OrganisationFactory(name="Ivy"))
    services.confirm_participation(
        organisation=OrganisationFactory(name="Ivy Ltd"),
        cohort=participation.cohort,
        places={"mentee": 1, "mentor": 0},
        coordinator={"first_name": "Cy", "last_name": "Ivy", "email": "cy@ivy.example"},
        by=StaffFactory(role="lead"),
    )
    told = Message.objects.get(kind="organisations.employer_joined", object_id=demand.pk)
    Message.objects.filter(pk=told.pk).update(state=state, sent_at=clock.now())
    erase_old()
    told.refresh_from_db()
    assert told.address == address


def test_the_calendar_runs_it() -> None:
    assert erase_old.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
