"""The team puts people forward on the word of a coordinator: the mail says so, and so does the trail."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from organisations.models import Participation
from outbox import kinds, wording
from outbox.models import Message
from participants.models import Nomination
from privacy.models import AuditEvent
from tests.factories import CoordinatorFactory, ParticipationFactory, StaffFactory

pytestmark = pytest.mark.django_db
LIST = """First name,Surname,Email,Role,Why
Nia,Osei,nia@ashdown.example,Mentee,Keen
Sam,Rees,sam@ashdown.example,Mentee,
"""


@pytest.fixture
def participation() -> Participation:
    return ParticipationFactory(places={"mentee": 2, "mentor": 1}, organisation__name="Ashdown")


def mail_to(nomination: Nomination) -> str:
    message = Message.objects.about(nomination).get()
    kind = kinds.get(message.kind)
    return wording.render(kind, kind.context(message), None).text


def test_one_person_on_the_word_of_the_coordinator(
    client: Client, participation: Participation, move_clock: Any
) -> None:
    lead = StaffFactory(role="lead")
    client.force_login(lead)
    url = reverse("admin:put_forward", args=[participation.pk])
    assert url in client.get(participation.get_absolute_url()).content.decode()
    assert "Nobody acts for them yet" in client.get(url).content.decode()
    coordinator = CoordinatorFactory(organisation=participation.organisation).user

    said = {"first_name": "Ada", "last_name": "Okafor", "email": "ada@ashdown.example", "role": "mentor", "reason": ""}
    assert "Choose who puts them forward." in client.post(url, said).content.decode()
    assert client.post(url, said | {"on_word_of": str(StaffFactory().pk)}).status_code == 200
    said["on_word_of"] = str(coordinator.pk)
    assert client.post(url, said, follow=True).status_code == 200
    made = Nomination.objects.get()
    assert (made.state, made.nominated_by, made.entered_by_team) == ("invited", coordinator, True)
    trail = AuditEvent.objects.get(verb="nomination.made")
    assert (trail.actor, trail.data["on_word_of"]) == (lead, str(coordinator.pk))
    words = mail_to(made)
    assert f"{coordinator.get_full_name()} at Ashdown has put you forward" in words
    assert "if there is one; the programme team wrote it down for them." in " ".join(words.split())
    assert "already been put forward here" in client.post(url, said).content.decode()
    move_clock(participation.cohort.recruitment_until + dt.timedelta(days=1))
    client.force_login(lead)
    assert "Nominations have closed" in client.get(url).content.decode()


def test_a_list_that_they_sent_after_a_look_at_each_row(client: Client, participation: Participation) -> None:
    client.force_login(StaffFactory(role="lead"))
    coordinator = CoordinatorFactory(organisation=participation.organisation).user
    url = reverse("admin:put_forward_list", args=[participation.pk])
    assert "Work e-mail" in client.get(url, {"template": "csv"}).content.decode()

    def sent(text: str) -> str:
        chosen = SimpleUploadedFile("list.csv", text.encode())
        return client.post(url, {"file": chosen, "on_word_of": str(coordinator.pk)}).url

    wrong = client.get(sent(LIST.replace("nia@", "nia"))).content.decode()
    assert "1 row needs correcting" in wrong
    check = sent(LIST)
    assert f"Put forward by {coordinator}." in client.get(check).content.decode()
    assert not Nomination.objects.exists()
    done = client.post(check, follow=True).content.decode()
    assert "Their list is in: 2 invited, 0 on the reserve list, 0 updated, 0 unchanged." in done
    made = list(Nomination.objects.all())
    assert {(one.nominated_by, one.entered_by_team) for one in made} == {(coordinator, True)}
    assert len(made) == Message.objects.filter(kind="participants.nominated").count() == 2
    # The same list again changes nothing; what was kept for the first is gone.
    assert client.get(check).url == url
    again = client.post(sent(LIST), follow=True).content.decode()
    assert "0 invited, 0 on the reserve list, 0 updated, 2 unchanged" in again
